"""Where events are dense some are left out, where they are sparse all stay: a limit per cell and period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from spikesight.events.cleaning.checks import check_counts
from spikesight.events.stream import EventStream


def thin(events: EventStream, most: int, side: int, microseconds: int) -> EventStream:
    """Return the first `most` events of each cell of `side` x `side` pixels in each period of `microseconds`.

    Periods begin at whole multiples of their length, so that a stream may be thinned in pieces cut there.
    Errors: InputError where events are not in order of time.
    """
    check_counts(most=most, side=side, microseconds=microseconds)
    t, x, y = (np.asarray(column) for column in (events.in_order().t, events.x, events.y))
    side = min(side, max(events.width, events.height))
    cells = (-(-events.height // side), -(-events.width // side))
    return events.of(_among_the_first(t, x, y, cells, most, side, microseconds))


@dataclass(frozen=True)
class Thin:
    """See `thin`."""

    most: int = 1
    side: int = 4
    microseconds: int = 10_000

    def __post_init__(self) -> None:
        check_counts(most=self.most, side=self.side, microseconds=self.microseconds)

    def __call__(self, events: EventStream) -> EventStream:
        """Return what is within the limit.   Errors: InputError where events are not in order of time."""
        return thin(events, self.most, self.side, self.microseconds).after(repr(self))


@njit(cache=True, nogil=True)
def _among_the_first(t, x, y, cells, most, side, microseconds):  # type: ignore[no-untyped-def]
    # Divisions are slow: a period and the cell of a pixel are each worked out once.
    of_row, of_column = np.arange(cells[0] * side) // side, np.arange(cells[1] * side) // side
    period, seen = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    kept = np.zeros(len(t), np.bool_)
    now, end = np.int64(0), np.iinfo(np.int64).min
    for k in range(len(t)):
        if t[k] >= end:
            now = t[k] // microseconds
            end = (now + 1) * microseconds
        cell = of_row[y[k]], of_column[x[k]]
        if now != period[cell]:
            period[cell], seen[cell] = now, 0
        kept[k] = seen[cell] < most
        seen[cell] += 1
    return kept
