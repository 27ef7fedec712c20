"""Bins of time that hold whole ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from spikesight.base.errors import InputError


@dataclass(frozen=True)
class Grid:
    """`bins` bins of `width` ticks each, the first starting at tick `first`.

    Every bin holds the same number of ticks and starts at a multiple of its width. Bins of 7 and 8 ticks in turn would
    draw an oscillation that is not there; bins that start anywhere would shimmer while the window is moved.
    """

    first: int
    width: int
    bins: int

    @property
    def end(self) -> int:
        """The tick after the last bin."""
        return self.first + self.width * self.bins

    def bin_of(self, ticks: np.ndarray) -> np.ndarray:
        """Return the bin of every tick in `ticks` (N,); ticks outside get a number outside 0..bins-1."""
        return (np.asarray(ticks, dtype=np.int64) - self.first) // self.width


def covering_grid(first: int, end: int, most_bins: int, least_width: int = 1) -> Grid:
    """Return the finest grid of at most `most_bins + 1` bins that covers ticks `first` <= tick < `end`.

    Errors: InputError where the window is empty or `most_bins` is not positive.
    """
    if end <= first:
        raise InputError(f"a window of time ends after it starts, got ticks {first} to {end}")
    if most_bins < 1:
        raise InputError(f"a window of time needs at least one bin, got {most_bins}")
    width = max(least_width, math.ceil((end - first) / most_bins))
    start = first // width * width
    return Grid(start, width, math.ceil((end - start) / width))
