"""Fewer pixels by funnelling: the pixels of a cell speak with one voice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from spikesight.events.cleaning.cells import in_cells
from spikesight.events.cleaning.checks import check_counts
from spikesight.events.stream import EventStream


def funnelling(events: EventStream, factor: int, microseconds: int) -> EventStream:
    """Return the events of a sensor whose pixels are cells of `factor` x `factor`; what is then the same, once.

    Events of one cell and polarity are the same where they lie between the same two multiples of `microseconds`; the
    first of them stays, at its own time. With 1 only equal times are the same, as published, which merges next to
    nothing of a real recording.
    Errors: InputError where events are not in order of time.
    Source: Gruel, Martinet, Serrano-Gotarredona & Linares-Barranco, VISAPP 2022.
    """
    check_counts(factor=factor, microseconds=microseconds)
    small = in_cells(events.in_order(), factor)
    t, x, y, p = (np.asarray(column) for column in (small.t, small.x, small.y, small.p))
    return small.of(_first_of_their_kind(t, x, y, p, small.width, small.height, microseconds))


@dataclass(frozen=True)
class Funnelling:
    """See `funnelling`."""

    factor: int = 4
    microseconds: int = 1_000

    def __post_init__(self) -> None:
        check_counts(factor=self.factor, microseconds=self.microseconds)

    def __call__(self, events: EventStream) -> EventStream:
        """Return events of the smaller sensor.   Errors: InputError where they are not in order of time."""
        return funnelling(events, self.factor, self.microseconds).after(repr(self))


@njit(cache=True, nogil=True)
def _first_of_their_kind(t, x, y, p, width, height, microseconds):  # type: ignore[no-untyped-def]
    last = np.full((height, width, 2), np.iinfo(np.int64).min)
    kept = np.zeros(len(t), np.bool_)
    now, end = np.int64(0), np.iinfo(np.int64).min
    for k in range(len(t)):
        if t[k] >= end:  # divisions are slow: one for all events between two multiples
            now = t[k] // microseconds
            end = (now + 1) * microseconds
        kind = int(y[k]), int(x[k]), int(p[k])
        kept[k] = last[kind] != now
        last[kind] = now
    return kept
