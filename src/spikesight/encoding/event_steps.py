"""Events of a camera as spikes of a source: time is cut into steps, a pixel fires in those in which it has an event."""

from __future__ import annotations

import numpy as np

from spikesight.base.errors import InputError
from spikesight.encoding.spike_list import SpikeList
from spikesight.events.stream import EventStream


def steps_to_last(stream: EventStream, dt: float) -> int:
    """Return how many steps of `dt` seconds, from time 0 on, hold all events; 0 where there is none."""
    return int(stream.t.max() / (dt * 1e6)) + 1 if len(stream) else 0


def by_step(stream: EventStream, dt: float, steps: int, begin: int = 0) -> SpikeList:
    """Return which pixels (numbered row by row) have an event in each of `steps` steps of `dt` seconds.

    Step 0 begins at `begin` (microseconds); events before it or after the last step are left out. Several events of a
    pixel in a step are one spike, whatever their polarity.   Errors: InputError where a step is no time.
    """
    if not dt > 0.0:
        raise InputError(f"a step lasts longer than nothing, got {dt} s")
    step = np.floor((stream.t - begin) / (dt * 1e6)).astype(np.int64)
    inside = (step >= 0) & (step < steps)
    size = stream.width * stream.height
    places = np.unique(step[inside] * size + stream.pixel[inside])
    when, units = np.divmod(places, size)
    return SpikeList(np.searchsorted(when, np.arange(steps + 1)).astype(np.int64), units.astype(np.int32))
