"""Going back to a position of a trace: everything recorded after it is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spikesight.base.errors import TraceError
from spikesight.trace import layout
from spikesight.trace.aggregates.files import drop
from spikesight.trace.manifest import Segment, read_manifest, write_manifest
from spikesight.trace.schema import kind_of, owner_of, spikes_table
from spikesight.trace.segments import connect, select


def drop_after(folder: Path, position: int) -> dict[str, int]:
    """Keep the first `position` segments of the trace in `folder` and delete all other rows and files.

    Return the number of the next segment or snapshot by table; numbers of dropped ones are not given again, so that a
    reader that has them open cannot take new rows for old. Can be repeated after a crash.
    Errors: TraceError where the trace has fewer segments.
    """
    listed = read_manifest(folder)
    if not 0 <= position <= len(listed):
        raise TraceError(
            f"{folder} has {len(listed)} sealed segments, but is to be resumed after {position}: "
            "the trace and the checkpoint do not belong together. Start a new run"
        )
    kept, numbers = listed[:position], _next_numbers(folder)
    for _, _, path in list(layout.tails(folder)):
        path.unlink()
    drop(folder, kept)
    write_manifest(folder, kept)
    _delete_unlisted(folder, kept)
    return numbers


def _next_numbers(folder: Path) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for found in (layout.tails, layout.segments, layout.snapshots):
        for table, number, _ in found(folder):
            for one in (table, spikes_table(owner_of(table))) if kind_of(table) == "counts" else (table,):
                numbers[one] = max(numbers.get(one, 0), number + 1)
    return numbers


def _delete_unlisted(folder: Path, kept: Sequence[Segment]) -> None:
    files = {folder / segment.file for segment in kept} | _snapshots_of(folder, kept)
    for found in (layout.segments, layout.snapshots):
        for _, _, path in list(found(folder)):
            if path not in files:
                path.unlink()


def _snapshots_of(folder: Path, kept: Sequence[Segment]) -> set[Path]:
    found: set[Path] = set()
    with connect(threads=1) as connection:
        for segment in kept:
            if kind_of(segment.table) == "weights":
                files = select(connection, segment.table, [folder / segment.file], None, "SELECT file FROM rows")
                found.update(folder / segment.table / name for name in files["file"])
    return found
