"""Activity over time: bins that hold whole ticks."""

from __future__ import annotations

import numpy as np

from spikesight.analysis.spike_units import checked_units
from spikesight.base.errors import InputError
from spikesight.trace.grids import Grid


def binned(grid: Grid, ticks: np.ndarray, unit: np.ndarray, n: int) -> np.ndarray:
    """Return the spikes of each of `n` neurons in each bin: (bins, n) int64; spikes outside the grid are left out.

    Shapes: ticks (N,) whole numbers, unit (N,).   Errors: InputError where the lengths differ
    or a unit is not one of `n`.
    """
    if np.shape(ticks) != np.shape(unit):
        raise InputError(f"one tick per spike is needed, got {np.shape(ticks)} ticks for {np.shape(unit)} units")
    unit = checked_units(unit, n)
    place = grid.bin_of(ticks)
    inside = (place >= 0) & (place < grid.bins)
    cells = np.bincount(place[inside] * n + unit[inside], minlength=grid.bins * n)
    return cells.reshape(grid.bins, n)
