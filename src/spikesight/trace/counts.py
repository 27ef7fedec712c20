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
from spikesight.trace.classes import ClassBlocks, ClassCounts, Shown, known_classes, shown, stimulus_window, times_shown
from spikesight.trace.frames import Columns
from spikesight.trace.grids import Grid, covering_grid
from spikesight.trace.schema import Header
from spikesight.trace.source import Source
from spikesight.trace.store import Store
from spikesight.trace.windows import EVER, Window

MANY: Final = 1 << 21
"""Spikes that are counted one by one at once; of more, those that were counted while they were recorded are used."""

_NOTHING: Final = Known({}, frozenset())

_BY_CLASS: Final = """
    SELECT (stim - $first) // $width AS block, label AS class, unit, count(*) AS spikes FROM rows
    JOIN (SELECT stim AS shown, max(label) AS label FROM beside WHERE label >= 0 GROUP BY stim) ON stim = shown
    WHERE stim >= $first AND stim < $stop GROUP BY block, class, unit"""


class Counts:
    """Numbers of spikes of the layers of a trace, asked of its `source`.   Errors: as those of `Trace`.

    A source on this machine has aggregates beside its rows. They are only faster: a cluster gives the same answers.
    """

    def __init__(self, header: Header, source: Source) -> None:
        self._header, self._source = header, source
        self._aggregates = Aggregates(source) if isinstance(source, Store) else None

    def count(self, layer: str, window: Window) -> int:
        """Return the number of spikes of `layer` in `window`."""
        table = self._table(layer)
        known, numbers = self._aggregates.inside(table, window) if self._aggregates else (0, frozenset[int]())
        query = "SELECT count(*) AS spikes FROM rows WHERE t >= $first AND t < $stop"
        return known + int(self._rest(table, query, _ends(window), numbers, t=window.span)["spikes"][0])

    def grid(self, layer: str, window: Window, bins: int) -> Grid:
        """Return the finest grid of at most `bins` + 1 bins over `window` that `raster_on` answers fast."""
        wanted = math.ceil(window.ticks / bins)
        if wanted < activity.BASE or not self._are_many(layer, window):
            return covering_grid(window.first, window.stop, bins)
        unit = activity.coarsest_within(max(wanted // 2, activity.BASE))
        return covering_grid(window.first, window.stop, bins, least_width=math.ceil(wanted / unit) * unit)

    def raster_on(self, layer: str, grid: Grid, rows: int | None) -> np.ndarray:
        """Return the spikes of `layer` in each bin of `grid`, by groups of units: (rows, bins) uint32."""
        table, size = self._table(layer), self._header.layer(layer).size
        rows = size if rows is None else rows
        if rows < 1:
            raise InputError(f"rows is at least 1, got {rows}")
        query = """SELECT (unit::BIGINT * $rows // $size) * $bins + (t - $first) // $width AS cell, count(*) AS spikes
                   FROM rows WHERE t >= $first AND t < $stop GROUP BY cell"""
        values = {"rows": rows, "size": size, "bins": grid.bins, "width": grid.width}
        values |= {"first": grid.first, "stop": grid.end}

        def answer(known: Known) -> np.ndarray:
            rest = self._rest(table, query, values, known.numbers, t=(grid.first, grid.end - 1))
            return _summed((rows, grid.bins), np.uint32, [known.rows, rest], lambda found: found["cell"])

        return self._with(lambda aggregates: aggregates.by_time(table, size, grid, rows), answer)

    def rows_for(self, layer: str, most: int) -> int:
        """Return the largest number of rows up to `most` that `raster_on` answers fast."""
        size = self._header.layer(layer).size
        return min(most, size) if size <= activity.GROUPS else 1 << (min(most, activity.GROUPS).bit_length() - 1)

    def unit_counts(self, layer: str, window: Window) -> np.ndarray:
        """Return the number of spikes of every unit of `layer` in `window`: (units,) int64."""
        table, size = self._table(layer), self._header.layer(layer).size
        query = "SELECT unit, count(*) AS spikes FROM rows WHERE t >= $first AND t < $stop GROUP BY unit"

        def answer(known: Known) -> np.ndarray:
            rest = self._rest(table, query, _ends(window), known.numbers, t=window.span)
            return _summed((size,), np.int64, [known.rows, rest], lambda found: found["unit"])

        return self._with(lambda aggregates: aggregates.by_unit(table, window), answer)

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
        if self._are_many(layer, Window.of(EVER, self._header.tick)):
            unit = by_class.coarsest_within(max(width, by_class.BASE))
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
            rest = self._rest(table, _BY_CLASS, values, known.numbers, stim=(first, stop - 1), beside="stimuli")
            return _summed(shape, np.int64, [known.rows, rest], place)

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

    def _are_many(self, layer: str, window: Window) -> bool:
        """Whether there are more than `MANY` spikes in `window`; looked up, where possible, without reading any."""
        table = self._table(layer)
        if self._aggregates is not None and self._aggregates.inside(table, window)[0] > MANY:
            return True
        return self.count(layer, window) > MANY

    def _table(self, layer: str) -> str:
        return f"spikes/{self._header.layer(layer).name}"

    def _seconds(self, ticks: np.ndarray) -> np.ndarray:
        seconds: np.ndarray = ticks * self._header.tick_ns / 1e9
        return seconds


def _summed(
    shape: tuple[int, ...],
    dtype: type[np.integer],
    parts: Sequence[Columns],
    place: Callable[[Columns], np.ndarray],
) -> np.ndarray:
    """Return an array of `shape` to which the spikes of each part are added where `place` says, once each."""
    sums = np.zeros(shape, dtype=dtype)
    for found in parts:
        if found:
            sums.reshape(-1)[place(found).astype(np.int64)] += found["spikes"].astype(dtype)
    return sums


def _ends(window: Window) -> dict[str, int]:
    return {"first": window.first, "stop": window.stop}
