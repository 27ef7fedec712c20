"""Events of the cells that the pixels of a sensor are in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spikesight.events.cleaning.checks import check_counts
from spikesight.events.stream import EventStream


def in_cells(events: EventStream, factor: int) -> EventStream:
    """Return all events as of a sensor whose pixels are cells of `factor` x `factor`; the last may be smaller.

    Errors: InputError where a cell has no pixel.
    """
    check_counts(factor=factor)
    # A cell may be larger than the sensor and than what 16 bits hold.
    side = np.uint16(min(factor, 65535))
    x, y = events.x // side, events.y // side
    if factor > 65535:
        x, y = np.zeros_like(events.x), np.zeros_like(events.y)
    return replace(events, x=x, y=y, width=-(-events.width // factor), height=-(-events.height // factor))
