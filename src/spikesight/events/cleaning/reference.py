"""The compiled cleanings in plain Python: what they mean. One event after the other, by the words of the definition."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spikesight.events.cleaning.cells import in_cells
from spikesight.events.stream import EventStream

Place = tuple[int, int]


def _each(events: EventStream) -> Iterator[tuple[int, Place, bool]]:
    columns = (column.tolist() for column in (events.t, events.x, events.y, events.p))
    for t, x, y, p in zip(*columns, strict=True):
        yield t, (x, y), p


def denoise(events: EventStream, microseconds: int) -> EventStream:
    """See `spikesight.events.cleaning.denoise.denoise`."""
    last: dict[Place, int] = {}
    kept = []
    for k, (t, (x, y), _) in enumerate(_each(events)):
        around = [(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
        if any(place in last and t - last[place] <= microseconds for place in around):
            kept.append(k)
        last[x, y] = t
    return _chosen(events, kept)


def refractory(events: EventStream, microseconds: int) -> EventStream:
    """See `spikesight.events.cleaning.refractory.refractory`."""
    last: dict[Place, int] = {}
    kept = []
    for k, (t, place, _) in enumerate(_each(events)):
        if place not in last or t - last[place] >= microseconds:
            kept.append(k)
            last[place] = t
    return _chosen(events, kept)


def thin(events: EventStream, most: int, side: int, microseconds: int) -> EventStream:
    """See `spikesight.events.cleaning.thin.thin`."""
    seen: dict[tuple[Place, int], int] = {}
    kept = []
    for k, (t, (x, y), _) in enumerate(_each(events)):
        where = (x // side, y // side), t // microseconds
        seen[where] = seen.get(where, 0) + 1
        if seen[where] <= most:
            kept.append(k)
    return _chosen(events, kept)


def funnelling(events: EventStream, factor: int, microseconds: int) -> EventStream:
    """See `spikesight.events.cleaning.funnelling.funnelling`."""
    small = in_cells(events, factor)
    known: set[tuple[Place, bool, int]] = set()
    kept = []
    for k, (t, place, p) in enumerate(_each(small)):
        kind = place, p, t // microseconds
        if kind not in known:
            kept.append(k)
        known.add(kind)
    return _chosen(small, kept)


def event_count(events: EventStream, factor: int, threshold: int = 1) -> EventStream:
    """See `spikesight.events.cleaning.event_count.event_count`."""
    small = in_cells(events, factor)
    level: dict[Place, int] = {}
    direction: dict[Place, bool] = {}
    kept = []
    for k, (_, place, on) in enumerate(_each(small)):
        level[place] = level.get(place, 0) + (1 if on else -1)
        if level[place] % (threshold * factor**2) == 0:
            if direction.get(place, on) == on:
                kept.append(k)
            direction[place] = on
    return _chosen(small, kept)


def _chosen(events: EventStream, kept: list[int]) -> EventStream:
    return events.of(np.array(kept, np.int64))
