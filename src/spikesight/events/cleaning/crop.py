"""A part of the sensor, as a sensor of its own."""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.base.errors import InputError
from spikesight.events.cleaning.checks import check_counts
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class Crop:
    """The window of `width` x `height` pixels from (`left`, `top`) on; see `EventStream.window`."""

    left: int
    top: int
    width: int
    height: int

    def __post_init__(self) -> None:
        check_counts(width=self.width, height=self.height)

    def __call__(self, events: EventStream) -> EventStream:
        """Return what happens within; what of the window lies outside of the sensor is empty."""
        return events.window(self.left, self.top, self.width, self.height).after(repr(self))


@dataclass(frozen=True)
class CentreCrop:
    """The window of `width` x `height` pixels in the middle; where halves do not fit, one pixel nearer to (0, 0)."""

    width: int
    height: int

    def __post_init__(self) -> None:
        check_counts(width=self.width, height=self.height)

    def __call__(self, events: EventStream) -> EventStream:
        """Return what happens within.   Errors: InputError where the sensor is smaller."""
        left, top = events.width - self.width, events.height - self.height
        if left < 0 or top < 0:
            raise InputError(
                f"{self.width} x {self.height} pixels do not fit into {events.width} x {events.height}: crop less, or "
                "paste the events into a larger sensor with `.pasted(...)`"
            )
        return events.window(left // 2, top // 2, self.width, self.height).after(repr(self))
