"""Counting spikes without listing them: in windows, on grids, by unit and by class."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.classes import (
    ClassBlocks,
    ClassCounts,
    known_classes,
    shown,
    spikes_by_class,
    stimulus_window,
    times_shown,
)
from spikesight.trace.grids import Grid, covering_grid
from spikesight.trace.schema import Header
from spikesight.trace.source import Source
from spikesight.trace.windows import Window

GROUPS: Final = 256
"""Groups of units that spikes are counted by over time: each unit its own in smaller layers."""


class Counts:
    """Numbers of spikes of the layers of a trace, asked of its `source`.   Errors: as those of `Trace`."""

    def __init__(self, header: Header, source: Source) -> None:
        self._header, self._source = header, source

    def count(self, layer: str, window: Window) -> int:
        """Return the number of spikes of `layer` in `window`."""
        query = "SELECT count(*) AS spikes FROM rows WHERE t >= $first AND t < $stop"
        found = self._source.query(self._table(layer), query, _ends(window), t=window.span)
        return int(found["spikes"][0])

    def grid(self, layer: str, window: Window, bins: int) -> Grid:
        """Return the finest grid of at most `bins` + 1 bins over `window` that `raster_on` answers fast."""
        self._header.layer(layer)
        return covering_grid(window.first, window.stop, bins)

    def raster_on(self, layer: str, grid: Grid, rows: int | None) -> np.ndarray:
        """Return the spikes of `layer` in each bin of `grid`, by groups of units: (rows, bins) uint32."""
        size = self._header.layer(layer).size
        rows = size if rows is None else rows
        if rows < 1:
            raise InputError(f"rows is at least 1, got {rows}")
        query = """SELECT (unit::BIGINT * $rows // $size) * $bins + (t - $first) // $width AS cell, count(*) AS spikes
                   FROM rows WHERE t >= $first AND t < $stop GROUP BY cell"""
        sizes = {"rows": rows, "size": size, "bins": grid.bins, "width": grid.width}
        parameters = {**sizes, "first": grid.first, "stop": grid.end}
        found = self._source.query(self._table(layer), query, parameters, t=(grid.first, grid.end - 1))
        cells = np.zeros((rows, grid.bins), dtype=np.uint32)
        cells.reshape(-1)[found["cell"].astype(np.int64)] = found["spikes"]
        return cells

    def rows_for(self, layer: str, most: int) -> int:
        """Return the largest number of rows up to `most` that `raster_on` answers fast."""
        size = self._header.layer(layer).size
        if size <= GROUPS:
            return min(most, size)
        return 1 << int(math.log2(min(most, GROUPS)))

    def unit_counts(self, layer: str, window: Window) -> np.ndarray:
        """Return the number of spikes of every unit of `layer` in `window`: (units,) int64."""
        query = "SELECT unit, count(*) AS spikes FROM rows WHERE t >= $first AND t < $stop GROUP BY unit"
        found = self._source.query(self._table(layer), query, _ends(window), t=window.span)
        counts = np.zeros(self._header.layer(layer).size, dtype=np.int64)
        counts[found["unit"]] = found["spikes"]
        return counts

    def class_counts(self, layer: str, stim: tuple[int, int] | None) -> ClassCounts:
        """Return the spikes of every unit of `layer` by the class that was shown, during stimuli stim[0] to stim[1]."""
        stimuli = shown(self._source)
        classes, (first, stop) = known_classes(self._header, stimuli), stimulus_window(stim, stimuli)
        every, size = self._header.layer(layer).recorded.every, self._header.layer(layer).size
        spikes = spikes_by_class(self._source, self._table(layer), size, classes, first, stop)
        return ClassCounts(classes, times_shown(stimuli, classes, every, first, stop), spikes)

    def class_counts_by_block(self, layer: str, blocks: int) -> ClassBlocks:
        """Return the spikes of every unit of `layer` by class in at most `blocks` equal blocks of stimuli."""
        if blocks < 1:
            raise InputError(f"blocks is at least 1, got {blocks}")
        stimuli = shown(self._source)
        classes, (first, stop) = known_classes(self._header, stimuli), stimulus_window(None, stimuli)
        every, size = self._header.layer(layer).recorded.every, self._header.layer(layer).size
        width = max(1, math.ceil((stop - first) / blocks))
        edges = [(start, min(start + width, stop)) for start in range(first, stop, width)]
        spikes = [spikes_by_class(self._source, self._table(layer), size, classes, *edge) for edge in edges]
        times = [times_shown(stimuli, classes, every, *edge) for edge in edges]
        among = [np.searchsorted(stimuli.stim, edge) for edge in edges]
        starts = np.array([stimuli.t_start[low:high].min(initial=np.iinfo(np.int64).max) for low, high in among])
        ends = np.array([stimuli.t_end[low:high].max(initial=np.iinfo(np.int64).min) for low, high in among])
        filled = np.array([high > low for low, high in among], dtype=bool)
        nothing = np.zeros((0, len(classes), size), dtype=np.int64)
        return ClassBlocks(
            self._seconds(starts[filled]),
            self._seconds(ends[filled]),
            np.array(times, dtype=np.int64).reshape(len(edges), len(classes))[filled],
            np.array([*nothing, *spikes], dtype=np.int64).reshape(len(edges), len(classes), size)[filled],
            classes,
        )

    def _table(self, layer: str) -> str:
        return f"spikes/{self._header.layer(layer).name}"

    def _seconds(self, ticks: np.ndarray) -> np.ndarray:
        seconds: np.ndarray = ticks * self._header.tick_ns / 1e9
        return seconds


def _ends(window: Window) -> dict[str, int]:
    return {"first": window.first, "stop": window.stop}
