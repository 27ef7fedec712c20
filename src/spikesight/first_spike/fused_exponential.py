"""First spikes of neurons with exponentially decaying currents, and how they move, compiled.

`exponential` tells what is computed, `learning.mostafa` what for. Inputs are taken in the order of their spikes; every
neuron keeps two running sums, of the weights so far and of the weights times z, and fires where both say that it does
before the next input comes.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def cross(z, w, threshold, order, found, excess, causes):  # type: ignore[no-untyped-def]
    """Write found, excess, causes (B, n_post) for z, in `order` (B, n_pre) of their times, and w (n_pre, n_post).

    What is written is told by `exponential.Crossings`.
    """
    items, n_pre = z.shape
    n_post = w.shape[1]
    total = np.empty(n_post, w.dtype)
    weighted = np.empty(n_post, w.dtype)
    for b in range(items):
        total[:] = 0
        weighted[:] = 0
        found[b] = np.inf
        excess[b] = 0
        causes[b] = 0
        waiting = n_post
        for k in range(n_pre):
            i = order[b, k]
            now = z[b, i]
            if waiting == 0 or now == np.inf:
                break
            for j in range(n_post):
                total[j] += w[i, j]
                weighted[j] += w[i, j] * now
            following = z[b, order[b, k + 1]] if k + 1 < n_pre else z.dtype.type(np.inf)
            if following == now:
                continue
            for j in range(n_post):
                over = total[j] - threshold
                if over > 0 and causes[b, j] == 0 and weighted[j] <= following * over:
                    found[b, j] = weighted[j] / over
                    excess[b, j] = over
                    causes[b, j] = k + 1
                    waiting -= 1


@njit(cache=True, nogil=True)
def pull_weights(share, z, order, found, causes, first, last, to_w):  # type: ignore[no-untyped-def]
    """Add to columns first..last of to_w (n_pre, n_post) what `share` (B, n_post) of the blame says.

    `share` is the slope of the loss along the neuron's z, over its excess; 0 where it never fired.
    """
    own = np.empty(last - first, to_w.dtype)
    for b in range(len(z)):
        most = 0
        for j in range(first, last):
            own[j - first] = found[b, j] if causes[b, j] > 0 else to_w.dtype.type(0)
            most = max(most, causes[b, j])
        for k in range(most):
            i = order[b, k]
            now = z[b, i]
            for j in range(first, last):
                if causes[b, j] > k:
                    to_w[i, j] += share[b, j] * (now - own[j - first])


@njit(cache=True, nogil=True)
def pull_times(share, w, order, causes, to_z):  # type: ignore[no-untyped-def]
    """Write to to_z (B, n_pre) the slope of the loss along the inputs' z. `share` as in `pull_weights`."""
    items, n_post = share.shape
    for b in range(items):
        to_z[b] = 0
        most = 0
        for j in range(n_post):
            most = max(most, causes[b, j])
        for k in range(most):
            i = order[b, k]
            gathered = w.dtype.type(0)
            for j in range(n_post):
                if causes[b, j] > k:
                    gathered += share[b, j] * w[i, j]
            to_z[b, i] = gathered
