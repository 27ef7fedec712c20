"""Counting spikes without listing them: in windows, on grids, by unit and by class."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.aggregates import activity, by_class
from spikesight.trace.aggregates.reading import Aggregates, Gone, Known
from spikesight.trace.cells import add_to_cells, empty_cells
from spikesight.trace.classes import ClassBlocks, ClassCounts, Shown, known_classes, shown, stimulus_window, times_shown
from spikesight.trace.frames import Columns, rows_of
from spikesight.trace.grids import Grid, covering_grid
from spikesight.trace.recent import Recent
from spikesight.trace.schema import Header, counts_table, spikes_table
from spikesight.trace.source import Source
from spikesight.trace.store import Store
from spikesight.trace.windows import EVER, Window

MANY: Final = 1 << 19
"""Spikes that are counted one by one at once; of more, those that were counted while they were recorded are used."""

VERY_MANY: Final = 1 << 24
FEW_BLOCKS: Final = 8
"""Of so many spikes, blocks of stimuli are sixteen times as long, where that leaves a few of them."""

_NOTHING: Final = Known({}, frozenset())

# Each is asked of rows, which are counted, and of counts, which are added up. {0} is that, {1} which counts.
_ALL: Final = "SELECT {0}::BIGINT AS spikes FROM rows WHERE {1} t >= $first AND t < $stop"

_CELLS: Final = """
    SELECT (unit::BIGINT * $rows // $size) * $bins + (t - $first) // $width AS cell, {0}::BIGINT AS spikes
    FROM rows WHERE {1} t >= $first AND t < $stop GROUP BY cell"""

_UNITS: Final = "SELECT unit, {0}::BIGINT AS spikes FROM rows WHERE {1} t >= $first AND t < $stop GROUP BY unit"

_STIMULI: Final = """
    SELECT (stim - $first)::BIGINT * $size + unit AS cell, {0}::BIGINT AS spikes
    FROM rows WHERE {1} stim >= $first AND stim < $stop GROUP BY cell"""

_BY_CLASS: Final = """
    SELECT (stim - $first) // $width AS block, label AS class, unit, {0}::BIGINT AS spikes FROM rows
    JOIN (SELECT stim AS shown, max(label) AS label FROM beside WHERE label >= 0 GROUP BY stim) ON stim = shown
    WHERE {1} stim >= $first AND stim < $stop GROUP BY block, class, unit"""


class Counts:
    """Numbers of spikes of the layers of a trace, asked of its `source`.   Errors: as those of `Trace`.

    A source on this machine has aggregates beside its rows. They are only faster: a cluster gives the same answers.
    """

    def __init__(self, header: Header, source: Source) -> None:
        self._header, self._source = header, source
        self._aggregates = Aggregates(source) if isinstance(source, Store) else None
        self._recent = Recent(source, self._aggregates) if isinstance(source, Store) and self._aggregates else None

    def count(self, layer: str, window: Window) -> int:
        """Return the number of spikes of `layer` in `window`."""
        table = self._table(layer)
        known, numbers = self._aggregates.inside(table, window) if self._aggregates else (0, frozenset[int]())
        if not numbers and self._recent and self._header.layer(layer).recorded.rows:
            rows = self._recent.read(table, window)
            if rows is not None:
                return rows_of(rows)
        rest = self._rest(table, _ALL.format("count(*)", ""), _ends(window), numbers, t=window.span)
        query = _ALL.format("coalesce(sum(spikes), 0)", "width > 0 AND")
        counted = self._counted(layer, query, _ends(window), t=window.span)
        return known + sum(int(found["spikes"][0]) for found in (rest, counted) if found)

    def grid(self, layer: str, window: Window, bins: int) -> Grid:
        """Return the finest grid of at most `bins` + 1 bins over `window` that `raster_on` answers fast."""
        wanted, unit = math.ceil(window.ticks / bins), self._finest(layer)
        if unit == 0:
            if 2 * wanted < activity.BASE or not self._are_many(layer, window):
                return covering_grid(window.first, window.stop, bins)
            unit = activity.coarsest_within(max(wanted, activity.BASE))
            # Few files have bins that fine where the window holds few segments: theirs will do, if not twice too wide.
            finest = self._aggregates.finest(self._table(layer), window) if self._aggregates else 0
            unit = max(unit, finest) if finest <= 2 * wanted else unit
        return covering_grid(window.first, window.stop, bins, least_width=math.ceil(wanted / unit) * unit)

    def raster_on(self, layer: str, grid: Grid, rows: int | None) -> np.ndarray:
        """Return the spikes of `layer` in each bin of `grid`, by groups of units: (rows, bins) uint32."""
        table, size = self._table(layer), self._header.layer(layer).size
        rows = size if rows is None else rows
        if rows < 1:
            raise InputError(f"rows is at least 1, got {rows}")
        values = {"rows": rows, "bins": grid.bins, "width": grid.width, "first": grid.first, "stop": grid.end}
        sized, grouped = {**values, "size": size}, {**values, "size": activity.groups_of(size)}
        span = (grid.first, grid.end - 1)
        if (found := self.listed(layer, grid.first, grid.end)) is not None:
            cells = found["unit"].astype(np.int64) * rows // size * grid.bins + grid.bin_of(found["t"])
            add_to_cells(sums := empty_cells((rows, grid.bins), np.uint32), cells, np.ones(len(cells), np.uint32))
            return sums

        def answer(known: Known) -> np.ndarray:
            rest = self._rest(table, _CELLS.format("count(*)", ""), sized, known.numbers, t=span)
            counted = self._counted(layer, _CELLS.format("sum(spikes)", "width > 0 AND"), grouped, t=span)
            return _summed((rows, grid.bins), np.uint32, [known.rows, rest, counted], lambda found: found["cell"])

        return self._with(lambda aggregates: aggregates.by_time(table, size, grid, rows), answer)

    def listed(self, layer: str, first: int, stop: int) -> Columns | None:
        """Return the rows of `layer` with first <= t < stop, in any order, where `count` has just read them."""
        return self._recent.rows(self._table(layer), first, stop) if self._recent else None

    def rows_for(self, layer: str, most: int) -> int:
        """Return the largest number of rows up to `most` that `raster_on` answers fast."""
        size = self._header.layer(layer).size
        return min(most, size) if size <= activity.GROUPS else 1 << (min(most, activity.GROUPS).bit_length() - 1)

    def unit_counts(self, layer: str, window: Window) -> np.ndarray:
        """Return the number of spikes of every unit of `layer` in `window`: (units,) int64."""
        table, size = self._table(layer), self._header.layer(layer).size

        def answer(known: Known) -> np.ndarray:
            rest = self._rest(table, _UNITS.format("count(*)", ""), _ends(window), known.numbers, t=window.span)
            query = _UNITS.format("sum(spikes)", "width = 0 AND")
            counted = self._counted(layer, query, _ends(window), t=window.span)
            return _summed((size,), np.int64, [known.rows, rest, counted], lambda found: found["unit"])

        return self._with(lambda aggregates: aggregates.by_unit(table, window), answer)

    def by_stimulus(self, layer: str, first: int, stop: int) -> np.ndarray:
        """Return the spikes of every unit of `layer` during stimuli first <= number < stop: (n_stim, units) int64."""
        size = self._header.layer(layer).size
        values, span = {"first": first, "stop": stop, "size": size}, (first, stop - 1)
        rest = self._rest(self._table(layer), _STIMULI.format("count(*)", ""), values, frozenset(), stim=span)
        counted = self._counted(layer, _STIMULI.format("sum(spikes)", "width = 0 AND"), values, stim=span)
        return _summed((stop - first, size), np.int64, [rest, counted], lambda found: found["cell"])

    def class_counts(self, layer: str, stim: tuple[int, int] | None) -> ClassCounts:
        """Return the spikes of every unit of `layer` by the class that was shown, during stimuli stim[0] to stim[1]."""
        stimuli = shown(self._source)
        classes, (first, stop) = known_classes(self._header, stimuli), stimulus_window(stim, stimuli)
        every, edges = self._header.layer(layer).recorded.every, [first, stop]
        if stim is not None and (block := by_class.coarsest_within((stop - first) // by_class.STEP)):
            edges = [first, -(-first // block) * block, stop // block * block, stop]
        spikes = np.zeros((len(classes), self._header.layer(layer).size), dtype=np.int64)
        for low, high in pairwise(edges):
            if high > low:
                spikes += self._blocks(layer, stimuli, classes, low, high - low, high)[0]
        return ClassCounts(classes, times_shown(stimuli, classes, every, first, stop), spikes)

    def class_counts_by_block(self, layer: str, blocks: int) -> ClassBlocks:
        """Return the spikes of every unit of `layer` by class in at most `blocks` equal blocks of stimuli."""
        stimuli = shown(self._source)
        classes, (first, stop) = known_classes(self._header, stimuli), stimulus_window(None, stimuli)
        every, size = self._header.layer(layer).recorded.every, self._header.layer(layer).size
        width = max(1, math.ceil((stop - first) / blocks))
        if self._header.layer(layer).recorded.rows and self._are_many(layer, self._ever()):
            unit = by_class.coarsest_within(max(width, by_class.BASE))
            if self._are_many(layer, self._ever(), VERY_MANY) and stop - first >= FEW_BLOCKS * unit * by_class.STEP:
                unit *= by_class.STEP
            width, first = math.ceil(width / unit) * unit, first // unit * unit
        starts = np.arange(first, stop, width)
        spikes = self._blocks(layer, stimuli, classes, first, width, stop)
        times = [times_shown(stimuli, classes, every, start, start + width) for start in starts.tolist()]
        shape, (begin, end) = (len(starts), len(classes)), np.searchsorted(stimuli.stim, [starts, starts + width])
        filled = end > begin
        among = [slice(*ends) for ends in zip(begin[filled], end[filled], strict=True)]
        return ClassBlocks(
            self._seconds(np.array([stimuli.t_start[these].min() for these in among], dtype=np.int64)),
            self._seconds(np.array([stimuli.t_end[these].max() for these in among], dtype=np.int64)),
            np.array(times, dtype=np.int64).reshape(shape)[filled],
            spikes.reshape(*shape, size)[filled],
            classes,
        )

    def _blocks(self, layer: str, stimuli: Shown, classes: np.ndarray, first: int, width: int, stop: int) -> np.ndarray:
        """Spikes by class in blocks of `width` stimuli from `first` to `stop` - 1: (blocks, classes, units) int64."""
        table, size = self._table(layer), self._header.layer(layer).size
        shape = (-(-(stop - first) // max(width, 1)), len(classes), size)
        if 0 in shape:
            return np.zeros(shape, dtype=np.int64)
        values = {"first": first, "width": width, "stop": stop}

        def place(found: dict[str, np.ndarray]) -> np.ndarray:
            block, group = found["block"].astype(np.int64), np.searchsorted(classes, found["class"])
            cell: np.ndarray = (block * len(classes) + group) * size + found["unit"]
            return cell

        def answer(known: Known) -> np.ndarray:
            spans: dict[str, Any] = {"stim": (first, stop - 1), "beside": "stimuli"}
            rest = self._rest(table, _BY_CLASS.format("count(*)", ""), values, known.numbers, **spans)
            # The width of a block and that of a bin are different things.
            query = _BY_CLASS.format("sum(rows.spikes)", "rows.width = 0 AND")
            return _summed(shape, np.int64, [known.rows, rest, self._counted(layer, query, values, **spans)], place)

        return self._with(lambda aggregates: aggregates.by_class(table, stimuli.stim, first, width, stop), answer)

    def _with(self, ask: Callable[[Aggregates], Known], answer: Callable[[Known], np.ndarray]) -> np.ndarray:
        """Answer with what the aggregates know, and without where they went away meanwhile."""
        if self._aggregates is not None:
            try:
                return answer(ask(self._aggregates))
            except Gone:
                pass
        return answer(_NOTHING)

    def _rest(self, table: str, query: str, values: dict[str, Any], numbers: frozenset[int], **spans: Any) -> Columns:
        """Answer `query` of all rows but those of the segments with these `numbers`."""
        if isinstance(self._source, Store):
            return self._source.query(table, query, values, skip=numbers, **spans)
        return self._source.query(table, query, values, **spans)

    def _counted(self, layer: str, query: str, values: dict[str, Any], **spans: Any) -> Columns:
        """Answer `query` of the counts that are kept of a layer without rows; nothing for all others."""
        if self._header.layer(layer).recorded.rows:
            return {}
        return self._source.query(counts_table(layer), query, values, **spans)

    def _finest(self, layer: str) -> int:
        """Return the width of the bins in which a layer without rows was counted; 0 where there are rows."""
        if self._header.layer(layer).recorded.rows:
            return 0
        found = self._counted(layer, "SELECT coalesce(max(width), 0) AS width FROM rows", {})
        return max(int(found["width"][0]), activity.BASE)

    def _are_many(self, layer: str, window: Window, many: int | None = None) -> bool:
        """Whether there are about `many` spikes (`MANY`) or more in `window`; estimated, where no rows need be read."""
        many = MANY if many is None else many
        if self._aggregates is not None:
            return self._aggregates.estimate(self._table(layer), window) > many
        return self.count(layer, window) > many

    def _ever(self) -> Window:
        return Window.of(EVER, self._header.tick)

    def _table(self, layer: str) -> str:
        return spikes_table(self._header.layer(layer).name)

    def _seconds(self, ticks: np.ndarray) -> np.ndarray:
        seconds: np.ndarray = ticks * self._header.tick_ns / 1e9
        return seconds


def _summed(
    shape: tuple[int, ...],
    dtype: type[np.integer],
    parts: Sequence[Columns],
    place: Callable[[Columns], np.ndarray],
) -> np.ndarray:
    """Return an array of `shape` to which the spikes of all parts are added where `place` says."""
    sums = empty_cells(shape, dtype)
    for found in parts:
        if found:
            add_to_cells(sums, place(found), found["spikes"])
    return sums


def _ends(window: Window) -> dict[str, int]:
    return {"first": window.first, "stop": window.stop}
