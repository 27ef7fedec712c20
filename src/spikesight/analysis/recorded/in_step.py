"""How much the neurons of a layer did the same at the same time, window by window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from spikesight.analysis.activity import binned
from spikesight.analysis.recorded.sampling import ends, recorded_units
from spikesight.analysis.synchrony import chi, fano_factor, pairwise_correlation
from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.trace.frames import Columns
from spikesight.trace.grids import Grid
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Tabular
from spikesight.trace.windows import Window

MOST_CELLS: Final = 1 << 25
"""Counts of single neurons that are held in memory together."""


@dataclass(frozen=True, eq=False)
class Synchrony(Tabular):
    """Synchrony in K windows from t_start to t_end (K,) seconds, from counts in bins of `width` seconds.

    fano (K,) of the whole layer; chi and correlation (K,) of the units `unit` (N,). NaN where nothing changes.
    """

    width: float
    t_start: np.ndarray
    t_end: np.ndarray
    fano: np.ndarray
    chi: np.ndarray
    correlation: np.ndarray
    unit: np.ndarray

    def columns(self) -> Columns:
        """Return a row per window."""
        return {name: getattr(self, name) for name in ("t_start", "t_end", "fano", "chi", "correlation")}


def synchrony(
    trace: Trace,
    layer: str,
    t: tuple[float, float] | None = None,
    width: float = 0.005,
    windows: int = 1,
    most: int = 200,
    seed: int = 0,
) -> Synchrony:
    """Return the synchrony of `layer` in `windows` equal parts of the window `t` (default: all of the trace).

    All measures depend on `width`, the length of a bin, which is made a whole number of ticks. chi and correlation are
    of `most` units, drawn with `seed`, or of all where there are no more.
    Errors: UnknownName, InputError for windows of fewer than two bins, or of more than memory should hold.
    """
    size = trace.header.layer(layer).size
    bin_ticks = max(1, round(width / trace.header.tick))
    grids = _windows(trace, t, bin_ticks, windows)
    unit = np.flatnonzero(recorded_units(trace, layer))
    if len(unit) > most:
        unit = np.sort(generator(seed, "synchrony").choice(unit, most, replace=False))
    if max(grid.bins for grid in grids) * len(unit) > MOST_CELLS:
        raise InputError(
            f"{grids[0].bins} bins of {len(unit)} units are too many at once: "
            f"ask for wider bins, more windows or fewer units than width={width}, windows={windows}, most={most}"
        )
    rows = [_measures(trace, layer, grid, unit, size, seed) for grid in grids]
    fano, alike, correlation = np.array(rows).T
    t_start, t_end = np.array([(grid.first, grid.end) for grid in grids]).T * trace.header.tick_ns / 1e9
    return Synchrony(bin_ticks * trace.header.tick_ns / 1e9, t_start, t_end, fano, alike, correlation, unit)


def _windows(trace: Trace, t: tuple[float, float] | None, width: int, windows: int) -> list[Grid]:
    """Equal parts of the window in whole bins of `width` ticks; what is left at its end belongs to none."""
    if windows < 1:
        raise InputError(f"windows is at least 1, got {windows}")
    window = Window.of(ends(trace, t), trace.header.tick)
    bins = window.ticks // width // windows
    if bins < 2:
        raise InputError(
            f"{windows} windows of two bins or more do not fit into {window.ticks * trace.header.tick:g} s: "
            f"ask for fewer windows, or for bins shorter than {width * trace.header.tick:g} s"
        )
    return [Grid(window.first + part * bins * width, width, bins) for part in range(windows)]


def _measures(trace: Trace, layer: str, grid: Grid, unit: np.ndarray, size: int, seed: int) -> tuple[float, ...]:
    tick = trace.header.tick
    together = trace.raster_on(layer, grid, rows=1)[0]
    spikes = trace.spikes(layer, (grid.first * tick, grid.end * tick), units=unit.tolist())
    place = np.zeros(size, dtype=np.int64)
    place[unit] = np.arange(len(unit))
    counts = binned(grid, np.rint(spikes.t / tick), place[spikes.unit], len(unit))
    return fano_factor(together), chi(counts), pairwise_correlation(counts, generator(seed, "pairs"))
