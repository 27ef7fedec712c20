"""Who learns from an item, compiled: spikes are followed only until the last winner has fired.

Winners come in the order of their times. So once k are found nothing that is later matters, and the rest of an image
is never computed; a first layer stops after a third of its steps or so.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from spikesight.first_spike.fused_convolution import add, look, strongest
from spikesight.first_spike.spike_order import fired_ones, order_steps


@njit(cache=True, nogil=True)
def find_winners(times, steps, w, threshold, runs, k, radius, one_map_per_place, room, winners, potentials):  # type: ignore[no-untyped-def]
    """Write up to k winners of an item to `winners` (k, 4): map, row, column, step; return how many there are.

    They are those of `inhibition.k_winners` on what `convolution.fire` gives, in the same order; `potentials` (k,)
    takes theirs. `times` (rows, columns, maps of the input) are in steps; `w` are the weights (maps of the input,
    rows, columns, maps) in a row, `runs` the layer's `plan` and `room` its room. With an infinite threshold they are
    those with the largest final potentials above 0, in the last step, as `inhibition.fire_in_last_step` has it.
    """
    v, closed, low, high, candidates, limits = room.v, room.closed, room.low, room.high, room.candidates, room.limits
    never_before_the_end = threshold == np.inf
    if never_before_the_end:
        count = fired_ones(times, steps, room.order)
        room.starts[0], room.starts[1] = 0, count
        low[:], high[:] = 0, runs.columns - 1
        limits[:] = 0
        groups = 1
    else:
        order_steps(times, steps, room.found, room.order, room.starts)
        low[:], high[:] = runs.columns, -1
        limits[:] = threshold
        groups = steps
    v[:] = 0
    closed[:] = False
    room.won[:] = False
    found = 0
    for g in range(groups):
        add(v, w, room.order, room.starts[g], room.starts[g + 1], runs, low, high)
        left = look(v, limits, runs, low, high, closed, candidates)
        if one_map_per_place:
            for i in range(left):
                room.fired[i] = strongest(v[candidates[i] * runs.maps : (candidates[i] + 1) * runs.maps], limits)
                closed[candidates[i]] = True
        step = steps - 1 if never_before_the_end else g
        while found < k:
            place, m = _best(left, one_map_per_place, runs, room)
            if m < 0:
                break
            row, column = place // runs.columns, runs.columns - 1 - place % runs.columns
            winners[found, 0], winners[found, 1], winners[found, 2], winners[found, 3] = m, row, column, step
            potentials[found] = v[place * runs.maps + m]
            found += 1
            room.won[m] = True
            if not one_map_per_place:
                limits[m] = np.inf
            if radius:
                left = _without_neighbours(left, row, column, radius, runs, room)
        if found == k:
            break
    return found


@njit(cache=True, nogil=True)
def _best(left, one_map_per_place, runs, room):  # type: ignore[no-untyped-def]
    """Return place and map of the best of `left` candidates whose map has not won yet; map -1 for none."""
    best_place, best_map, best = 0, -1, room.v[0]
    for i in range(left):
        place = room.candidates[i]
        here = room.v[place * runs.maps : (place + 1) * runs.maps]
        m = room.fired[i] if one_map_per_place else strongest(here, room.limits)
        if m < 0 or room.won[m]:
            continue
        value = here[m]
        if best_map < 0 or value > best or (value == best and _earlier(m, place, best_map, best_place, runs.columns)):
            best_place, best_map, best = place, m, value
    return best_place, best_map


@njit(cache=True, nogil=True)
def _earlier(m, place, other_map, other, columns):  # type: ignore[no-untyped-def]
    """Say whether a neuron comes before another in the order of map, row, column; places are reversed in each row."""
    if m != other_map:
        return m < other_map
    row, other_row = place // columns, other // columns
    return row < other_row if row != other_row else place > other


@njit(cache=True, nogil=True)
def _without_neighbours(left, row, column, radius, runs, room):  # type: ignore[no-untyped-def]
    """Close the places around a winner; take them out of the candidates and return how many stay."""
    for r in range(max(0, row - radius), min(runs.rows, row + radius + 1)):
        for c in range(max(0, column - radius), min(runs.columns, column + radius + 1)):
            room.closed[r * runs.columns + runs.columns - 1 - c] = True
    kept = 0
    for i in range(left):
        place = room.candidates[i]
        r, c = place // runs.columns, runs.columns - 1 - place % runs.columns
        if max(abs(r - row), abs(c - column)) > radius:
            room.candidates[kept], room.fired[kept] = place, room.fired[i]
            kept += 1
    return kept
