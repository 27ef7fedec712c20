"""Time as bins that events lie between: what voxel grids and spike tensors have in common."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream

AT_ONCE: Final = (1 << 20) - 1
"""Most events of a part."""

APART: Final = 8
"""Columns that nothing is in, a cache line or two: rows as long as some pages would share few places of a cache."""


class Between(NamedTuple):
    """Events, by their numbers, that lie between `bin` and the next: event n at ``(t[n] - begin) * scale`` bins."""

    bin: int
    part: slice
    begin: int
    scale: float


def between_bins(events: EventStream, bins: int, last: int) -> Iterator[Between]:
    """Go through events from bin to bin, `AT_ONCE` of them at most: from 0, the first event, to `last`, the last.

    Where all events have one time, they are all at 0.
    Errors: InputError for no bin, or where events are not in order of time.
    """
    check_bins(bins)
    t = events.in_order().t
    if not len(t):
        return
    begin, length = int(t[0]), int(t[-1]) - int(t[0])
    steps = last if length else 0
    edges = np.array([begin - (-k * length // steps) for k in range(1, steps)], np.int64)
    cuts = (0, *np.searchsorted(t, edges).tolist(), len(t))
    for k, (first, end) in enumerate(pairwise(cuts)):
        for place in range(first, end, AT_ONCE):
            yield Between(k, slice(place, min(place + AT_ONCE, end)), begin, steps / length if steps else 0.0)


def check_bins(bins: int) -> None:
    """Refuse fewer bins than one.   Errors: InputError."""
    if bins < 1:
        raise InputError(f"time is cut into a bin or more, got {bins}")
