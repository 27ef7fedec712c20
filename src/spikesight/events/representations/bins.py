"""Each event between two bins of time, the nearer one getting more: what voxel grids and spike tensors have in common.

Events between the same two bins come one after the other. Both their bins lie side by side in memory while these
events are added, in double precision; only sums are rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream


def between_bins(events: EventStream, bins: int, last: int, add: Callable[..., None], rows: int) -> NDArray[np.float32]:
    """Return (bins, rows, width): events lie from 0, the first, to `last`, and are shared by the bins beside them.

    `add(t, x, y, p, begin, scale, bin, pairs, touched)` adds events whose position is `(t - begin) * scale` to pairs
    (rows, width, 2) of the values of a bin and the next, and sets `touched` (rows,) where it adds something. All events
    are in bin 0 where they have one time. What would be in a bin beyond the last is left out.
    Errors: InputError for no bin, or where events are not in order of time.
    """
    if bins < 1:
        raise InputError(f"time is cut into a bin or more, got {bins}")
    out = np.zeros((bins, rows, events.width), np.float32)
    t = events.in_order().t
    if not len(t):
        return out
    begin, length = int(t[0]), int(t[-1]) - int(t[0])
    steps = last if length else 0
    edges = np.array([begin - (-k * length // steps) for k in range(1, steps)], np.int64)
    cuts = (0, *np.searchsorted(t, edges), len(t))
    pairs, touched = np.zeros((rows, events.width, 2)), np.zeros(rows, np.bool_)
    for k, part in enumerate(slice(*cut) for cut in pairwise(cuts)):
        scale = steps / length if steps else 0.0
        add(t[part], events.x[part], events.y[part], events.p[part], begin, scale, k, pairs, touched)
        _take(pairs, touched, out[k], out[min(k + 1, bins - 1)], k + 1 < bins)
    return out


@njit(cache=True, nogil=True)
def _take(pairs, touched, this, following, both):  # type: ignore[no-untyped-def]
    # Rows in which nothing happened are left alone: at high resolution these are most.
    for row in range(len(touched)):
        if touched[row]:
            touched[row] = False
            for column in range(this.shape[1]):
                this[row, column] += pairs[row, column, 0]
                if both:
                    following[row, column] += pairs[row, column, 1]
                pairs[row, column, 0] = 0.0
                pairs[row, column, 1] = 0.0
