"""Full connection, compiled: inputs sorted by counting, rows of weights added in the order of their times.

The parts are used by the compiled loops of learning too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.spread import spread
from spikesight.encoding.latencies import Latencies

WIDTH = 16
"""Neurons that are compared with the threshold at once."""


@njit(cache=True, nogil=True)
def sort_by_time(times, steps, ends, order):  # type: ignore[no-untyped-def]
    """Sort an item's inputs by step: `order[ends[t - 1] : ends[t]]` fire in step t (from 0 for t = 0).

    Inputs that never fire are left out.   Shapes: times (inputs,), ends (steps + 1,), order (inputs,).
    """
    ends[:] = 0
    for i in range(times.size):
        if times[i] < steps:
            ends[times[i] + 1] += 1
    for t in range(steps):
        ends[t + 1] += ends[t]
    for i in range(times.size):
        t = times[i]
        if t < steps:
            order[ends[t]] = i
            ends[t] += 1


@njit(cache=True, nogil=True, inline="always")
def add_row(v, w, i):  # type: ignore[no-untyped-def]
    """Add what input i gives to every neuron."""
    for j in range(v.size):
        v[j] += w[i, j]


@njit(cache=True, nogil=True)
def crossers(v, threshold, found, count):  # type: ignore[no-untyped-def]
    """Append the neurons whose potential is above threshold to `found`, `count` long, and return its new length.

    Groups of neurons are compared at once, and only those in which one crosses are searched.
    """
    whole = v.size // WIDTH * WIDTH
    for begin in range(0, whole, WIDTH):
        crossed = False
        for j in range(WIDTH):
            crossed = crossed | (v[begin + j] > threshold)
        if crossed:
            count = _search(v, threshold, begin, begin + WIDTH, found, count)
    return _search(v, threshold, whole, v.size, found, count)


@njit(cache=True, nogil=True)
def _search(v, threshold, begin, end, found, count):  # type: ignore[no-untyped-def]
    for j in range(begin, end):
        if v[j] > threshold:
            found[count] = j
            count += 1
    return count


@njit(cache=True, nogil=True)
def _cross(first, last, w, times, steps, threshold, crossed, potentials):  # type: ignore[no-untyped-def]
    """Write when the neurons of items first..last cross, and their potentials."""
    n = w.shape[1]
    order, ends = np.empty(times.shape[1], np.int32), np.empty(steps + 1, np.int32)
    v, found = np.empty(n, w.dtype), np.empty(n, np.int32)
    gone = w.dtype.type(-np.inf)  # a neuron that has fired never comes back
    for item in range(first, last):
        sort_by_time(times[item], steps, ends, order)
        v[:] = 0
        crossed[item] = steps
        begin = 0
        count = 0
        for t in range(steps):
            end = ends[t]
            if end > begin:
                for q in range(begin, end):
                    add_row(v, w, order[q])
                begin = end
                before = count
                count = crossers(v, threshold, found, count)
                for q in range(before, count):
                    j = found[q]
                    crossed[item, j] = t
                    potentials[item, j] = v[j]
                    v[j] = gone
                if count == n:
                    break
        for j in range(n):
            if crossed[item, j] == steps:
                potentials[item, j] = v[j]


def crossings(w: NDArray[Any], latencies: Latencies, threshold: float) -> tuple[NDArray[np.int32], NDArray[Any]]:
    """Do as `reference_dense.crossings`, on both cores. Equal to it where sums are exact."""
    times, rows = np.ascontiguousarray(latencies.times), np.ascontiguousarray(w)
    crossed = np.empty((len(times), w.shape[1]), np.int32)
    potentials = np.empty(crossed.shape, w.dtype)

    def work(first: int, last: int) -> None:
        _cross(first, last, rows, times, latencies.in_steps, w.dtype.type(threshold), crossed, potentials)

    spread(work, len(times))
    return crossed, potentials
