"""Events as a grid of picture and time: each is shared by the two bins of time that it lies between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.events.representations.bins import APART, between_bins, check_bins
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class ToLastBin:
    """The first event is in the middle of the first bin, the last in the last's: `t* = (B - 1)(t - t0)/(tN - t0)`.

    Source: Zhu et al., CVPR 2019; DSEC, ESS.
    """

    def last(self, bins: int) -> int:
        """Return where the last event lies, in bins."""
        return bins - 1


@dataclass(frozen=True)
class BeyondLastBin:
    """The last event lies a bin beyond the last one: `t* = B (t - t0)/(tN - t0)`.

    What comes after the middle of the last bin loses its share of the bin that is not there, the last event all.
    For comparisons with tonic, whose `ToVoxelGrid` counts so.
    """

    def last(self, bins: int) -> int:
        """Return where the last event lies, in bins."""
        return bins


@dataclass(frozen=True)
class VoxelGrid:
    """`voxel_grid` as a value."""

    bins: int = 5
    reach: ToLastBin | BeyondLastBin = ToLastBin()

    def __call__(self, events: EventStream) -> NDArray[np.float32]:
        """Return sums of signs (B, H, W).   Errors: InputError where events are not in order of time."""
        return voxel_grid(events, self.bins, self.reach)


def voxel_grid(events: EventStream, bins: int, reach: ToLastBin | BeyondLastBin = ToLastBin()) -> NDArray[np.float32]:
    """Return ``V[b, y, x] = sum of s max(0, 1 - |b - t*|)`` over a pixel's events, s = 1 if ON, else -1; (B, H, W).

    `reach` says how time becomes bins, t*. Events of one time only are all in bin 0. Each share is rounded to 2^-22.
    Errors: InputError for no bin, or where events are not in order of time.   Source: Zhu et al., CVPR 2019.
    """
    check_bins(bins)
    grid = np.zeros((bins, events.height, events.width), np.float32)
    words = np.zeros((events.height, events.width + APART), np.int64)
    touched = np.zeros(events.height, np.bool_)
    for k, part, begin, scale in between_bins(events, bins, reach.last(bins)):
        _add(events.t[part], events.x[part], events.y[part], events.p[part], begin, scale, k, words, touched)
        _take(words, touched, grid[k], grid[min(k + 1, bins - 1)], k + 1 < bins)
    return grid


# A pixel's two sums lie in one whole number, so that an event is one addition: the sum of signs times 2^43, and the sum
# of what goes to the later bin times 2^22. That rounds each share to 2^-22, and adds without any further error. Parts
# of events are short enough (AT_ONCE) for neither sum to reach the other, or the sign.
_ONE = 1 << 43
_HALF = 1 << 42
_FRACTION = float(1 << 22)


@njit(cache=True, nogil=True)
def _add(t, x, y, p, begin, scale, k, words, touched):  # type: ignore[no-untyped-def]
    flat, stride = words.reshape(words.size), words.shape[1]
    for n in range(len(t)):
        word = _ONE + np.int64(((t[n] - begin) * scale - k) * _FRACTION + 0.5)
        touched[y[n]] = True
        flat[y[n] * stride + x[n]] += word if p[n] else -word


@njit(cache=True, nogil=True)
def _take(words, touched, this, following, both):  # type: ignore[no-untyped-def]
    # Rows in which nothing happened are left alone: at high resolution these are most.
    for row in range(len(touched)):
        if touched[row]:
            touched[row] = False
            for column in range(this.shape[1]):
                word = words[row, column]
                signs = (word + _HALF) >> 43
                late = (word - (signs << 43)) / _FRACTION
                this[row, column] += signs - late
                if both:
                    following[row, column] += late
                words[row, column] = 0
