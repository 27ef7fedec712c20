"""The 5-byte records of N-MNIST: x, y, then 24 bits of which the first is the polarity and 23 are microseconds.

Bytes have no header, so nothing tells one such file from any other file of 5 n bytes, except that pixels must fit.
"""

from __future__ import annotations

import numpy as np

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream

RECORD = 5
SIDE = 34
OVERFLOW = 240
"""A record with this y is not an event: the camera's clock went over, and all that follow are `STEP` later."""
STEP = 1 << 13


def read(data: bytes, name: str = "the file", width: int = SIDE, height: int = SIDE) -> EventStream:
    """Read events from the bytes of a file; `name` is for messages.

    Errors: InputError where the bytes end within a record, or are not events of such a sensor.
    Source: Orchard et al., Converting static image datasets to spiking neuromorphic datasets using saccades, 2015.
    """
    if len(data) % RECORD:
        raise InputError(
            f"{name} has {len(data)} bytes, and its events have {RECORD} each: it is cut off, or of another format"
        )
    records = np.frombuffer(data, np.uint8).reshape(-1, RECORD)
    x, y, high, middle, low = records.T.astype(np.int64)
    over = y == OVERFLOW
    t = ((high & 0x7F) << 16 | middle << 8 | low) + STEP * np.cumsum(over)
    kept = ~over
    try:
        return EventStream(t[kept], x[kept], y[kept], high[kept] >> 7, width, height)
    except InputError as error:
        raise InputError(f"{name} is not of the N-MNIST format: {error}") from error
