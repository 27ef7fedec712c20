"""A pixel that has spoken is not heard again for a while: bursts and flicker become single events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from spikesight.events.cleaning.checks import check_counts
from spikesight.events.stream import EventStream


def refractory(events: EventStream, microseconds: int) -> EventStream:
    """Return the events that come `microseconds` or more after the last one of their pixel that was returned.

    Polarity plays no part. Events that are left out do not make the time begin again.
    Errors: InputError where events are not in order of time.
    """
    check_counts(microseconds=microseconds)
    t, x, y = (np.asarray(column) for column in (events.in_order().t, events.x, events.y))
    return events.of(_rested(t, x, y, events.width, events.height, microseconds))


@dataclass(frozen=True)
class Refractory:
    """See `refractory`."""

    microseconds: int = 1_000

    def __post_init__(self) -> None:
        check_counts(microseconds=self.microseconds)

    def __call__(self, events: EventStream) -> EventStream:
        """Return the events of rested pixels.   Errors: InputError where they are not in order of time."""
        return refractory(events, self.microseconds).after(repr(self))


@njit(cache=True, nogil=True)
def _rested(t, x, y, width, height, microseconds):  # type: ignore[no-untyped-def]
    last = np.full((height, width), np.iinfo(np.int64).min)
    kept = np.zeros(len(t), np.bool_)
    for k in range(len(t)):
        row, column = int(y[k]), int(x[k])
        if last[row, column] <= t[k] - microseconds:
            kept[k] = True
            last[row, column] = t[k]
    return kept
