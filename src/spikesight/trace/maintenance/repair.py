"""Mending a trace that was damaged: what can be read counts again, what cannot is set aside, and all of it is told."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import duckdb

from spikesight.base.atomic import storage
from spikesight.base.errors import TraceError
from spikesight.base.progress import SILENT, Progress
from spikesight.trace import layout
from spikesight.trace.aggregates.files import FOLDER as AGGREGATES
from spikesight.trace.aggregates.files import is_whole
from spikesight.trace.aggregates.keeper import Keeper
from spikesight.trace.counted import counted
from spikesight.trace.frames import rows_of
from spikesight.trace.header import read_format_version, read_header, write_header
from spikesight.trace.lock import only_writer
from spikesight.trace.maintenance import counts, strays
from spikesight.trace.maintenance.examine import log_file, segment_file
from spikesight.trace.maintenance.findings import LOST
from spikesight.trace.maintenance.opened import trace_folder
from spikesight.trace.maintenance.tables import belongs, logged_as, sealed_as
from spikesight.trace.manifest import Segment, examine_manifest, write_manifest
from spikesight.trace.migration import FORMAT_VERSION
from spikesight.trace.schema import Header
from spikesight.trace.segments import connect, write_empty_segment, write_segment
from spikesight.trace.store import FARTHEST


@dataclass
class Repaired:
    """What was done; what was lost for good; and whether the places that checkpoints name in the manifest still fit."""

    done: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    places_fit: bool = True


def repair(folder: Path, *, progress: Progress = SILENT) -> Repaired:
    """Mend the trace in `folder`, which may be the folder of its run, as far as that is possible.

    Rows in logs are sealed; a segment that cannot be read leaves an empty one in its place; the manifest says what the
    files hold, and is made from them where it is gone; files that are of no use move to `lost/` inside the trace;
    aggregates are counted again; an older format becomes the present one. It can be repeated after a crash, and a
    trace without damage stays as it is. `progress` takes a step for each segment and log (`steps`).
    Errors: TraceError where the header is damaged, another process is writing the trace, or it has links; StorageFull.
    """
    folder = trace_folder(folder)
    with only_writer(folder), connect(threads=1) as connection:
        _refuse_links(folder)
        with storage(folder, TraceError):
            return _Repair(folder, read_header(folder), connection, progress).all()


def steps(folder: Path) -> int:
    """Return how many steps `repair` takes."""
    folder = trace_folder(folder)
    return sum(1 for found in (layout.segments, layout.tails) for _ in found(folder))


def _refuse_links(folder: Path) -> None:
    for root, folders, _ in os.walk(folder):
        for name in folders:
            if (Path(root) / name).is_symlink():
                raise TraceError(f"{Path(root) / name} is a link; what it leads to is not mended: put the folder there")


class _Repair:
    """One repair, step by step."""

    def __init__(self, folder: Path, header: Header, connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
        self.folder, self.header, self.connection, self.progress = folder, header, connection, progress
        self.told = Repaired()

    def all(self) -> Repaired:
        """Do everything. Until the manifest is replaced, the old one says what it said, and every log is there."""
        for path in strays.temporaries(self.folder):
            path.unlink()
            self._did(path, "was being written when its writer ended: deleted")
        before, sound = self._read_manifest()
        lines = self._sealed(self._listed_again(self._mended(before), sound))
        if lines != before or not sound:
            write_manifest(self.folder, lines)
        for table, number, path in list(layout.tails(self.folder)):
            if (sealed_as(table, self.header), number) in {(line.table, line.number) for line in lines}:
                path.unlink()
        for path in strays.unused_snapshots(self.connection, self.folder, self.header, lines):
            self._set_aside(path, "no row tells of it")
        self._count_again(lines)
        self._upgrade()
        return self.told

    def _read_manifest(self) -> tuple[list[Segment], bool]:
        """Return the lines that can be read, and whether those are all that there were."""
        path = self.folder / layout.MANIFEST
        if not path.exists():
            self._did(path, "was gone: made from the files that are there, in the order they were written")
            self.told.places_fit = False
            return [], False
        listed, wrong = examine_manifest(self.folder)
        for error in wrong:
            self._did(path, f"dropped a line ({error})")
            self.told.places_fit = False
        torn = not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
        if torn:
            self._did(path, "dropped a torn last line; of what else it told, only files that are there are known")
        return listed, not wrong and not torn

    def _mended(self, listed: Sequence[Segment]) -> list[Segment]:
        """Return a line for each of `listed`, in its place; none for what the manifest should not have."""
        lines: dict[str, Segment] = {}
        for line in listed:
            self.progress.advance(1)
            if line.file in lines or not belongs(line.table, self.header):
                why = "listed twice" if line.file in lines else "the header knows no such layer or projection"
                self._did(self.folder / line.file, f"dropped its line in the manifest: {why}")
                self.told.places_fit = False
                continue
            try:
                held = segment_file(self.connection, self.folder, self.header, line.table, line.file, deep=True)
                lines[line.file] = self._as_held(line, held)
            except TraceError as error:
                lines[line.file] = self._replaced(line, error)
        return list(lines.values())

    def _as_held(self, line: Segment, held: Segment) -> Segment:
        if not held.rows:
            if line.rows:
                self._lost(self.folder / line.file, f"{line.rows} rows: it is empty")
            return replace(line, rows=0)
        if held != line:
            self._did(self.folder / line.file, "the manifest says now what it holds")
        return held

    def _replaced(self, line: Segment, error: TraceError) -> Segment:
        path, logged = self.folder / line.file, logged_as(line.table)
        log = layout.tail_path(self.folder, logged, line.number)
        if path.exists():
            self._set_aside(path, str(error))
        if log.exists() and (again := self._seal(logged, line.number, log)) is not None:
            return again
        self._lost(path, f"{line.rows} rows of '{line.table}', ticks {line.t_first} to {line.t_last}: {error}")
        reached = max(-line.t_first, line.t_last) <= FARTHEST
        return write_empty_segment(
            self.connection, self.folder, line if reached else replace(line, t_first=0, t_last=0)
        )

    def _listed_again(self, lines: Sequence[Segment], sound: bool) -> list[Segment]:
        """Return `lines` and those of sound files that none of them lists, oldest first.

        Where the manifest was sound, a file whose ticks lie among listed ones was dropped on purpose.
        """
        found = sorted(
            strays.unlisted_segments(self.folder, self.header, lines), key=lambda path: (path.stat().st_mtime_ns, path)
        )
        more: list[Segment] = []
        for path in found:
            self.progress.advance(1)
            file = path.relative_to(self.folder).as_posix()
            try:
                held = segment_file(self.connection, self.folder, self.header, file.rpartition("/")[0], file, deep=True)
            except TraceError as error:
                self._lost(path, f"the manifest did not list it: {error}")
                self._set_aside(path, str(error))
                continue
            if not held.rows or (sound and any(_overlap(held, line) for line in lines)):
                self._set_aside(path, "the manifest did not list it, and other rows are in its place")
                continue
            self._did(path, f"listed again: {held.rows} rows")
            more.append(held)
        return [*lines, *more]

    def _sealed(self, lines: Sequence[Segment]) -> list[Segment]:
        """Return `lines` and those of the segments that logs became which are not sealed yet."""
        sealed = {(line.table, line.number) for line in lines}
        more = []
        for table, number, path in list(layout.tails(self.folder)):
            self.progress.advance(1)
            if (sealed_as(table, self.header), number) in sealed:
                self._did(path, "left over, its rows are sealed: deleted")
            elif (line := self._seal(table, number, path)) is not None:
                more.append(line)
        return [*lines, *more]

    def _seal(self, table: str, number: int, path: Path) -> Segment | None:
        try:
            columns, torn = log_file(table, self.header, path)
        except TraceError as error:
            self._lost(path, f"what was not sealed of '{table}': {error}")
            self._set_aside(path, str(error))
            return None
        line = None
        if rows := rows_of(columns):
            target = sealed_as(table, self.header)
            if target != table:
                columns = counted(columns, self.header.layer(table.partition("/")[2]).size)
            line = write_segment(self.connection, self.folder, target, number, columns)
            self._did(path, f"sealed {rows} rows of '{table}'")
        if torn:
            self._set_aside(path, f"its last {torn} bytes are no whole batch")
        elif not rows:
            path.unlink()
            self._did(path, "left over and empty: deleted")
        return line

    def _count_again(self, lines: Sequence[Segment]) -> None:
        for path, one in list(counts.aggregates(self.folder, lines)):
            if one is None or not is_whole(one):
                path.unlink()
                self._did(path, "counted what is not there any more, or was damaged: deleted")
        before = {path for path, _ in counts.aggregates(self.folder, lines)}
        keeper = Keeper(self.connection, self.folder, lines)
        keeper.work(closing=True)
        if keeper.trouble is not None:
            self._did(self.folder / AGGREGATES, f"not all could be counted: {keeper.trouble}")
        for path in sorted({path for path, _ in counts.aggregates(self.folder, lines)} - before):
            self._did(path, "counted")

    def _upgrade(self) -> None:
        version = read_format_version(self.folder)
        if version != FORMAT_VERSION:
            # Last, since this ends the lock: that was on the header as it was.
            write_header(self.folder, self.header)
            self._did(self.folder / layout.HEADER, f"format version {version} became {FORMAT_VERSION}")

    def _set_aside(self, path: Path, why: str) -> None:
        target = self.folder / LOST / path.relative_to(self.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        free = next(one for number in count(1) if not (one := target.with_name(f"{number}-{target.name}")).exists())
        path.replace(free)
        self._did(path, f"moved to {free.relative_to(self.folder).as_posix()}: {why}")

    def _did(self, path: Path, what: str) -> None:
        self.told.done.append(f"{path.relative_to(self.folder).as_posix()}: {what}")

    def _lost(self, path: Path, what: str) -> None:
        self.told.lost.append(f"{path.relative_to(self.folder).as_posix()}: {what}")


def _overlap(one: Segment, other: Segment) -> bool:
    """Whether two segments of a table share more than a tick at which one ends and the other begins."""
    return one.table == other.table and one.t_first < other.t_last and other.t_first < one.t_last
