"""Answers from aggregates: what they know of a question, and of which segments; the rest is counted from rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np

from spikesight.base.errors import TraceError
from spikesight.trace.aggregates import activity, by_class
from spikesight.trace.aggregates.build import stimuli_of
from spikesight.trace.aggregates.files import Aggregate, is_whole, listed, stamp_of
from spikesight.trace.aggregates.labels import count_in
from spikesight.trace.frames import Columns
from spikesight.trace.grids import Grid
from spikesight.trace.layout import literal
from spikesight.trace.manifest import Segment
from spikesight.trace.store import Store
from spikesight.trace.windows import Window


class Gone(TraceError):
    """An aggregate went away, or was overwritten, since it was listed."""


class Known(NamedTuple):
    """What aggregates say: rows of counts, of the segments with these `numbers`; the others are still to be counted.

    Several rows may speak of one place: adding them up where they are used is faster than grouping them.
    """

    rows: Columns
    numbers: frozenset[int]


class Aggregates:
    """The aggregates of the trace that `store` reads. Safe to use from several threads.

    Errors of every question: Gone, and then the answer must come from the rows.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._whole: dict[Path, bool] = {}
        self._known: dict[str, tuple[int, tuple[Segment, ...], list[Aggregate]]] = {}

    def inside(self, table: str, window: Window) -> tuple[int, frozenset[int]]:
        """Return how many rows the segments have that lie wholly in `window`, and their numbers."""
        chosen = [
            one for one in self._store.segments(table) if window.first <= one.t_first and one.t_last < window.stop
        ]
        return sum(one.rows for one in chosen), frozenset(one.number for one in chosen)

    def estimate(self, table: str, window: Window) -> int:
        """Return about how many sealed rows lie in `window`, as if those of a segment lay evenly in its time."""
        return sum(one.rows * _common_ticks(one, window) // _ticks(one) for one in self._store.segments(table))

    def finest(self, table: str, window: Window) -> int:
        """Return the width in ticks of the finest bins that all of `window` was counted in; 0 where it was not."""
        numbers = np.sort(
            np.array([one.number for one in self._store.segments(table) if _meets(one, window)], np.int64)
        )
        lowest = (one for one in self._listed(table) if one.kind == activity.KIND and one.rank == 0)
        return max((one.width for one in lowest if count_in(numbers, (one.first, one.last))), default=0)

    def by_time(self, table: str, size: int, grid: Grid, rows: int) -> Known:
        """Return what is known of the cells of a raster of a layer of `size` units: columns cell, spikes."""
        groups, nested = activity.groups_of(size), activity.nesting(grid.first, grid.width)
        if not nested or (size > activity.GROUPS and groups % rows):
            return _nothing()
        window = Window(grid.first, grid.end)
        segments = [one for one in self._store.segments(table) if _meets(one, window)]
        files = self._cover(table, activity.KIND, segments, lambda one: one.width <= nested)
        stored: dict[int, list[str]] = {}
        for one in files:
            stored.setdefault(activity.stored_width(one.width, nested), []).append(literal(one.path))
        parts = " UNION ALL ".join(
            f"SELECT grp, t, spikes FROM read_parquet($files_{width}) WHERE width = {width}" for width in stored
        )
        query = f"""SELECT (grp::BIGINT * $rows // $groups) * $bins + (t - $first) // $width AS cell, spikes
                    FROM ({parts}) WHERE t >= $first AND t < $stop AND spikes > 0"""
        values = {"rows": rows, "groups": groups, "bins": grid.bins, "width": grid.width}
        values |= {"first": grid.first, "stop": grid.end}
        return self._ask(
            table, files, query, {**values, **{f"files_{width}": paths for width, paths in stored.items()}}
        )

    def by_class(self, table: str, stimuli: np.ndarray, first: int, width: int, stop: int) -> Known:
        """Return what is known of spikes by class in blocks of `width` stimuli from `first` to `stop` - 1.

        `stimuli` are the numbers, ascending, of those that have a row. Columns block (from 0), class, unit, spikes. One
        block that holds them all is answered by every file, others by those whose blocks fill them.
        """
        whole = len(stimuli) > 0 and first <= stimuli[0] and stimuli[-1] < stop <= first + width
        nested = by_class.nesting(first, width)
        segments = self._store.segments(table)

        def usable(one: Aggregate) -> bool:
            if not whole and one.width > nested:
                return False
            counted = [segment for segment in segments if one.first <= segment.number <= one.last]
            return count_in(stimuli, stimuli_of(counted)) == one.known

        if not whole and not nested:
            return _nothing()
        meets = [one for one in segments if (one.stim_first or 0) < stop and (one.stim_last or 0) >= first]
        files = self._cover(table, by_class.KIND, meets, usable)
        place, inside = ("0", "") if whole else ("(stim - $first) // $width", "stim >= $first AND stim < $stop AND")
        query = f"""SELECT {place} AS block, class, unit, spikes
                    FROM read_parquet($files) WHERE {inside} class >= 0"""
        values: dict[str, Any] = {} if whole else {"first": first, "width": width, "stop": stop}
        return self._ask(table, files, query, {**values, "files": [literal(one.path) for one in files]})

    def by_unit(self, table: str, window: Window) -> Known:
        """Return what is known of the spikes of every unit in `window`: columns unit, spikes."""
        segments = self._store.segments(table)
        numbers = self.inside(table, window)[1]
        inside = [one for one in segments if one.number in numbers]

        def usable(one: Aggregate) -> bool:
            return all(segment.number in numbers for segment in segments if one.first <= segment.number <= one.last)

        files = self._cover(table, by_class.KIND, inside, usable)
        query = "SELECT unit, sum(spikes)::BIGINT AS spikes FROM read_parquet($files) GROUP BY unit"
        return self._ask(table, files, query, {"files": [literal(one.path) for one in files]})

    def _cover(
        self, table: str, kind: str, segments: Sequence[Segment], usable: Callable[[Aggregate], bool]
    ) -> list[Aggregate]:
        """Choose files that count some of `segments`, none of these twice, those that count many first."""
        wanted, chosen = np.sort(np.array([one.number for one in segments], dtype=np.int64)), list[Aggregate]()
        candidates = (one for one in self._listed(table) if one.kind == kind)
        for one in sorted(candidates, key=lambda one: -one.rank):
            taken = any(more.first <= one.last and one.first <= more.last for more in chosen)
            if not taken and count_in(wanted, (one.first, one.last)) and usable(one) and self._is_whole(one):
                chosen.append(one)
        return chosen

    def _listed(self, table: str) -> list[Aggregate]:
        segments, stamp = self._store.segments(table), stamp_of(self._store.folder, table)
        known = self._known.get(table)
        if known is None or known[0] != stamp or known[1] is not segments:
            known = self._known[table] = (stamp, segments, listed(self._store.folder, table, segments))
        return known[2]

    def _is_whole(self, one: Aggregate) -> bool:
        if one.path not in self._whole:
            self._whole[one.path] = is_whole(one)
        return self._whole[one.path]

    def _ask(self, table: str, files: Sequence[Aggregate], query: str, values: dict[str, Any]) -> Known:
        if not files:
            return _nothing()
        numbers = frozenset(
            segment.number
            for segment in self._store.segments(table)
            if any(one.first <= segment.number <= one.last for one in files)
        )
        try:
            with closing(self._store.cursor()) as cursor:
                return Known(dict(cursor.execute(query, values).fetchnumpy()), numbers)
        except duckdb.Error as error:
            raise Gone(f"an aggregate of {table} cannot be read: {error}") from error


def _meets(one: Segment, window: Window) -> bool:
    return one.t_first < window.stop and one.t_last >= window.first


def _ticks(one: Segment) -> int:
    return one.t_last - one.t_first + 1


def _common_ticks(one: Segment, window: Window) -> int:
    return max(0, min(one.t_last + 1, window.stop) - max(one.t_first, window.first))


def _nothing() -> Known:
    return Known({}, frozenset())
