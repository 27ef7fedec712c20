"""The spikes of one item in the order of their times, compiled: a counting sort for steps, a sort for seconds.

A spike is told by one number, `row << 32 | column << 16 | map`. Maps lie last, (rows, columns, maps).
"""

from __future__ import annotations

import numpy as np
from numba import njit

ROW, COLUMN, MASK = 32, 16, 0xFFFF


@njit(cache=True, nogil=True)
def fired_ones(times, never, found):  # type: ignore[no-untyped-def]
    """Write the spikes of `times` (rows, columns, maps) to `found` (size + 1,) and return how many there are."""
    rows, columns, maps = times.shape
    count = 0
    for y in range(rows):
        for x in range(columns):
            here = y << ROW | x << COLUMN
            for c in range(maps):
                found[count] = here | c
                count += times[y, x, c] < never  # no branch: whether a neuron fires cannot be foreseen
    return count


@njit(cache=True, nogil=True)
def order_steps(times, steps, found, order, starts):  # type: ignore[no-untyped-def]
    """Sort the spikes of an item by step: those of step t are `order[starts[t] : starts[t + 1]]`.

    `found` and `order` have room for a spike more than there are neurons, `starts` for steps + 1 numbers.
    """
    count = fired_ones(times, steps, found)
    starts[: steps + 1] = 0
    for i in range(count):
        spike = found[i]
        starts[np.int64(times[spike >> ROW, (spike >> COLUMN) & MASK, spike & MASK])] += 1
    before = 0
    for t in range(steps):
        before, starts[t] = before + starts[t], before
    for i in range(count):
        spike = found[i]
        now = np.int64(times[spike >> ROW, (spike >> COLUMN) & MASK, spike & MASK])
        order[starts[now]] = spike
        starts[now] += 1
    for t in range(steps, 0, -1):  # each start has moved on to the next one's
        starts[t] = starts[t - 1]
    starts[0] = 0


@njit(cache=True, nogil=True)
def order_seconds(times, found, order, starts, when):  # type: ignore[no-untyped-def]
    """Sort the spikes of an item by their times in seconds; return how many different times there are.

    The spikes of the time `when[g]` are `order[starts[g] : starts[g + 1]]`.
    """
    count = fired_ones(times, np.inf, found)
    at = np.empty(count, times.dtype)
    for i in range(count):
        spike = found[i]
        at[i] = times[spike >> ROW, (spike >> COLUMN) & MASK, spike & MASK]
    groups = 0
    starts[0] = 0
    for place, i in enumerate(np.argsort(at, kind="mergesort")):
        if place == 0 or at[i] != when[groups - 1]:
            starts[groups], when[groups] = place, at[i]
            groups += 1
        order[place] = found[i]
    starts[groups] = count
    return groups
