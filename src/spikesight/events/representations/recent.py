"""Time-ordered recent events: how long ago the last few events of each pixel were, in logarithms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class Tore:
    """`tore` as a value, at the time of the last event where no other is given."""

    depth: int = 8
    at: int | None = None
    shortest: int = 150
    longest: int = 5_000_000

    def __call__(self, events: EventStream) -> NDArray[np.float32]:
        """Return (2 depth, H, W).   Errors: InputError where events are not in order of time."""
        return tore(events, self.depth, self.at, self.shortest, self.longest)


def tore(
    events: EventStream, depth: int = 8, at: int | None = None, shortest: int = 150, longest: int = 5_000_000
) -> NDArray[np.float32]:
    """Return ``max(0, log(min(age, longest) + 1) - log(shortest + 1))`` of each pixel's `depth` latest events.

    Shape: (2 depth, H, W), the youngest OFF event first, then the ON events. Ages are in microseconds before `at`, the
    time of the last event where it is not given; an event that there was not has the age `longest`.
    Errors: InputError for no event to keep, ages not in order, or events not in order of time.
    Source: Baldwin et al., TPAMI 2022.
    """
    if depth < 1:
        raise InputError(f"an event or more of each pixel is kept, got {depth}")
    if not 0 <= shortest < longest:
        raise InputError(f"ages lie between the shortest and the longest, got {shortest} and {longest}")
    t = events.in_order().t
    if at is None:
        at = int(t[-1]) if len(t) else 0
    begin, end = np.searchsorted(t, (at - longest, at), "right")  # older ones are as if they were not
    part = slice(begin, end)
    never = np.log(longest + 1.0) - np.log(shortest + 1.0)
    out = np.full((2 * depth, events.height, events.width), never, np.float32)
    kept = np.zeros((2, events.height, events.width), np.min_scalar_type(depth))
    _keep(t[part], events.x[part], events.y[part], events.p[part], at, np.log(shortest + 1.0), kept, out)
    return out


@njit(cache=True, nogil=True)
def _keep(t, x, y, p, at, least, kept, out):  # type: ignore[no-untyped-def]
    cells = kept.size // 2
    depth, width = len(out) // 2, kept.shape[2]
    flat, places = kept.reshape(kept.size), out.reshape(out.size)
    for k in range(len(t) - 1, -1, -1):
        pixel = y[k] * width + x[k]
        cell = p[k] * cells + pixel
        before = np.int64(flat[cell])
        if before < depth:
            places[(p[k] * depth + before) * cells + pixel] = max(0.0, np.log(at - t[k] + 1.0) - least)
            flat[cell] = before + 1
