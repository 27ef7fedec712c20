"""Counting a whole trace anew: after a repair, an import or a merge."""

from __future__ import annotations

from pathlib import Path

from spikesight.base.errors import TraceError
from spikesight.trace.aggregates.files import drop
from spikesight.trace.aggregates.keeper import Keeper
from spikesight.trace.manifest import read_manifest
from spikesight.trace.segments import connect


def rebuild_aggregates(folder: Path) -> None:
    """Delete the aggregates of the trace in `folder` and count its sealed segments again.

    For who holds the lock of `only_writer`. Errors: StorageFull, TraceError where a segment is gone or damaged.
    """
    drop(folder, ())
    with connect(threads=1) as connection:
        keeper = Keeper(connection, folder, read_manifest(folder))
        keeper.work(closing=True)
        if keeper.trouble is not None:
            raise TraceError(f"the spikes in {folder} were not all counted: {keeper.trouble}") from keeper.trouble
