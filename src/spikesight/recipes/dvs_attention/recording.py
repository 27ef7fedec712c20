"""A recording of a camera, without a truth: does noise lead attention away from where it goes without?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.randomness import generator
from spikesight.circuits.engine import Fired
from spikesight.encoding.event_steps import by_step, steps_to_last
from spikesight.events.stream import EventStream, together
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.zoo.saliency import Regions, winners

BUSY = 0.1
"""Share of regions, those with most events of the recording itself, in which a win counts as a hit."""


class Recorded(NamedTuple):
    """Share of wins in the busiest regions; the share of such regions, which is chance; and the number of wins."""

    hits: float | None
    chance: float
    wins: int


def with_noise(recording: EventStream, times: float, seed: int) -> EventStream:
    """Return a recording with `times` as many events of noise, uniform over its pixels and its time."""
    random = generator(seed, "noise")
    count = round(times * len(recording))
    t = np.sort(random.integers(recording.t[0], recording.t[-1] + 1, count))
    x, y = random.integers(0, recording.width, count), random.integers(0, recording.height, count)
    noise = EventStream(t, x, y, random.random(count) < 0.5, recording.width, recording.height)  # type: ignore[arg-type]
    return together(recording, noise)


def looked_at(regions: Regions, recording: EventStream) -> Fired:
    """Return the regions that win."""
    return winners(regions, by_step(recording, regions.dt, steps_to_last(recording, regions.dt)), FusedCpu())


def busy(regions: Regions, recording: EventStream) -> NDArray[np.bool_]:
    """Return which regions have most events, a tenth of them, (regions,)."""
    counts = np.bincount(regions.of_pixel[recording.pixel], minlength=regions.shape[0] * regions.shape[1])
    most = np.zeros(len(counts), np.bool_)
    most[np.argsort(-counts, kind="stable")[: round(BUSY * len(counts))]] = True
    return most


def led(regions: Regions, recording: EventStream, times: float, seed: int) -> Recorded:
    """Return how many wins in the noisy recording lie where the recording itself has most events."""
    most = busy(regions, recording)
    fired = looked_at(regions, with_noise(recording, times, seed))
    hits = float(most[fired.unit].mean()) if len(fired.unit) else None
    return Recorded(hits, float(most.mean()), len(fired.unit))
