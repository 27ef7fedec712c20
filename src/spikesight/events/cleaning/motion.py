"""The scene moved or turned before the sensor. What leaves the sensor is lost, what would come in was never seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class Shift:
    """Moved by so many pixels to the `right` and `down`; negative ones to the left and up."""

    right: int = 0
    down: int = 0

    def __call__(self, events: EventStream) -> EventStream:
        """Return what stays on the sensor."""
        return events.window(-self.right, -self.down, events.width, events.height).after(repr(self))


@dataclass(frozen=True)
class Turn:
    """Turned clockwise by `degrees` around the middle of the sensor, to the nearest pixels.

    By anything but quarters, some pixels receive the events of two and some none.   Errors: InputError for NaN.
    """

    degrees: float

    def __post_init__(self) -> None:
        if not np.isfinite(self.degrees):
            raise InputError(f"an angle is a number of degrees, got {self.degrees}")

    def __call__(self, events: EventStream) -> EventStream:
        """Return what stays on the sensor."""
        # Quarters are exact; from elsewhere 1e-9 keeps halves of pixels from going astray by a rounding.
        cos, sin = (np.round(f(np.deg2rad(self.degrees % 360.0)), 12) for f in (np.cos, np.sin))
        middle_x, middle_y = (events.width - 1) / 2, (events.height - 1) / 2
        right, down = events.x - middle_x, events.y - middle_y
        x, y = middle_x + cos * right - sin * down, middle_y + sin * right + cos * down
        return placed(events, x, y).after(repr(self))


def placed(events: EventStream, x: NDArray[np.float64], y: NDArray[np.float64]) -> EventStream:
    """Return the events at the pixels nearest to (`x`, `y`), (N,) each, without those outside of the sensor."""
    column, row = np.floor(x + 0.5 + 1e-9), np.floor(y + 0.5 + 1e-9)
    on = (column >= 0) & (column < events.width) & (row >= 0) & (row < events.height)
    return replace(events.of(on), x=column[on].astype(np.uint16), y=row[on].astype(np.uint16))
