"""How fast events are cleaned and reduced, beside the definition in plain Python.

Made-up events of a sensor of 640 x 480: nine of ten at random pixels, the others on an edge that moves. The plain form
goes through a part of them, since it takes minutes for all; both must keep the same events of it.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Final

import numpy as np

from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import timed
from spikesight.events.cleaning import reference
from spikesight.events.cleaning.denoise import denoise
from spikesight.events.cleaning.event_count import event_count
from spikesight.events.cleaning.funnelling import funnelling
from spikesight.events.cleaning.refractory import refractory
from spikesight.events.cleaning.thin import thin
from spikesight.events.stream import EventStream
from spikesight.runs.machine import machine

WIDTH, HEIGHT = 640, 480
EVENTS, PLAIN, TURNS = 4_000_000, 100_000, 5
PER_SECOND = 10_000_000
Way = Callable[[EventStream], EventStream]

WAYS: Final[dict[str, tuple[Way, Way]]] = {
    "denoise": (lambda e: denoise(e, 2_000), lambda e: reference.denoise(e, 2_000)),
    "refractory": (lambda e: refractory(e, 2_000), lambda e: reference.refractory(e, 2_000)),
    "thin": (lambda e: thin(e, 1, 4, 1_000), lambda e: reference.thin(e, 1, 4, 1_000)),
    "funnelling": (lambda e: funnelling(e, 4, 1_000), lambda e: reference.funnelling(e, 4, 1_000)),
    "event_count": (lambda e: event_count(e, 4), lambda e: reference.event_count(e, 4)),
}
"""Compiled and plain."""


def measure(events: int = EVENTS, plain: int = PLAIN, turns: int = TURNS) -> Report:
    """Measure and return the report: millions of events per second, `events` of them, the plain form `plain`.

    Errors: SpikesightError where the two forms differ.
    """
    stream = drawn(events)
    part = stream.of(slice(0, plain))
    assert not stream.backward_steps  # counted once here, so that no way pays for it
    figures, ratios = {}, {}
    for name, (fast, slow) in WAYS.items():
        one, other = fast(part), slow(part)
        if one.rows.tobytes() != other.rows.tobytes():
            raise SpikesightError(f"{name} keeps other events than its definition: please report this")
        seconds, plain_seconds = [], []
        for _ in range(turns):
            seconds.append(timed(lambda fast=fast: fast(stream)) / events)  # type: ignore[misc]
            plain_seconds.append(timed(lambda slow=slow: slow(part)) / len(part))  # type: ignore[misc]
        figures[f"{name}_mev_s"] = 1e-6 / median(seconds)
        figures[f"{name}_plain_mev_s"] = 1e-6 / median(plain_seconds)
        ratios[f"{name}_vs_plain"] = median(p / s for p, s in zip(plain_seconds, seconds, strict=True))
    return Report("event-cleaning", figures, ratios, machine())


def drawn(count: int) -> EventStream:
    """Return `count` events, nine of ten anywhere, the others on an edge that crosses the sensor in a second."""
    random = generator(0, "events to clean")
    t = np.arange(count, dtype=np.int64) * 1_000_000 // PER_SECOND
    x, y = random.integers(0, WIDTH, count, np.uint16), random.integers(0, HEIGHT, count, np.uint16)
    edge = random.random(count) < 0.1
    x[edge] = (t[edge] * WIDTH // 1_000_000 % WIDTH).astype(np.uint16)
    return EventStream(t, x, y, random.random(count) < 0.6, WIDTH, HEIGHT)
