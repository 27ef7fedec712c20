"""How many events each pixel had, when on the average, and how spread out: the six channels of Ev-SegNet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class Statistics:
    """`statistics` as a value: of the time from first to last event where no other is given."""

    begin: int | None = None
    microseconds: int | None = None

    def __call__(self, events: EventStream) -> NDArray[np.float32]:
        """Return (6, H, W).   Errors: those of `statistics`."""
        return statistics(events, self.begin, self.microseconds)


def statistics(events: EventStream, begin: int | None = None, microseconds: int | None = None) -> NDArray[np.float32]:
    """Return each pixel's number of events, mean and standard deviation of their times, (6, H, W).

    Channels: number of OFF, of ON; mean of OFF, of ON; deviation (of the population) of OFF, of ON. Times are 0 at
    `begin` (that of the first event where it is not given) and 1 `microseconds` later (at the last event); all are 0
    where there is no length of time. Published for 50 ms.
    Errors: InputError for no length, or events outside of that time.   Source: Alonso, Murillo, CVPR Workshops 2019.
    """
    out = np.zeros((6, events.height, events.width), np.float32)
    if not len(events):
        return out
    first, last = int(events.t.min()), int(events.t.max())
    start = first if begin is None else begin
    length = last - start if microseconds is None else microseconds
    if microseconds is not None and microseconds < 1:
        raise InputError(f"times are told within a microsecond or more, got {microseconds}")
    if first < start or last > start + length:
        raise InputError(
            f"events from {first} to {last} us are not within {length} us from {start} us on: choose some with "
            "`.between(first, last)`"
        )
    sums = np.zeros((2, events.height, events.width, 3))
    _add(events.t, events.x, events.y, events.p, start, 1.0 / length if length else 0.0, sums)
    number = sums[..., 0]
    out[:2], out[2:4] = number, sums[..., 1]
    out[4:] = np.sqrt(sums[..., 2] / np.maximum(number, 1.0))
    return out


@njit(cache=True, nogil=True)
def _add(t, x, y, p, begin, scale, sums):  # type: ignore[no-untyped-def]
    # Number, mean and squared deviations from it, event by event (Welford): a sum of squares would cancel.
    height, width = sums.shape[1:3]
    flat = sums.reshape(sums.size)
    for k in range(len(t)):
        place = 3 * ((p[k] * height + y[k]) * width + x[k])
        when = (t[k] - begin) * scale
        flat[place] += 1.0
        off = when - flat[place + 1]
        flat[place + 1] += off / flat[place]
        flat[place + 2] += off * (when - flat[place + 1])
