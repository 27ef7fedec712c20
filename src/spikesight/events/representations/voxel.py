"""Events as a grid of picture and time: each is shared by the two bins of time that it lies between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.events.representations.bins import between_bins
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

    `reach` says how time becomes bins, t*. Events of one time only are all in bin 0.
    Errors: InputError for no bin, or where events are not in order of time.   Source: Zhu et al., CVPR 2019.
    """
    return between_bins(events, bins, reach.last(bins), _add, events.height)


@njit(cache=True, nogil=True)
def _add(t, x, y, p, begin, scale, k, pairs, touched):  # type: ignore[no-untyped-def]
    flat, width = pairs.reshape(pairs.size), pairs.shape[1]
    for n in range(len(t)):
        sign = 2.0 * p[n] - 1.0
        late = sign * ((t[n] - begin) * scale - k)
        touched[y[n]] = True
        place = 2 * (y[n] * width + x[n])
        flat[place] += sign - late
        flat[place + 1] += late
