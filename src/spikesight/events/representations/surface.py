"""How long ago each pixel's last event was, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.events.representations.bins import APART
from spikesight.events.representations.decays import Decay, Exponential
from spikesight.events.stream import EventStream

NEVER: Final = int(np.iinfo(np.int64).min)
"""The time of an event that there was not."""

_AT_ONCE = 1 << 16
"""Ages that decay at once: few enough for a cache."""


@dataclass(frozen=True)
class TimeSurface:
    """`time_surface` as a value, at the time of the last event where no other is given."""

    decay: Decay = Exponential()
    at: int | None = None

    def __call__(self, events: EventStream) -> NDArray[np.float32]:
        """Return (2, H, W).   Errors: InputError where events are not in order of time."""
        return time_surface(events, self.decay, self.at)


@dataclass(frozen=True)
class TimeSurfaces:
    """`time_surfaces` as a value."""

    times: tuple[int, ...]
    decay: Decay = Exponential()

    def __call__(self, events: EventStream) -> NDArray[np.float32]:
        """Return (K, 2, H, W).   Errors: InputError where events or times are not in order."""
        return time_surfaces(events, self.times, self.decay)


def last_times(events: EventStream) -> NDArray[np.int64]:
    """Return the time of the latest OFF and ON event of each pixel in microseconds, or `NEVER`, (2, H, W).

    Errors: InputError where events are not in order of time.
    """
    events.in_order()
    return _of_each(events, slice(None))


def first_times(events: EventStream) -> NDArray[np.int64]:
    """Return the time of the first OFF and ON event of each pixel in microseconds, or `NEVER`, (2, H, W).

    Errors: InputError where events are not in order of time.
    """
    events.in_order()
    return _of_each(events, slice(None, None, -1))


def time_surface(events: EventStream, decay: Decay, at: int | None = None) -> NDArray[np.float32]:
    """Return what is left, at time `at`, of the latest OFF and ON event of each pixel, 0 where none was; (2, H, W).

    `at` is in microseconds; events after it are not seen yet. Without it, it is the time of the last event.
    Errors: InputError where events are not in order of time.   Source: Lagorce et al., TPAMI 2017.
    """
    if at is None:
        at = int(events.in_order().t[-1]) if len(events) else 0
    surface: NDArray[np.float32] = time_surfaces(events, [at], decay)[0]
    return surface


def time_surfaces(events: EventStream, times: ArrayLike, decay: Decay) -> NDArray[np.float32]:
    """Return time surfaces at several times (K,) in microseconds, (K, 2, H, W), in one pass over events.

    Errors: InputError where events are not in order of time, or times are not whole numbers in order.
    """
    when = np.asarray(times)
    if when.ndim != 1 or (when.size and when.dtype.kind not in "iu") or (when[1:] < when[:-1]).any():
        raise InputError(f"times of surfaces are whole microseconds in order, (K,); got {when.dtype}, {when.shape}")
    when = when.astype(np.int64)
    t = events.in_order().t
    before = int(t[0]) - 1 if len(t) else 0
    # Times after `before`, 0 for never: four bytes each where they do for the length of the recording.
    kind = np.uint32 if len(t) and int(t[-1]) - before < 1 << 32 else np.int64
    latest = np.zeros((2, events.height, events.width + APART), kind)
    surfaces = np.empty((len(when), 2, events.height, events.width), np.float32)
    begin = 0
    for surface, at, end in zip(surfaces, when, np.searchsorted(t, when, "right"), strict=True):
        _note(t[begin:end], events.x[begin:end], events.y[begin:end], events.p[begin:end], before, latest)
        _ages(latest, at - before, surface)
        flat = surface.reshape(-1)
        for first in range(0, len(flat), _AT_ONCE):
            flat[first : first + _AT_ONCE] = decay(flat[first : first + _AT_ONCE])
        begin = end
    return surfaces


def _of_each(events: EventStream, order: slice) -> NDArray[np.int64]:
    times = np.full((2, events.height, events.width), NEVER)
    _note(events.t[order], events.x[order], events.y[order], events.p[order], 0, times)
    return times


@njit(cache=True, nogil=True)
def _note(t, x, y, p, zero, times):  # type: ignore[no-untyped-def]
    height, stride = times.shape[1:]
    flat = times.reshape(times.size)
    for k in range(len(t)):
        flat[(p[k] * height + y[k]) * stride + x[k]] = t[k] - zero


@njit(cache=True, nogil=True)
def _ages(times, at, ages):  # type: ignore[no-untyped-def]
    for polarity in range(2):
        for row in range(ages.shape[1]):
            for column in range(ages.shape[2]):
                last = np.int64(times[polarity, row, column])
                # Whole microseconds are subtracted first: as they are, times need more digits than a float has.
                ages[polarity, row, column] = np.inf if last == 0 else (at - last) * 1e-6
