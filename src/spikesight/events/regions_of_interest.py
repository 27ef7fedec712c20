"""Where something is worth a closer look, and for how long: boxes of pixels over time, whoever found them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream


@dataclass(frozen=True, eq=False)
class RegionsOfInterest:
    """From `begin` up to, not including, `end` (microseconds, (M,) each) the pixels of `box` (M, 4) are of interest.

    A box is left, top, right, bottom in pixels of the camera; right and bottom are the first pixels outside. What of it
    lies beside the sensor plays no part. Regions begin in order of time; several may hold at once.
    Errors: InputError where shapes differ, numbers are not whole, or a region ends before it begins.
    """

    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    box: NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in ("begin", "end", "box"):
            object.__setattr__(self, name, _whole(name, getattr(self, name)))
        object.__setattr__(self, "box", self.box.reshape(-1, 4) if not self.box.size else self.box)
        if self.begin.ndim != 1 or self.begin.shape != self.end.shape or self.box.shape != (len(self.begin), 4):
            raise InputError(
                "regions have begin (M,), end (M,) and box (M, 4), got shapes "
                f"{self.begin.shape}, {self.end.shape} and {self.box.shape}"
            )
        if (np.diff(self.begin) < 0).any():
            raise InputError("regions of interest begin in order of time: sort them by their beginning")
        if (self.end < self.begin).any() or (self.box[:, :2] > self.box[:, 2:]).any():
            raise InputError("a region of interest ends after it begins, and right and bottom follow left and top")

    @classmethod
    def none(cls) -> RegionsOfInterest:
        """Nothing is of interest."""
        return cls([], [], [])  # type: ignore[arg-type]

    @classmethod
    def whole(cls, events: EventStream) -> RegionsOfInterest:
        """All pixels are of interest from the first event to the last."""
        if not len(events):
            return cls.none()
        box = [[0, 0, events.width, events.height]]
        return cls([events.t.min()], [events.t.max() + 1], box)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.begin)

    def hold(self, events: EventStream) -> NDArray[np.bool_]:
        """Return which events (N,) lie in a region at their time.

        Errors: InputError where events are not in order of time.
        """
        return self.hold_cells(events, 1, events.width, events.height)

    def hold_cells(self, events: EventStream, side: int, width: int, height: int) -> NDArray[np.bool_]:
        """Return which events (N,) of cells of `side` x `side` pixels lie in regions with their whole cell.

        What of a cell sticks out of the sensor of `width` x `height` pixels plays no part.
        Errors: InputError where events are not in order of time, or their cells are not those of the sensor.
        """
        if side < 1:
            raise InputError(f"a cell has a pixel or more along its side, got {side}")
        cells = -(-width // side), -(-height // side)
        if (events.width, events.height) != cells:
            raise InputError(
                f"{width} x {height} pixels have {cells[0]} x {cells[1]} cells of {side} x {side}, but the coarse "
                f"events are of {events.width} x {events.height}"
            )
        t, x, y = (np.asarray(column) for column in (events.in_order().t, events.x, events.y))
        box = np.clip(self.box, 0, (width, height, width, height))
        found: NDArray[np.bool_] = _held(t, x, y, self.begin, self.end, box, (height, width), side)
        return found


@njit(cache=True, nogil=True)
def _held(t, x, y, begin, end, box, shape, side):  # type: ignore[no-untyped-def]
    # Of each pixel, until when it is of interest by the regions that have begun.
    until = np.full(shape, np.iinfo(np.int64).min)
    inside = np.zeros(len(t), np.bool_)
    begun = 0
    for k in range(len(t)):
        while begun < len(begin) and begin[begun] <= t[k]:
            left, top, right, bottom = box[begun]
            for row in range(top, bottom):
                for column in range(left, right):
                    until[row, column] = max(until[row, column], end[begun])
            begun += 1
        first, left = int(y[k]) * side, int(x[k]) * side
        found = True
        for row in range(first, min(first + side, shape[0])):
            for column in range(left, min(left + side, shape[1])):
                found &= until[row, column] > t[k]
        inside[k] = found
    return inside


def _whole(name: str, values: ArrayLike) -> NDArray[np.int64]:
    got = np.asarray(values)
    if got.size and got.dtype.kind not in "iu":
        raise InputError(f"{name} of regions of interest are whole numbers, got {got.dtype}")
    return got.astype(np.int64)
