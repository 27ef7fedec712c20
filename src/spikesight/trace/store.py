"""The rows of a trace on disk, sealed or not, as one table each; also while it is being written."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final

import duckdb

from spikesight.base.errors import TraceError
from spikesight.trace import layout
from spikesight.trace.frames import Columns, join
from spikesight.trace.manifest import Segment, read_manifest
from spikesight.trace.schema import kind_of, owner_of, spikes_table
from spikesight.trace.segments import Relation, ask, connect, extent
from spikesight.trace.source import Span
from spikesight.trace.tail import TailView

FARTHEST: Final = 1 << 61
"""Ticks: seventy years of nanoseconds. Differences and bins of times within it are numbers of 64 bits."""


@dataclass(frozen=True)
class _Seen:
    """One look at the folder; never changed, so that queries in other threads are not disturbed by the next look."""

    segments: Mapping[str, tuple[Segment, ...]] = field(default_factory=dict)
    tails: Mapping[str, Columns] = field(default_factory=dict)


class Store:
    """Queries over the segments and logs that the last `refresh` saw. Safe to use from several threads."""

    def __init__(self, folder: Path, database: duckdb.DuckDBPyConnection | None = None) -> None:
        """`database` is one that stores share: each of its own has threads and memory of its own."""
        self.folder = folder
        self._connection = connect() if database is None else database.cursor()
        self._looking = Lock()
        self._stamp: tuple[int, ...] = ()
        self._views: dict[Path, TailView] = {}
        self._seen = _Seen()
        self.refresh()

    def refresh(self) -> bool:
        """Look at the folder again; whether anything changed.   Errors: TraceError for a damaged manifest."""
        with self._looking:
            # Logs first: one that is sealed between the two looks is then found in the manifest, and no row is missed.
            grown = self._read_logs()
            stamp = _stamp(self.folder / layout.MANIFEST)
            if stamp == self._stamp and not grown:
                return False
            self._seen = self._look()
            self._stamp = stamp
            return True

    def tables(self) -> list[str]:
        """Return the names of the tables that have rows."""
        return sorted({*self._seen.segments, *self._seen.tails})

    def query(
        self,
        table: str,
        query: str,
        parameters: dict[str, Any] | None = None,
        *,
        t: Span | None = None,
        stim: Span | None = None,
        last: int | None = None,
        beside: str | None = None,
        skip: Container[int] = (),
    ) -> Columns:
        """Answer the SQL `query` over the relation `rows` of `table`: see `Source`.

        Sealed segments with a number in `skip` are left out.
        """
        relations = {"rows": Relation(table, *self.parts(table, t=t, stim=stim, last=last, skip=skip))}
        if beside is not None:
            relations["beside"] = Relation(beside, *self.parts(beside))
        return ask(self._connection, relations, query, parameters)

    def parts(
        self,
        table: str,
        *,
        t: Span | None = None,
        stim: Span | None = None,
        last: int | None = None,
        skip: Container[int] = (),
    ) -> tuple[list[Path], Columns | None]:
        """Return what a query of `table` reads: the segments that may hold rows of the spans, and the unsealed rows."""
        seen = self._seen
        chosen = [one for one in seen.segments.get(table, ()) if _meets(one, t, stim) and one.number not in skip]
        return [self.folder / segment.file for segment in _newest(chosen, last)], seen.tails.get(table)

    @property
    def seen(self) -> object:
        """What stands for the last look that found something: another one after every such look."""
        return self._seen

    def segments(self, table: str) -> tuple[Segment, ...]:
        """Return the sealed segments of `table` that the last look saw."""
        return self._seen.segments.get(table, ())

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor of the database, for the one who asks."""
        return self._connection.cursor()

    def extent(self) -> Span | None:
        """Return the first and the last tick of all rows; None where there are none.

        Errors: TraceError for times that no run reaches.
        """
        seen = self._seen
        spans = [(one.t_first, one.t_last) for segments in seen.segments.values() for one in segments]
        spans += [extent(columns) for columns in seen.tails.values()]
        if not spans:
            return None
        first, last = min(first for first, _ in spans), max(last for _, last in spans)
        if max(-first, last) > FARTHEST:
            raise TraceError(
                f"{self.folder} has times that no run reaches (ticks {first} to {last}): "
                "`spikesight trace check --deep` says where, and `spikesight trace repair` goes on without them"
            )
        return first, last

    def close(self) -> None:
        """Close the database connection."""
        self._connection.close()

    def _read_logs(self) -> bool:
        present = {path: (table, number) for table, number, path in layout.tails(self.folder)}
        self._views = {path: self._views.get(path) or TailView(*owner, path) for path, owner in present.items()}
        return sum(_read(view) for view in self._views.values()) > 0

    def _look(self) -> _Seen:
        by_table: dict[str, list[Segment]] = {}
        for segment in read_manifest(self.folder):
            by_table.setdefault(segment.table, []).append(segment)
        # Spikes that were counted when they were sealed have the numbers of their logs, in another table.
        sealed = {(table, one.number) for table, segments in by_table.items() for one in segments}
        sealed |= {(spikes_table(owner_of(table)), number) for table, number in sealed if kind_of(table) == "counts"}
        pieces: dict[str, list[Columns]] = {}
        for view in self._views.values():
            if view.rows and (view.table, view.number) not in sealed:
                pieces.setdefault(view.table, []).append(view.columns)
        tails = {table: some[0] if len(some) == 1 else join(table, some) for table, some in pieces.items()}
        return _Seen({table: tuple(segments) for table, segments in by_table.items()}, tails)


def _read(view: TailView) -> bool:
    try:
        return view.refresh()
    except FileNotFoundError:  # sealed since the folder was listed, so the manifest has its rows
        return False


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        facts = path.stat()
    except FileNotFoundError:
        return ()
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _meets(segment: Segment, t: Span | None, stim: Span | None) -> bool:
    in_time = t is None or (segment.t_first <= t[1] and segment.t_last >= t[0])
    if stim is None or segment.stim_first is None or segment.stim_last is None:
        return in_time
    return in_time and segment.stim_first <= stim[1] and segment.stim_last >= stim[0]


def _newest(segments: list[Segment], rows: int | None) -> list[Segment]:
    """Return those of `segments` that may hold the last `rows` rows by time, in whatever order they were sealed."""
    if rows is None:
        return segments
    for one in sorted(segments, key=lambda one: one.t_first, reverse=True):
        rows -= one.rows
        if rows <= 0:
            return [other for other in segments if other.t_last >= one.t_first]
    return segments
