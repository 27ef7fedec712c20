"""Windows of time: seconds outside, whole ticks inside, equal bins over them, and rates in these."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from spikesight.base.errors import InputError

# A time in seconds that was computed from ticks may miss its tick by rounding; this much of a tick is forgiven.
_ROUNDING = 1e-6

_NEVER = 1 << 62

EVER = (-math.inf, math.inf)
"""The window that holds everything."""


@dataclass(frozen=True)
class Window:
    """The ticks from `first` up to, and without, `stop`."""

    first: int
    stop: int

    @classmethod
    def of(cls, t: tuple[float, float], tick: float) -> Window:
        """Return the ticks of `tick` seconds that begin in t[0] <= time < t[1] (seconds; infinite ends are open).

        Errors: InputError for an end before the start, or NaN.
        """
        if not t[0] <= t[1]:
            raise InputError(f"a window is (start, end) in seconds with start <= end, got {tuple(t)}")
        return cls(_tick_from(t[0], tick), _tick_from(t[1], tick))

    @property
    def ticks(self) -> int:
        """Number of ticks in the window."""
        return self.stop - self.first

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last tick."""
        return self.first, self.stop - 1

    def ticks_per_bin(self, bins: int) -> np.ndarray:
        """Return how many ticks fall into each of `bins` bins: (bins,) int64, as equal as whole ticks can be."""
        edges = -(-np.arange(bins + 1, dtype=np.int64) * self.ticks // bins)
        return np.diff(edges)


def rate(counts: np.ndarray, seconds: float | np.ndarray, size: int) -> np.ndarray:
    """Return the mean firing rate (Hz per unit) of `size` units that emitted `counts` (..., bins) spikes.

    `seconds` is the length of the bins: one for all, or one for each (bins,).
    """
    return np.asarray(counts, dtype=np.float64) / (seconds * size)


def _tick_from(seconds: float, tick: float) -> int:
    if math.isinf(seconds):
        return int(math.copysign(_NEVER, seconds))
    return math.ceil(seconds / tick - _ROUNDING)
