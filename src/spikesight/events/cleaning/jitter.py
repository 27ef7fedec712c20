"""Events a little beside where and when they were."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.events.cleaning.checks import whole_times
from spikesight.events.cleaning.motion import placed
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class JitterTime:
    """Each event earlier or later by a normal number with deviation `microseconds`, then in order of time again."""

    microseconds: float = 100.0
    seed: int = 0

    def __post_init__(self) -> None:
        _check(self.microseconds)

    def __call__(self, events: EventStream) -> EventStream:
        """Return all events; of those at one time, the one that came first stays first.

        Errors: InputError where times do not fit 64 bits.
        """
        late = generator(self.seed, "late events").normal(0.0, self.microseconds, len(events))
        moved = events.t + whole_times(late)
        order = np.argsort(moved, kind="stable")
        return replace(events.of(order), t=moved[order]).after(repr(self))


@dataclass(frozen=True)
class JitterPlace:
    """Each event beside its pixel by normal numbers with deviation `pixels`; what leaves the sensor is lost."""

    pixels: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        _check(self.pixels)

    def __call__(self, events: EventStream) -> EventStream:
        """Return the events that stay on the sensor."""
        x, y = generator(self.seed, "misplaced events").normal(0.0, self.pixels, (2, len(events)))
        return placed(events, events.x + x, events.y + y).after(repr(self))


def _check(deviation: float) -> None:
    if not 0.0 <= deviation < np.inf:
        raise InputError(f"a deviation is a number from 0 on, got {deviation}")
