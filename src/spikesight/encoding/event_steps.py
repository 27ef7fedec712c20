"""Events of a camera as spikes of a source: time is cut into steps, a pixel fires in those that have an event of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.spike_list import SpikeList
from spikesight.events.representations.cuts import Cut
from spikesight.events.stream import EventStream


def steps_to_last(stream: EventStream, dt: float) -> int:
    """Return how many steps of `dt` seconds, from time 0 on, hold all events; 0 where there is none.

    Errors: InputError where a step is no time.
    """
    return max(0, int(_step(stream.t.max(), dt)) + 1) if len(stream) else 0


def by_step(stream: EventStream, dt: float, steps: int, begin: int = 0) -> SpikeList:
    """Return which pixels (numbered row by row) have an event in each of `steps` steps of `dt` seconds.

    Step 0 begins at `begin` (microseconds); events before it or after the last step are left out. Several events of a
    pixel in a step are one spike, whatever their polarity.   Errors: InputError where a step is no time.
    """
    step = _step(stream.t - begin, dt)
    inside = (step >= 0) & (step < steps)
    size = stream.width * stream.height
    places = np.unique(step[inside] * size + stream.pixel[inside])
    when, units = np.divmod(places, size)
    return SpikeList(np.searchsorted(when, np.arange(steps + 1)).astype(np.int64), units.astype(np.int32))


def by_part(stream: EventStream, cut: Cut) -> SpikeList:
    """Return which units have an event in each part of a cut: steps of equal times, or of equally many events.

    A unit for each pixel's OFF events, numbered row by row, and after them one for each pixel's ON events.
    Errors: InputError where events are not in order of time.
    """
    edges = cut.edges(stream)
    inside = stream.of(slice(edges[0], edges[-1]))
    size = stream.width * stream.height
    part = np.repeat(np.arange(cut.parts), np.diff(edges))
    places = np.unique((part * 2 + inside.p) * size + inside.pixel)
    when, units = np.divmod(places, 2 * size)
    return SpikeList(np.searchsorted(when, np.arange(cut.parts + 1)).astype(np.int64), units.astype(np.int32))


def _step(t: NDArray[np.int64], dt: float) -> NDArray[np.int64]:
    """Return the steps of `dt` seconds that times in microseconds, of any shape, lie in."""
    if not 0.0 < dt < np.inf:
        raise InputError(f"a step lasts longer than nothing, got {dt} s")
    microseconds = dt * 1e6
    whole = round(microseconds)
    if whole >= 1 and abs(microseconds - whole) < 1e-9 * whole:
        return t // whole  # 1015e-6 s are 1015 us, whatever their product with 1e6 is rounded to
    steps: NDArray[np.int64] = np.floor(t / microseconds).astype(np.int64)
    return steps
