"""The event spike tensor: what events measure, spread over bins of time by a kernel. Here the kernel is a hat.

Where the kernel is learned, see `spikesight.deep.event_spike_tensor`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.representations.bins import APART, between_bins
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
    grid = np.zeros((2, bins, events.height, events.width), np.float32)
    pairs = np.zeros((2, events.height, events.width + APART, 2))
    touched = np.zeros((2, events.height), np.bool_)
    unit = 1.0 / (bins - 1)
    for k, part, begin, scale in between_bins(events, bins, bins - 1):
        columns = events.t[part], events.x[part], events.y[part], events.p[part]
        _add(*columns, begin, scale, k, unit, measure.from_time, pairs, touched)
        _take(pairs, touched, grid[:, k], grid[:, k + 1])
    return grid.reshape(-1, events.height, events.width)


@njit(cache=True, nogil=True)
def _add(t, x, y, p, begin, scale, k, unit, from_time, pairs, touched):  # type: ignore[no-untyped-def]
    # The sums of a bin and the next lie side by side, in double precision.
    flat, rows = pairs.reshape(pairs.size), touched.reshape(touched.size)
    height, stride = pairs.shape[1:3]
    for n in range(len(t)):
        position = (t[n] - begin) * scale
        measured = position * unit if from_time else 1.0
        late = measured * (position - k)
        row = p[n] * height + y[n]
        rows[row] = True
        place = 2 * (row * stride + x[n])
        flat[place] += measured - late
        flat[place + 1] += late


@njit(cache=True, nogil=True)
def _take(pairs, touched, this, following):  # type: ignore[no-untyped-def]
    for polarity in range(2):
        for row in range(touched.shape[1]):
            if touched[polarity, row]:
                touched[polarity, row] = False
                for column in range(this.shape[2]):
                    this[polarity, row, column] += pairs[polarity, row, column, 0]
                    following[polarity, row, column] += pairs[polarity, row, column, 1]
                    pairs[polarity, row, column, 0] = 0.0
                    pairs[polarity, row, column, 1] = 0.0
