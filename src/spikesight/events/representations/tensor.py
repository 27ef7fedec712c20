"""The event spike tensor: what events measure, spread over bins of time by a kernel. Here the kernel is a hat.

Where the kernel is learned, see `spikesight.deep.event_spike_tensor`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.representations.bins import between_bins
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class ByTime:
    """An event measures its time t*, from 0, the first, to 1: as published. The first events count nothing."""

    from_time = True


@dataclass(frozen=True)
class ByCount:
    """An event measures 1."""

    from_time = False


@dataclass(frozen=True)
class SpikeTensor:
    """`spike_tensor` as a value."""

    bins: int = 9
    measure: ByTime | ByCount = ByTime()

    def __call__(self, events: EventStream) -> NDArray[np.float32]:
        """Return (2 B, H, W).   Errors: InputError where events are not in order of time."""
        return spike_tensor(events, self.bins, self.measure)


def spike_tensor(events: EventStream, bins: int = 9, measure: ByTime | ByCount = ByTime()) -> NDArray[np.float32]:
    """Return ``V[p, b] = sum of m max(0, 1 - |t* (B - 1) - b|)`` over a pixel's events, OFF bins first: (2 B, H, W).

    ``t* = (t - t0) / (tN - t0)`` and `measure` says what m is. The published code divides by the largest time and takes
    nothing off: that is the same where a recording begins at 0, and blind where times are absolute.
    Errors: InputError for fewer than two bins, or where events are not in order of time.
    Source: Gehrig et al., ICCV 2019.
    """
    if bins < 2:
        raise InputError(f"a spike tensor has two bins or more, got {bins}")
    height, width, unit = events.height, events.width, 1.0 / (bins - 1)

    def add(t, x, y, p, begin, scale, k, pairs, touched):  # type: ignore[no-untyped-def]
        _add(t, x, y, p, begin, scale, k, unit, measure.from_time, pairs, touched)

    grid = between_bins(events, bins, bins - 1, add, 2 * height)
    return np.ascontiguousarray(grid.reshape(bins, 2, height, width).swapaxes(0, 1)).reshape(-1, height, width)


@njit(cache=True, nogil=True)
def _add(t, x, y, p, begin, scale, k, unit, from_time, pairs, touched):  # type: ignore[no-untyped-def]
    flat, (rows, width) = pairs.reshape(pairs.size), pairs.shape[:2]
    height = rows // 2
    for n in range(len(t)):
        position = (t[n] - begin) * scale
        measured = position * unit if from_time else 1.0
        late = measured * (position - k)
        row = p[n] * height + y[n]
        touched[row] = True
        place = 2 * (row * width + x[n])
        flat[place] += measured - late
        flat[place + 1] += late
