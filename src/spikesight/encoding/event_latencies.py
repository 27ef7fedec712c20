"""Events of a camera as first spikes: a pixel fires once, when it has its first event of a polarity."""

from __future__ import annotations

import numpy as np

from spikesight.encoding.latencies import Latencies, smallest
from spikesight.events.representations.cuts import Cut
from spikesight.events.representations.films import binary_film
from spikesight.events.representations.surface import NEVER, first_times
from spikesight.events.stream import EventStream


def in_seconds(events: EventStream, begin: int | None = None) -> Latencies:
    """Return the time of the first OFF and ON event of each pixel in seconds, (1, 2, H, W).

    Times are told after `begin` (microseconds), the first event where it is not given; events before it are left out.
    Errors: InputError where events are not in order of time.
    """
    zero = begin if begin is not None else int(events.t[0]) if len(events) else 0
    first = first_times(events.of(slice(np.searchsorted(events.in_order().t, zero), None)))
    since = np.where(first == NEVER, 0, first - np.int64(zero))
    return Latencies(np.where(first == NEVER, np.inf, since * 1e-6)[None])


def in_parts(events: EventStream, cut: Cut) -> Latencies:
    """Return the part of a cut in which each pixel has its first OFF and ON event, as whole steps, (1, 2, H, W).

    Errors: InputError where events are not in order of time.
    """
    frames = binary_film(events, cut)
    step = np.where(frames.any(axis=0), frames.argmax(axis=0), cut.parts)
    return Latencies(step[None].astype(smallest(cut.parts)), cut.parts)
