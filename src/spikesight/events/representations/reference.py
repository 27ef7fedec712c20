"""Every representation in plain NumPy, event by event or with `ufunc.at`: slow, and right.

Each takes and returns what the function of the same name does, in double precision where that is of sums. That events
are in order is not looked at again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.events.representations.cuts import Cut
from spikesight.events.representations.decays import Decay
from spikesight.events.representations.surface import NEVER
from spikesight.events.representations.tensor import ByCount, ByTime
from spikesight.events.representations.voxel import BeyondLastBin, ToLastBin
from spikesight.events.stream import EventStream

Array = NDArray[np.float64]


def histogram(events: EventStream) -> NDArray[np.uint32]:
    """Return counts (2, H, W)."""
    counts = np.zeros((2, events.height, events.width), np.uint32)
    np.add.at(counts, (events.p.astype(np.intp), events.y, events.x), 1)
    return counts


def signed_image(events: EventStream) -> NDArray[np.int32]:
    """Return sums of signs (H, W)."""
    sums = np.zeros((events.height, events.width), np.int32)
    np.add.at(sums, (events.y, events.x), np.where(events.p, 1, -1))
    return sums


def film(events: EventStream, cut: Cut) -> NDArray[np.uint32]:
    """Return counts (T, 2, H, W)."""
    counts = np.zeros((cut.parts, 2, events.height, events.width), np.uint32)
    edges = cut.edges(events)
    chosen = slice(edges[0], edges[-1])
    frame = np.repeat(np.arange(cut.parts), np.diff(edges))
    np.add.at(counts, (frame, events.p[chosen].astype(np.intp), events.y[chosen], events.x[chosen]), 1)
    return counts


def voxel_grid(events: EventStream, bins: int, reach: ToLastBin | BeyondLastBin) -> Array:
    """Return sums of signs (B, H, W)."""
    size, position = (events.height, events.width), _position(events, reach.last(bins))
    return _shared(bins, size, position, (events.y, events.x), np.where(events.p, 1.0, -1.0))


def rectified_voxel_grid(events: EventStream, bins: int, positions: NDArray[Any]) -> Array:
    """Return sums of signs (B, H, W): each event is shared by the eight cells around it."""
    grid = np.zeros((bins, events.height, events.width))
    x, y = positions[events.y, events.x].astype(np.float64).T
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    for column in (left, left + 1):
        for row in (top, top + 1):
            share = (1 - np.abs(column - x)) * (1 - np.abs(row - y)) * np.where(events.p, 1.0, -1.0)
            seen = (column >= 0) & (column < events.width) & (row >= 0) & (row < events.height)
            position = _position(events, bins - 1)[seen]
            grid += _shared(bins, grid.shape[1:], position, (row[seen], column[seen]), share[seen])
    return grid


def spike_tensor(events: EventStream, bins: int, measure: ByTime | ByCount) -> Array:
    """Return the tensor (2 B, H, W)."""
    size, position = (2, events.height, events.width), _position(events, bins - 1)
    measured = position / (bins - 1) if measure.from_time else np.ones(len(events))
    grid = _shared(bins, size, position, (events.p.astype(np.intp), events.y, events.x), measured)
    return grid.swapaxes(0, 1).reshape(-1, events.height, events.width)


def last_times(events: EventStream) -> NDArray[np.int64]:
    """Return the latest times (2, H, W), or `NEVER`."""
    times = np.full((2, events.height, events.width), NEVER)
    np.maximum.at(times, (events.p.astype(np.intp), events.y, events.x), events.t)
    return times


def time_surface(events: EventStream, decay: Decay, at: int) -> NDArray[np.float32]:
    """Return what is left (2, H, W)."""
    times = last_times(events.of(slice(np.searchsorted(events.t, at, "right"))))
    ages = np.where(times == NEVER, np.inf, (at - np.maximum(times, at - 2**62)) * 1e-6)
    return decay(ages.astype(np.float32))


def tore(events: EventStream, depth: int, at: int, shortest: int, longest: int) -> Array:
    """Return (2 depth, H, W)."""
    seen = events.of(slice(np.searchsorted(events.t, at, "right")))
    cell = seen.p * np.int64(events.height * events.width) + seen.pixel
    order = np.argsort(cell, kind="stable")
    rank = np.searchsorted(cell[order], cell[order], "right") - 1 - np.arange(len(order))
    chosen, rank = order[rank < depth], rank[rank < depth]
    ages = np.full((2, depth, events.height, events.width), float(longest))
    ages[seen.p[chosen].astype(np.intp), rank, seen.y[chosen], seen.x[chosen]] = at - seen.t[chosen]
    found: Array = np.maximum(0.0, np.log(np.minimum(ages, longest) + 1) - np.log(shortest + 1))
    return found.reshape(-1, events.height, events.width)


def statistics(events: EventStream, begin: int, microseconds: int) -> Array:
    """Return number, mean and deviation of each polarity (6, H, W)."""
    out = np.zeros((3, 2, events.height, events.width))
    when = (events.t - begin) / microseconds if microseconds else np.zeros(len(events))
    for p in range(2):
        for y in range(events.height):
            for x in range(events.width):
                here = when[(events.p == p) & (events.y == y) & (events.x == x)]
                out[:, p, y, x] = (len(here), here.mean(), here.std()) if len(here) else 0.0
    return out.reshape(6, events.height, events.width)


def averaged_surface(events: EventStream, cell: int, radius: int, tau: float, memory: float) -> Array:
    """Return the mean of what events find, (cells down, cells across, 2, 2 radius + 1, 2 radius + 1)."""
    down, across = -(-events.height // cell), -(-events.width // cell)
    sums = np.zeros((down, across, 2, 2 * radius + 1, 2 * radius + 1))
    numbers = np.zeros((down, across))
    every = list(zip(*_columns(events), strict=True))
    for t, x, y, p in every:
        numbers[y // cell, x // cell] += 1
        for earlier, i, j, q in every:
            near = abs(i - x) <= radius and abs(j - y) <= radius and (i // cell, j // cell) == (x // cell, y // cell)
            if near and q == p and 0 < t - earlier <= memory * 1e6:
                place = (y // cell, x // cell, p, j - y + radius, i - x + radius)
                sums[place] += np.exp(-(t - earlier) * 1e-6 / tau)
    return sums / np.maximum(numbers, 1)[..., None, None, None]


def _position(events: EventStream, last: int) -> Array:
    """Return where in the bins each event lies, from 0, the first, to `last`."""
    if not len(events):
        return np.zeros(0)
    begin = events.t.min()
    length = events.t.max() - begin
    return (events.t - begin) * (last / length) if length else np.zeros(len(events))


def _shared(bins: int, size: tuple[int, ...], position: Array, place: tuple[Any, ...], value: Array) -> Array:
    """Return (bins, *size), where values are added to the two bins around each position."""
    grid = np.zeros((bins + 2, *size))  # two more, for what is at or beyond the last
    early = np.floor(position).astype(np.int64)
    late = position - early
    np.add.at(grid, (early, *place), value * (1.0 - late))
    np.add.at(grid, (early + 1, *place), value * late)
    return grid[:bins]


def _columns(events: EventStream) -> list[list[int]]:
    return [column.astype(np.int64).tolist() for column in (events.t, events.x, events.y, events.p)]
