"""Is a trace whole? All that can be found out without knowing what the network did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from spikesight.base.errors import TraceError
from spikesight.base.progress import SILENT, Progress
from spikesight.trace import layout
from spikesight.trace.frames import Columns, rows_of
from spikesight.trace.header import read_header
from spikesight.trace.lock import is_being_written
from spikesight.trace.maintenance import counts, strays
from spikesight.trace.maintenance.examine import log_file, segment_file, snapshot_file, wrong_with_stimuli
from spikesight.trace.maintenance.findings import COPY, GO_ON, REPAIR, Finding
from spikesight.trace.maintenance.opened import trace_folder
from spikesight.trace.maintenance.tables import sealed_as
from spikesight.trace.manifest import Segment, examine_manifest
from spikesight.trace.schema import Header
from spikesight.trace.segments import connect, select

FACTS: Final = ("rows", "t_first", "t_last", "stim_first", "stim_last")
"""What the manifest says of a segment and its file tells too."""


def check(folder: Path, *, deep: bool = False, progress: Progress = SILENT) -> list[Finding]:
    """Return what is wrong with the trace in `folder`, which may be the folder of its run; nothing where all is well.

    With `deep` every row, weight and count is read; otherwise what the files say of themselves. While a process writes
    the trace, what is on its way (logs, files not listed yet) is left out. `progress` takes a step for each segment.
    Whatever is broken is a finding, not an error.
    """
    folder = trace_folder(folder)
    try:
        header = read_header(folder)
    except TraceError as error:
        return [Finding(layout.HEADER, str(error), COPY)]
    with connect(threads=1) as connection:
        return list(_findings(_Looked(folder, header, connection, deep), progress))


def steps(folder: Path) -> int:
    """Return how many steps `check` takes: the segment files."""
    return sum(1 for _ in layout.segments(trace_folder(folder)))


@dataclass(frozen=True)
class _Looked:
    """A trace under examination, and which of its segments turned out to be sound."""

    folder: Path
    header: Header
    connection: duckdb.DuckDBPyConnection
    deep: bool
    sound: list[Segment] = field(default_factory=list)

    def rows(self, table: str, query: str) -> Columns:
        """Answer `query` over the sound segments of `table`."""
        files = [self.folder / segment.file for segment in self.sound if segment.table == table]
        return select(self.connection, table, files, None, query)


def _findings(looked: _Looked, progress: Progress) -> Iterator[Finding]:
    live = is_being_written(looked.folder)
    try:
        listed, wrong = examine_manifest(looked.folder)
    except TraceError as error:
        todo = f"{COPY}, or let `spikesight trace repair` list the files again"
        yield Finding(layout.MANIFEST, str(error), todo)
        return
    yield from (Finding(layout.MANIFEST, str(error), REPAIR) for error in wrong)
    if not live and (looked.folder / layout.MANIFEST).read_bytes()[-1:] not in (b"\n", b""):
        yield Finding(layout.MANIFEST, "its last line is torn, and counts for nothing", REPAIR)
    yield from _doubles(listed)
    for segment in listed:
        found = list(_wrong_with(looked, segment))
        looked.sound.extend([] if found else [segment])
        yield from found
        progress.advance(1)
    yield from _wrong_with_stimuli(looked)
    yield from _wrong_with_snapshots(looked)
    if not live:
        yield from _wrong_with_logs(looked, listed)
        yield from counts.findings(looked.connection, looked.folder, listed, deep=looked.deep)
        yield from strays.findings(looked.connection, looked.folder, looked.header, listed)


def _doubles(listed: Sequence[Segment]) -> Iterator[Finding]:
    for file, times in Counter(segment.file for segment in listed).items():
        if times > 1:
            yield Finding(file, f"the manifest lists it {times} times, so its rows count {times} times", REPAIR)


def _wrong_with(looked: _Looked, line: Segment) -> Iterator[Finding]:
    try:
        held = segment_file(looked.connection, looked.folder, looked.header, line.table, line.file, deep=looked.deep)
    except TraceError as error:
        yield Finding(line.file, str(error), GO_ON)
        return
    if line.rows == held.rows == 0:
        return  # its rows were lost, and it keeps its place
    for fact in FACTS:
        said, has = getattr(line, fact), getattr(held, fact)
        if said != has:
            yield Finding(line.file, f"the manifest says {fact} {said}, the file has {has}", REPAIR)


def _wrong_with_stimuli(looked: _Looked) -> Iterator[Finding]:
    rows = looked.rows("stimuli", "SELECT * FROM rows ORDER BY stim, t_start")
    for what in wrong_with_stimuli(rows, looked.header.classes):
        yield Finding("stimuli", what, "nothing mends this: see what recorded them")


def _wrong_with_snapshots(looked: _Looked) -> Iterator[Finding]:
    for projection in looked.header.projections:
        table = f"weights/{projection.name}"
        for name in looked.rows(table, "SELECT file FROM rows ORDER BY file")["file"]:
            try:
                snapshot_file(layout.snapshot_path(looked.folder, table, str(name)), projection, deep=looked.deep)
            except TraceError as error:
                todo = f"{COPY}; what is known of it without the weights (mean, histogram) is still there"
                yield Finding(f"{table}/{name}", str(error), todo)


def _wrong_with_logs(looked: _Looked, listed: Sequence[Segment]) -> Iterator[Finding]:
    sealed = {(segment.table, segment.number) for segment in listed}
    for table, number, path in layout.tails(looked.folder):
        where = path.relative_to(looked.folder).as_posix()
        if (sealed_as(table, looked.header), number) in sealed:
            yield Finding(where, "left over: its rows are sealed, and it is not read", REPAIR)
            continue
        try:
            columns, torn = log_file(table, looked.header, path)
        except TraceError as error:
            yield Finding(where, str(error), GO_ON)
            continue
        if torn:
            yield Finding(where, f"its last {torn} bytes are no whole batch, and are not read", REPAIR)
        if rows := rows_of(columns):
            yield Finding(where, f"{rows} rows are not sealed, though nobody writes; they are read", REPAIR)
        elif not torn:
            yield Finding(where, "left over: it is empty", REPAIR)
