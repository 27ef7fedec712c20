"""Fewer pixels by counting: a cell speaks when its pixels have, together, changed as much as one pixel that speaks.

Dense events are reduced by the area of a cell, sparse noise disappears.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from spikesight.events.cleaning.cells import in_cells
from spikesight.events.cleaning.checks import MOST, check_counts
from spikesight.events.stream import EventStream


def event_count(events: EventStream, factor: int, threshold: int = 1) -> EventStream:
    """Return events of cells of `factor` x `factor` pixels, each when its mean level passes a multiple of `threshold`.

    An event moves the level of its pixel by +1 or -1; that of a cell is the mean. The first pass after a change of
    direction is swallowed: where a level comes back from where it went, nothing new is there to be told. Levels are
    summed as whole numbers, so that any factor is exact; cells at the border that are smaller count as whole ones.
    Shapes: the stream is of ceil(width / factor) x ceil(height / factor).   Errors: InputError where events are not in
    order of time.   Source: Gruel et al., VISAPP 2022 (event count).
    """
    check_counts(factor=factor, threshold=threshold)
    small = in_cells(events.in_order(), factor)
    whole = min(threshold * factor**2, MOST)  # more than there are events in any stream
    x, y, p = (np.asarray(column) for column in (small.x, small.y, small.p))
    return small.of(_passes(x, y, p, small.width, small.height, whole))


@dataclass(frozen=True)
class EventCount:
    """See `event_count`."""

    factor: int = 4
    threshold: int = 1

    def __post_init__(self) -> None:
        check_counts(factor=self.factor, threshold=self.threshold)

    def __call__(self, events: EventStream) -> EventStream:
        """Return events of the smaller sensor.   Errors: InputError where they are not in order of time."""
        return event_count(events, self.factor, self.threshold).after(repr(self))


@njit(cache=True, nogil=True)
def _passes(x, y, p, width, height, whole):  # type: ignore[no-untyped-def]
    # `left` is what the sum of a cell is above a multiple of `whole`: a comparison instead of a division.
    left, direction = np.zeros((height, width), np.int64), np.zeros((height, width), np.int8)
    kept = np.zeros(len(x), np.bool_)
    for k in range(len(x)):
        cell, sign = (int(y[k]), int(x[k])), 1 if p[k] else -1
        level = left[cell] + sign
        if level == whole:
            level = 0
        elif level < 0:
            level = whole - 1
        left[cell] = level
        if level == 0:
            kept[k] = direction[cell] != -sign
            direction[cell] = sign
    return kept
