"""Events of a camera, in order of time. They are checked once, here; everybody inside trusts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError

COLUMNS = {"t": np.int64, "x": np.uint16, "y": np.uint16, "p": np.bool_}


@dataclass(frozen=True, eq=False)
class EventStream:
    """At `t` (microseconds) pixel (`x`, `y`), counted from 0, turned ON (`p`) or OFF; `width` x `height` pixels.

    Shapes: all (N,).   Errors: InputError where lengths differ, times go back, values are not whole numbers of the
    column's type, or a pixel lies outside of the sensor.
    """

    t: NDArray[np.int64]
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    p: NDArray[np.bool_]
    width: int
    height: int

    def __post_init__(self) -> None:
        for name, kind in COLUMNS.items():
            object.__setattr__(self, name, _column(name, getattr(self, name), kind))
        lengths = {name: len(getattr(self, name)) for name in COLUMNS}
        if len(set(lengths.values())) > 1:
            raise InputError(f"the columns of events are equally long, got {lengths}")
        back = np.flatnonzero(np.diff(self.t) < 0)
        if len(back):
            k = int(back[0])
            raise InputError(
                f"events are in order of time, but number {k + 1} is at {self.t[k + 1]} us, after one at {self.t[k]} "
                "us: sort them, or mend the clock that was wound back"
            )
        for name, size in (("x", self.width), ("y", self.height)):
            values = getattr(self, name)
            if len(values) and values.max() >= size:
                raise InputError(
                    f"the sensor has {self.width} x {self.height} pixels, but an event has {name} = {values.max()}"
                )

    def __len__(self) -> int:
        return len(self.t)

    @property
    def pixel(self) -> NDArray[np.int64]:
        """Pixels numbered row by row, (N,)."""
        return self.y.astype(np.int64) * self.width + self.x

    @property
    def counts(self) -> NDArray[np.int64]:
        """Events per pixel, (height, width)."""
        return np.bincount(self.pixel, minlength=self.width * self.height).reshape(self.height, self.width)

    def of(self, chosen: NDArray[Any] | slice) -> EventStream:
        """Return the events that a mask, a slice or rising numbers choose."""
        return EventStream(self.t[chosen], self.x[chosen], self.y[chosen], self.p[chosen], self.width, self.height)

    def between(self, first: int, last: int) -> EventStream:
        """Return the events from `first` up to, not including, `last` (microseconds); their times stay."""
        begin, end = np.searchsorted(self.t, (first, last))
        return self.of(slice(begin, end))

    def window(self, left: int, top: int, width: int, height: int) -> EventStream:
        """Return the events of a window, as of a sensor of its size. What of it lies outside of this one is empty.

        Errors: InputError where the window has no pixel.
        """
        if width < 1 or height < 1:
            raise InputError(f"a window has a pixel or more, got {width} x {height}")
        x, y = self.x.astype(np.int64) - left, self.y.astype(np.int64) - top
        seen = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        return EventStream(self.t[seen], x[seen], y[seen], self.p[seen], width, height)  # type: ignore[arg-type]

    def later(self, microseconds: int) -> EventStream:
        """Return the same events so much later."""
        return EventStream(self.t + microseconds, self.x, self.y, self.p, self.width, self.height)

    def pasted(self, left: int, top: int, width: int, height: int) -> EventStream:
        """Return the events as seen by a larger sensor of `width` x `height`, in which this one begins at (left, top).

        Errors: InputError where it does not fit.
        """
        if left < 0 or top < 0 or left + self.width > width or top + self.height > height:
            raise InputError(
                f"{self.width} x {self.height} pixels at ({left}, {top}) do not fit into {width} x {height}"
            )
        return EventStream(self.t, self.x + np.uint16(left), self.y + np.uint16(top), self.p, width, height)


def together(*streams: EventStream) -> EventStream:
    """Return the events of several streams of one sensor in order of time; at one time, the earlier named come first.

    Errors: InputError where there is no stream, or sizes differ.
    """
    sizes = {(stream.width, stream.height) for stream in streams}
    if len(sizes) != 1:
        raise InputError(f"streams are put together if they are of one sensor, got sizes {sorted(sizes)}")
    ((width, height),) = sizes
    order = np.argsort(np.concatenate([stream.t for stream in streams]), kind="stable")
    t, x, y, p = (np.concatenate([getattr(stream, name) for stream in streams])[order] for name in COLUMNS)
    return EventStream(t, x, y, p, width, height)


def _column(name: str, values: ArrayLike, kind: type[Any]) -> NDArray[Any]:
    got = np.asarray(values)
    if got.dtype == kind and got.ndim == 1:
        return got
    whole = got.dtype.kind in "iub" or not got.size
    if got.ndim != 1 or not whole or not np.array_equal(got.astype(kind), got):
        raise InputError(f"column {name} of events is (N,) of {kind.__name__}, got {got.dtype} in shape {got.shape}")
    return got.astype(kind)
