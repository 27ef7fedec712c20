"""How fast events become arrays, beside the same in plain NumPy: `ufunc.at`, which adds and compares one by one.

Random events are the hardest for a memory; a bar that moves, whose events lie close together, is what cameras see. Both
ways take the same streams by turns, on one core; its time is counted, not what it waits for others.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import cpu_timed
from spikesight.events.representations import (
    EqualShares,
    Exponential,
    ToLastBin,
    film,
    histogram,
    reference,
    time_surface,
    tore,
    voxel_grid,
)
from spikesight.events.stream import EventStream
from spikesight.runs.machine import machine

EVENTS, TURNS, SECOND = 5_000_000, 5, 1_000_000
SENSORS = ((346, 260), (1280, 720))
BINS, FRAMES, DEPTH = 5, 16, 8
BEGIN = 1_700_000_000_000_000
"""Microseconds since 1970: times as absolute as cameras give them."""
DECAY = Exponential()
CLOSE = 1e-4
"""Voxels of up to some hundred events, of which single precision keeps seven digits."""

Work = Callable[[EventStream], NDArray[Any]]


class Ways(NamedTuple):
    """A representation as it is and in plain NumPy."""

    fast: Work
    plain: Work


REPRESENTATIONS = {
    "histogram": Ways(histogram, reference.histogram),
    "frames": Ways(partial(film, cut=EqualShares(FRAMES)), partial(reference.film, cut=EqualShares(FRAMES))),
    "voxel_grid": Ways(partial(voxel_grid, bins=BINS), lambda events: reference.voxel_grid(events, BINS, ToLastBin())),
    "time_surface": Ways(
        partial(time_surface, decay=DECAY), lambda events: reference.time_surface(events, DECAY, int(events.t[-1]))
    ),
    "tore": Ways(
        partial(tore, depth=DEPTH), lambda events: reference.tore(events, DEPTH, int(events.t[-1]), 150, 5_000_000)
    ),
}


def measure(events: int = EVENTS, turns: int = TURNS) -> Report:
    """Measure and return the report: `events` of each stream, `turns` for each median.

    Ratios are plain over fast; what is named by the representation alone is the least of all streams. Memory is what is
    taken at most while a representation is made, its array with it.
    Errors: SpikesightError where the two ways disagree.
    """
    figures, ratios = {}, {}
    streams = {
        f"{width}x{height}_{name}": make(events, width, height)
        for width, height in SENSORS
        for name, make in (("random", at_random), ("bar", of_a_bar))
    }
    for name, ways in REPRESENTATIONS.items():
        gains = {}
        for stream, made in streams.items():
            fast, plain = _compared(name, ways, made, turns)
            figures[f"{name}_{stream}_mev_s"] = events / fast / 1e6
            figures[f"{name}_{stream}_peak_mb"] = _peak(ways.fast, made) / 1e6
            gains[stream] = plain / fast
        figures[f"{name}_mev_s"] = min(figures[f"{name}_{stream}_mev_s"] for stream in streams)
        ratios[f"{name}_over_plain"] = min(gains.values())
        ratios |= {f"{name}_over_plain_{stream}": gain for stream, gain in gains.items()}
    return Report("representations", figures, ratios, machine())


def at_random(events: int, width: int, height: int) -> EventStream:
    """Return events of a second at pixels drawn one by one."""
    random = generator(0, "events at random", events, width, height)
    t = BEGIN + np.sort(random.integers(0, SECOND, events))
    x, y = (random.integers(0, size, events).astype(np.uint16) for size in (width, height))
    return EventStream(t, x, y, random.random(events) < 0.5, width, height)


def of_a_bar(events: int, width: int, height: int) -> EventStream:
    """Return events of a second at the edges of an upright bar, that goes from left to right in it."""
    random = generator(0, "events of a bar", events, width, height)
    t = np.sort(random.integers(0, SECOND, events))
    on = random.random(events) < 0.5
    edge = width * (0.1 + 0.7 * t / SECOND + np.where(on, 0.1, 0.0)) + random.normal(0.0, 2.0, events)
    x = edge.clip(0, width - 1).astype(np.uint16)
    y = random.integers(height // 4, 3 * height // 4, events).astype(np.uint16)
    return EventStream(BEGIN + t, x, y, on, width, height)


def _compared(name: str, ways: Ways, events: EventStream, turns: int) -> tuple[float, float]:
    if not np.allclose(ways.fast(events), ways.plain(events), rtol=CLOSE, atol=CLOSE):
        raise SpikesightError(f"{name} differs from its plain form: please report this")
    seconds: dict[str, list[float]] = {"fast": [], "plain": []}
    for _ in range(turns):
        for way, work in zip(seconds, ways, strict=True):
            # A new stream each time, so that the look at the order of its events is counted.
            again = EventStream(events.t, events.x, events.y, events.p, events.width, events.height)
            seconds[way].append(cpu_timed(partial(work, again)))
    return median(seconds["fast"]), median(seconds["plain"])


def _peak(work: Work, events: EventStream) -> int:
    tracemalloc.start()
    try:
        work(EventStream(events.t, events.x, events.y, events.p, events.width, events.height))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
