"""Who decides, compiled: spikes are added step by step, and nothing is computed after the decision.

Weights lie by input, (C, rows, columns, maps), as `runs_of_taps.taps` lays them: all that the spikes of one input map
need is together, and each spike adds whole rows of maps. Maps of the input lie last, (B, rows, columns, C), as layers
leave them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.cores import usable_cores
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.decided import Decisions

ITEMS_PER_PART = 256
"""That a thread takes at a time."""


def by_place(times: NDArray[Any]) -> NDArray[Any]:
    """Return times (B, C, rows, columns) as the compiled loops take them, (B, rows, columns, C)."""
    return np.ascontiguousarray(np.moveaxis(times, 1, -1))


def decide(
    layer: Convolution,
    w: NDArray[Any],
    times: NDArray[Any],
    steps: int,
    groups: NDArray[np.int64],
    taking_part: NDArray[np.bool_],
    threads: int | None = None,
) -> Decisions:
    """Do as `decision.decide` says, with weights by input; what is given is as it should be."""
    n, threshold = len(times), w.dtype.type(layer.threshold)
    found, potential = np.empty((n, 6), np.int64), np.empty(n, w.dtype)

    def part(first: int) -> None:
        here = slice(first, first + ITEMS_PER_PART)
        given = by_place(times[here])
        decide_items(given, steps, w, threshold, *layer.padding, groups, taking_part, found[here], potential[here])

    with ThreadPoolExecutor(threads or usable_cores()) as pool:
        list(pool.map(part, range(0, n, ITEMS_PER_PART)))
    map_, row, column, time, tied, likeliest = found.T
    return Decisions(map_, row, column, time, potential, tied.astype(np.bool_), likeliest)


@njit(cache=True, nogil=True)
def decide_items(times, steps, w, threshold, down, across, groups, taking_part, found, potential):  # type: ignore[no-untyped-def]
    """Fill found (B, 6), the whole numbers of `Decisions` in its order, and potential (B,)."""
    v, order, starts = buffers(times[0], steps, w, down, across)
    for item in range(len(times)):
        map_, row, column, time = decide_item(
            times[item], steps, w, threshold, down, across, taking_part, v, order, starts
        )
        best, tied = map_, False
        if map_ < 0:
            potential[item] = 0
            best = largest(v, taking_part, -np.inf)[0]
        else:
            potential[item] = v[row, column, map_]
            tied = others_equal(v, v[row, column, map_], groups, groups[map_], taking_part)
        found[item] = map_, row, column, time, int(tied), best


@njit(cache=True, nogil=True)
def buffers(item, steps, w, down, across):  # type: ignore[no-untyped-def]
    """Return what one item after the other is worked on in: potentials (rows, columns, maps), spikes, their steps."""
    rows, columns = item.shape[0], item.shape[1]
    _, high, wide, maps = w.shape
    v = np.empty((rows + 2 * down - high + 1, columns + 2 * across - wide + 1, maps), w.dtype)
    return v, np.empty(item.size, np.int64), np.empty(steps + 2, np.int64)


@njit(cache=True, nogil=True)
def decide_item(times, steps, w, threshold, down, across, taking_part, v, order, starts):  # type: ignore[no-untyped-def]
    """Return map, row, column and step of the decision about one item (rows, columns, C); -1, -1, -1, steps for none.

    Potentials (rows, columns, maps) are left in v as they were then.
    """
    v[:] = 0
    if np.isinf(threshold):
        add_all(times, steps, w, down, across, v)
        map_, row, column = largest(v, taking_part, 0.0)
        return map_, row, column, steps - 1 if map_ >= 0 else steps
    sort_by_step(times, steps, order, starts)
    for step in range(steps):
        if starts[step] == starts[step + 1]:
            continue
        add_some(times, w, down, across, order[starts[step] : starts[step + 1]], v)
        map_, row, column = largest(v, taking_part, threshold)
        if map_ >= 0:
            return map_, row, column, step
    return -1, -1, -1, steps


@njit(cache=True, nogil=True)
def sort_by_step(times, steps, order, starts):  # type: ignore[no-untyped-def]
    """Fill order with the places of spikes, by step and in a step by place; those of step k begin at starts[k]."""
    starts[:] = 0
    for t in times.flat:
        if t < steps:
            starts[t + 2] += 1
    for step in range(2, steps + 2):
        starts[step] += starts[step - 1]
    for place, t in enumerate(times.flat):
        if t < steps:
            order[starts[t + 1]] = place
            starts[t + 1] += 1


@njit(cache=True, nogil=True)
def add_some(times, w, down, across, places, v):  # type: ignore[no-untyped-def]
    """Add the weights of the spikes at some places of an item (rows, columns, C)."""
    _, columns, maps = times.shape
    for place in places:
        c, rest = place % maps, place // maps
        add_spike(w, c, rest // columns + down, rest % columns + across, v)


@njit(cache=True, nogil=True)
def add_all(times, steps, w, down, across, v):  # type: ignore[no-untyped-def]
    """Add the weights of all spikes of an item (rows, columns, C), one map after the other: its weights stay near."""
    rows, columns, maps = times.shape
    for c in range(maps):
        for row in range(rows):
            for column in range(columns):
                if times[row, column, c] < steps:
                    add_spike(w, c, row + down, column + across, v)


@njit(cache=True, nogil=True)
def add_spike(w, c, row, column, v):  # type: ignore[no-untyped-def]
    """Add the weights of one spike; row and column are counted from the edge of the padding."""
    rows, columns, maps = v.shape
    for to in range(max(0, row - w.shape[1] + 1), min(rows, row + 1)):
        for at in range(max(0, column - w.shape[2] + 1), min(columns, column + 1)):
            target, weights = v[to, at], w[c, row - to, column - at]
            for m in range(maps):
                target[m] += weights[m]


@njit(cache=True, nogil=True)
def largest(v, taking_part, threshold):  # type: ignore[no-untyped-def]
    """Return map, row and column of the largest potential above the threshold; of equals the lower map, row, column."""
    rows, columns, maps = v.shape
    best, map_, row, column = threshold, -1, -1, -1
    for r in range(rows):
        for c in range(columns):
            here = v[r, c]
            for m in range(maps):
                if taking_part[m] and (here[m] > best or (here[m] == best and 0 <= m < map_)):
                    best, map_, row, column = here[m], m, r, c
    return map_, row, column


@njit(cache=True, nogil=True)
def others_equal(v, potential, groups, group, taking_part):  # type: ignore[no-untyped-def]
    """Say whether a neuron of another group has the same potential."""
    rows, columns, maps = v.shape
    for r in range(rows):
        for c in range(columns):
            for m in range(maps):
                if taking_part[m] and groups[m] != group and v[r, c, m] == potential:
                    return True
    return False
