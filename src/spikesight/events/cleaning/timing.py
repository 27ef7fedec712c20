"""The scene faster, slower or backwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from spikesight.base.errors import InputError
from spikesight.events.cleaning.checks import whole_times
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class Stretch:
    """Everything takes `factor` times as long; the earliest event stays where it is. To the nearest microsecond.

    Errors: InputError for a factor that is not positive.
    """

    factor: float

    def __post_init__(self) -> None:
        if not 0.0 < self.factor < np.inf:
            raise InputError(f"time is stretched by a positive factor, got {self.factor}")

    def __call__(self, events: EventStream) -> EventStream:
        """Return all events at their new times.   Errors: InputError where these do not fit 64 bits."""
        if not len(events):
            return events.after(repr(self))
        first = events.t.min()
        return replace(events, t=first + whole_times((events.t - first) * self.factor)).after(repr(self))


@dataclass(frozen=True)
class Backwards:
    """The last comes first, between the same two times; what became brighter becomes darker."""

    def __call__(self, events: EventStream) -> EventStream:
        """Return all events, in the other order."""
        if not len(events):
            return events.after(repr(self))
        turned = events.of(slice(None, None, -1))
        return replace(turned, t=events.t.min() + (events.t.max() - turned.t), p=~turned.p).after(repr(self))
