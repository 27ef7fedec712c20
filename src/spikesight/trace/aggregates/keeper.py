"""Keeps the aggregates of a trace up to date while it is written: of every run of segments, then merged by fours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from spikesight.base.errors import TraceError
from spikesight.trace.aggregates import build
from spikesight.trace.aggregates.files import MERGED, Aggregate, delete, listed
from spikesight.trace.frames import Columns
from spikesight.trace.header import read_header
from spikesight.trace.manifest import Segment

RUN_ROWS: Final = 1 << 19
"""Rows of segments that are counted into one file; smaller segments are taken together until they have as many."""

LEAST_ROWS: Final = 1 << 16
"""Rows that are worth a file once the trace is closed."""

PATIENCE: Final = 8
"""Segments that may wait for the rows of their stimuli."""


class Keeper:
    """Counts what is sealed. Used by the one thread that seals, with its database connection.

    After `trouble`, such as a full disk, nothing more is counted: recording goes on without.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, segments: Iterable[Segment]) -> None:
        self._connection, self._folder = connection, folder
        self._sizes = {f"spikes/{layer.name}": layer.size for layer in read_header(folder).layers}
        self._by_table: dict[str, list[Segment]] = {}
        self._lines: dict[tuple[str, str], _Line] = {}
        self.trouble: TraceError | duckdb.Error | None = None
        for segment in segments:
            self._by_table.setdefault(segment.table, []).append(segment)
        with self._giving_up():
            self._look()

    def sealed(self, segment: Segment, columns: Columns) -> None:
        """Take note of a new segment, whose rows are `columns`."""
        self._by_table.setdefault(segment.table, []).append(segment)
        if segment.table not in self._sizes or self.trouble:
            return
        for kind in build.KINDS:
            line = self._lines.setdefault((segment.table, kind), _Line())
            line.pending.append(segment)
            if line.pending != [segment] or segment.rows < RUN_ROWS:
                continue
            with self._giving_up():
                if build.is_ready(self._place(segment.table), kind, [segment]):
                    self._count(segment.table, kind, [segment], columns)

    def work(self, *, closing: bool = False) -> None:
        """Count what has waited long enough; where the trace is `closing`, all that is worth it."""
        with self._giving_up():
            if self.trouble is not None:
                return
            if closing:
                self._look()
            for (table, kind), line in self._lines.items():
                while self.trouble is None and (run := line.next_run(LEAST_ROWS if closing else RUN_ROWS)):
                    waiting = not closing and len(line.pending) < PATIENCE
                    if waiting and not build.is_ready(self._place(table), kind, run):
                        break
                    self._count(table, kind, run)

    @contextmanager
    def _giving_up(self) -> Iterator[None]:
        try:
            yield
        except (TraceError, duckdb.Error) as trouble:
            self.trouble = trouble

    def _look(self) -> None:
        """Find out what is counted: files from the oldest segment on, without a gap, of which nothing changed."""
        for table, segments in self._by_table.items():
            if table in self._sizes:
                found = listed(self._folder, table, segments)
                for kind in build.KINDS:
                    of_kind = [one for one in found if one.kind == kind]
                    kept = build.current(self._connection, self._place(table), of_kind)
                    line = self._lines[table, kind] = _Line.of(segments, kept)
                    delete(one.path for one in of_kind if one not in line.kept)

    def _count(self, table: str, kind: str, run: Sequence[Segment], columns: Columns | None = None) -> None:
        line, place = self._lines[table, kind], self._place(table)
        del line.pending[: len(run)]
        line.add(build.counted(self._connection, place, kind, run, columns))
        while merging := line.full_rank():
            line.merge(merging, build.merged(self._connection, place, merging))

    def _place(self, table: str) -> build.Place:
        stimuli = self._by_table.get("stimuli", [])
        return build.Place(self._folder, table, self._sizes[table], self._by_table[table], stimuli)


class _Line:
    """What is counted, and not yet, of one layer and one kind: segments, then files by rank that are not merged yet."""

    def __init__(self) -> None:
        self.pending: list[Segment] = []
        self.ranks: dict[int, list[Aggregate]] = {}
        self.kept: list[Aggregate] = []

    @classmethod
    def of(cls, segments: Sequence[Segment], files: Sequence[Aggregate]) -> _Line:
        """Return the state in which `files` that count some of `segments` leave a line; `kept` are those of use."""
        line, upto = cls(), 0
        for one in sorted((one for one in files if one.rank == 0), key=lambda one: one.first):
            if upto < len(segments) and one.first == segments[upto].number:
                line.kept.append(one)
                upto = sum(segment.number <= one.last for segment in segments)
        counted = segments[upto - 1].number if upto else -1
        line.pending = list(segments[upto:])
        line.kept += [one for one in files if one.rank and one.last <= counted]
        for one in sorted(line.kept, key=lambda one: (-one.rank, one.first)):
            if not any(more.rank > one.rank and more.first <= one.first <= more.last for more in line.kept):
                line.ranks.setdefault(one.rank, []).append(one)
        return line

    def next_run(self, least: int) -> list[Segment]:
        """Return the oldest segments that wait and have `RUN_ROWS` together, or `least` at the end; else none."""
        rows, run = 0, list[Segment]()
        for segment in self.pending:
            rows, run = rows + segment.rows, [*run, segment]
            if rows >= RUN_ROWS:
                return run
        return run if rows >= least else []

    def add(self, made: Aggregate | None) -> None:
        """Take in a new file; where none could be made, nothing before is merged with anything after."""
        if made is not None:
            self.ranks.setdefault(0, []).append(made)
        else:
            self.ranks.clear()

    def full_rank(self) -> list[Aggregate]:
        """Return the files of a rank that are to be merged; none where there are too few."""
        return next((files[:MERGED] for files in self.ranks.values() if len(files) >= MERGED), [])

    def merge(self, merging: Sequence[Aggregate], made: Aggregate | None) -> None:
        """Replace `merging` by the file `made` of them."""
        rank = merging[0].rank
        del self.ranks[rank][: len(merging)]
        if made is not None:
            self.ranks.setdefault(rank + 1, []).append(made)
