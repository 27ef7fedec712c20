"""First spikes behind inputs that come in two volleys, compiled: see `two_volleys`."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def cross(starts, early, w, total, z_early, z_late, threshold, found, excess, both):  # type: ignore[no-untyped-def]
    """Write found, excess, both (B, n_post). `total` (n_post,) holds the sums of the weights w (n_pre, n_post)."""
    items, n_post = found.shape
    mine = np.empty(n_post, w.dtype)
    for b in range(items):
        mine[:] = 0
        for place in range(starts[b], starts[b + 1]):
            i = early[place]
            for j in range(n_post):
                mine[j] += w[i, j]
        for j in range(n_post):
            over, over_all = mine[j] - threshold, total[j] - threshold
            first = over > 0 and z_early * mine[j] <= z_late * over
            both[b, j] = not first and over_all > 0
            if first:
                found[b, j], excess[b, j] = z_early * mine[j] / over, over
            elif over_all > 0:
                weighted = z_early * mine[j] + z_late * (total[j] - mine[j])
                found[b, j], excess[b, j] = weighted / over_all, over_all
            else:
                found[b, j], excess[b, j] = np.inf, 0


@njit(cache=True, nogil=True)
def pull(starts, early, by_early, to_w):  # type: ignore[no-untyped-def]
    """Add `by_early` (B, n_post) of each item to the rows of to_w (n_pre, n_post) that came early in it."""
    items, n_post = by_early.shape
    for b in range(items):
        for place in range(starts[b], starts[b + 1]):
            i = early[place]
            for j in range(n_post):
                to_w[i, j] += by_early[b, j]
