"""Competition between maps: who fires first keeps others from firing, and who learns.

Everywhere the order is the same: earlier first; of those in the same step the larger potential; of equals the lower
map, then row, then column.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.layer import Fired, checked_maps


class Winner(NamedTuple):
    """A neuron that won: where it is, when it fired (in the unit of the latencies), its potential then."""

    map: int
    row: int
    col: int
    time: float
    potential: float


def one_map_per_place(fired: Fired) -> Fired:
    """Let only the first map fire at each place (row, column) of maps (B, C, H, W).

    The others at a place where one fired are silent, and at rest: their potential is 0.
    Source: Kheradpisheh et al. 2018, section 2.2.   Errors: InputError where the layer has no maps.
    """
    checked_maps(fired.latencies, "inhibition")
    times, potentials = fired
    earliest = times.times.min(axis=1, keepdims=True)
    rival = np.where(times.times == earliest, potentials, -np.inf)
    first = rival.argmax(axis=1, keepdims=True) == np.arange(times.shape[0])[:, None, None]
    contested = earliest < times.never
    keep = ~contested | first
    silent = np.where(keep, times.times, times.times.dtype.type(times.never))
    return Fired(Latencies(silent, times.steps), np.where(keep, potentials, potentials.dtype.type(0)))


def silence(fired: Fired, maps: ArrayLike) -> Fired:
    """Keep some maps of (B, C, H, W) from firing, and at rest: their potential is 0. `maps` are their numbers.

    Errors: InputError for what is no number of a map, and maps that the layer does not have.
    """
    count = checked_maps(fired.latencies, "inhibition")[0]
    given = np.asarray(maps)
    if given.size and given.dtype.kind not in "iu":
        raise InputError(f"maps are told by their numbers, got {given.dtype}: np.flatnonzero gives those of a mask")
    chosen = given.astype(np.int64)
    if chosen.size and not (chosen.min() >= 0 and chosen.max() < count):
        raise InputError(f"maps are numbered 0 to {count - 1}, got {chosen.min()} to {chosen.max()}")
    times, potentials = fired.latencies.times.copy(), fired.potentials.copy()
    times[:, chosen], potentials[:, chosen] = fired.latencies.never, 0
    return Fired(Latencies(times, fired.latencies.steps), potentials)


def fire_in_last_step(fired: Fired) -> Fired:
    """Let every neuron with a potential above 0 that has not fired do so in the last step.

    Behind an infinite threshold that turns final potentials into a competition: the largest wins.
    Errors: InputError for latencies in seconds, which have no last step.
    """
    times, steps = fired.latencies.times, fired.latencies.in_steps
    late = ~fired.latencies.fired & (fired.potentials > 0)
    return Fired(Latencies(np.where(late, times.dtype.type(steps - 1), times), steps), fired.potentials)


def k_winners(fired: Fired, k: int, radius: int = 0) -> list[list[Winner]]:
    """Return, for each item, up to `k` neurons of maps (B, C, H, W) that learn from it, the first winner first.

    A map wins once at most. With a radius above 0 a winner also keeps every neuron of any map from winning that lies
    no further than `radius` rows and columns away. There are fewer winners where nobody else fired.
    Errors: InputError for no winner, more winners than maps, a negative radius, and numbers that are not whole.
    """
    maps = checked_maps(fired.latencies, "inhibition")[0]
    check_winners(k, radius, maps)
    return [
        _winners(Fired(fired.latencies[item : item + 1], fired.potentials[item : item + 1]), k, radius)
        for item in range(len(fired.latencies))
    ]


def check_winners(k: int, radius: int, maps: int) -> None:
    """Refuse a competition that cannot be.   Errors: InputError, as `k_winners`."""
    if not 1 <= k <= maps or k != int(k):
        raise InputError(f"each map wins once at most, so {maps} maps have 1 to {maps} winners; got {k}")
    if not 0 <= radius < np.inf or radius != int(radius):
        raise InputError(f"a radius is 0 at least, in whole places, got {radius}")


def _winners(item: Fired, k: int, radius: int) -> list[Winner]:
    times, potentials = item.latencies.times[0], item.potentials[0]
    order = np.lexsort((-potentials.ravel(), times.ravel()))  # stable: equals stay in the order of map, row, column
    out = ~item.latencies.fired[0]
    found: list[Winner] = []
    for place in order:
        at = np.unravel_index(place, times.shape)
        if out[at]:
            continue
        c, row, col = (int(i) for i in at)
        found.append(Winner(c, row, col, times[at].item(), potentials[at].item()))
        if len(found) == k:
            break
        out[c] = True
        if radius:
            out[:, max(0, row - radius) : row + radius + 1, max(0, col - radius) : col + radius + 1] = True
    return found
