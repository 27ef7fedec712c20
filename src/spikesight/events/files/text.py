"""Events as text, a line each: time in seconds, x, y, polarity (0 or 1). The Event Camera Dataset is written so."""

from __future__ import annotations

import io

import numpy as np

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream

COLUMNS = 4


def read(data: bytes, name: str = "the file", width: int = 240, height: int = 180) -> EventStream:
    """Read events from the bytes of a file; `name` is for messages. Times are rounded to microseconds.

    The format does not tell the size of the sensor; 240 x 180 is that of a DAVIS240.
    Errors: InputError where a line is not four finite numbers, or they are not events of such a sensor.
    Source: Mueggler et al., The Event-Camera Dataset and Simulator, 2017.
    """
    try:
        table = np.loadtxt(io.BytesIO(data), np.float64, ndmin=2) if data.strip() else np.empty((0, COLUMNS))
    except ValueError as error:
        raise InputError(f"{name} is not a table of numbers: {error}") from error
    if table.shape[1] != COLUMNS:
        raise InputError(f"{name} has {table.shape[1]} numbers in a line, events have {COLUMNS}: t[s] x y p")
    if not np.isfinite(table).all():
        raise InputError(f"{name} holds NaN or infinite numbers")
    whole = table[:, 1:].astype(np.int64)
    if not np.array_equal(whole, table[:, 1:]) or not np.isin(whole[:, 2], (0, 1)).all():
        raise InputError(f"{name}: x and y are whole numbers and the polarity is 0 or 1")
    t = np.rint(table[:, 0] * 1e6).astype(np.int64)
    try:
        return EventStream(t, whole[:, 0], whole[:, 1], whole[:, 2], width, height)  # type: ignore[arg-type]
    except InputError as error:
        raise InputError(f"{name} is not a text of events: {error}") from error
