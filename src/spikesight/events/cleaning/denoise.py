"""Noise comes alone: an event stays if one of the eight pixels around had one shortly before.

What moves excites neighbours one after the other, shot noise and leak do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from spikesight.events.cleaning.checks import check_counts
from spikesight.events.stream import EventStream


def denoise(events: EventStream, microseconds: int) -> EventStream:
    """Return the events before which, by at most `microseconds`, a neighbour had an event of either polarity.

    The pixel's own events do not count, so that a hot pixel does not support itself; events that are left out support
    others. The first event of an edge is lost.
    Errors: InputError where events are not in order of time.
    Source: T. Delbruck, Frame-free dynamic digital vision, 2008 (background activity filter).
    """
    check_counts(microseconds=microseconds)
    t, x, y = (np.asarray(column) for column in (events.in_order().t, events.x, events.y))
    return events.of(_supported(t, x, y, events.width, events.height, microseconds))


@dataclass(frozen=True)
class Denoise:
    """See `denoise`."""

    microseconds: int = 10_000

    def __post_init__(self) -> None:
        check_counts(microseconds=self.microseconds)

    def __call__(self, events: EventStream) -> EventStream:
        """Return the events that have company.   Errors: InputError where they are not in order of time."""
        return denoise(events, self.microseconds).after(repr(self))


@njit(cache=True, nogil=True)
def _supported(t, x, y, width, height, microseconds):  # type: ignore[no-untyped-def]
    # A ring of pixels that never fire saves asking for the border.
    last = np.full((height + 2, width + 2), np.iinfo(np.int64).min)
    kept = np.zeros(len(t), np.bool_)
    for k in range(len(t)):
        row, column, since = int(y[k]), int(x[k]), t[k] - microseconds
        found = (last[row + 1, column] >= since) | (last[row + 1, column + 2] >= since)
        for j in range(column, column + 3):
            found |= (last[row, j] >= since) | (last[row + 2, j] >= since)
        kept[k] = found
        last[row + 1, column + 1] = t[k]
    return kept
