"""Files in the folder of a trace that no list tells of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from spikesight.base.errors import TraceError
from spikesight.trace import layout
from spikesight.trace.aggregates.files import FOLDER
from spikesight.trace.maintenance.examine import log_file
from spikesight.trace.maintenance.findings import LOST, REPAIR, Finding
from spikesight.trace.maintenance.tables import sealed_as
from spikesight.trace.manifest import Segment
from spikesight.trace.schema import Header, kind_of
from spikesight.trace.segments import select


def findings(
    connection: duckdb.DuckDBPyConnection, folder: Path, header: Header, segments: Sequence[Segment]
) -> Iterator[Finding]:
    """Yield what in `folder` is no part of the trace that lists `segments` and that nobody is writing."""
    for path in unlisted_segments(folder, header, segments):
        yield Finding(_place(folder, path), "the manifest does not list it, so its rows do not count", REPAIR)
    for path in unused_snapshots(connection, folder, header, segments):
        yield Finding(_place(folder, path), "no row tells of it: its writer ended before it could say so", REPAIR)
    for path in temporaries(folder):
        yield Finding(_place(folder, path), "left over: it was being written when its writer ended", REPAIR)
    for path in strangers(folder):
        yield Finding(_place(folder, path), "it is no file of a trace", "move it elsewhere if it is of use")


def unlisted_segments(folder: Path, header: Header, segments: Sequence[Segment]) -> list[Path]:
    """Return the segment files that `segments` do not list and no log will replace."""
    listed = {folder / segment.file for segment in segments}
    waiting = {(sealed_as(table, header), number) for table, number, _ in layout.tails(folder)}
    found = layout.segments(folder)
    return [path for table, number, path in found if path not in listed and (table, number) not in waiting]


def unused_snapshots(
    connection: duckdb.DuckDBPyConnection, folder: Path, header: Header, segments: Sequence[Segment]
) -> list[Path]:
    """Return the weight snapshots that no row tells of, sealed or not; none where a row may be out of sight."""
    used: set[Path] = set()
    for segment in segments:
        if kind_of(segment.table) == "weights":
            try:
                rows = select(connection, segment.table, [folder / segment.file], None, "SELECT file FROM rows")
            except TraceError:
                return []
            used.update(folder / segment.table / str(name) for name in rows["file"])
    for table, _, path in layout.tails(folder):
        if kind_of(table) == "weights":
            with suppress(TraceError):
                used.update(folder / table / str(name) for name in log_file(table, header, path)[0]["file"])
    return [path for _, _, path in layout.snapshots(folder) if path not in used]


def temporaries(folder: Path) -> list[Path]:
    """Return the files that were being written when their writer ended."""
    return [path for path in sorted(folder.rglob(".*.tmp")) if path.is_file()]


def strangers(folder: Path) -> list[Path]:
    """Return the files that are none of a trace's."""
    known = {folder / layout.HEADER, folder / layout.MANIFEST, *temporaries(folder)}
    for found in (layout.tails, layout.segments, layout.snapshots):
        known.update(path for _, _, path in found(folder))
    own = (LOST, FOLDER)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink()]
    return [path for path in files if path not in known and path.relative_to(folder).parts[0] not in own]


def _place(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()
