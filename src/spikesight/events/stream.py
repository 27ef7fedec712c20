"""Events of a camera, as they were recorded. They are checked once, here; everybody inside trusts them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError

COLUMNS = {"t": np.int64, "x": np.uint16, "y": np.uint16, "p": np.bool_}
DTYPE = np.dtype(list(COLUMNS.items()))
"""An event as a row of a structured array."""
_AT_ONCE = 1 << 20
_SIDE = 1 << 16
_LEAST, _MOST = int(np.iinfo(np.int64).min), int(np.iinfo(np.int64).max)


@dataclass(frozen=True, eq=False)
class EventStream:
    """At `t` (microseconds) pixel (`x`, `y`), counted from 0, turned ON (`p`) or OFF; `width` x `height` pixels.

    Shapes: all (N,). Columns of the right types are kept as they are, memory maps too; times are absolute and stay so.
    The order is that of the recording: where a clock stepped back, `backward_steps` counts it, and whoever needs the
    order of time asks for it with `in_order`. `provenance` tells where the events came from and what was done to them.
    Errors: InputError where lengths differ, values are not whole numbers of the column's type, or a pixel lies outside
    of the sensor.
    """

    t: NDArray[np.int64]
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    p: NDArray[np.bool_]
    width: int
    height: int
    provenance: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, kind in COLUMNS.items():
            object.__setattr__(self, name, _column(name, getattr(self, name), kind))
        lengths = {name: len(getattr(self, name)) for name in COLUMNS}
        if len(set(lengths.values())) > 1:
            raise InputError(f"the columns of events are equally long, got {lengths}")
        for side in (self.width, self.height):
            if not isinstance(side, Integral) or side < 1:
                raise InputError(f"a sensor has a pixel or more, a whole number, got {self.width} x {self.height}")
        # Sizes that a file keeps in 16 bits would run over when they are multiplied.
        object.__setattr__(self, "width", int(self.width))
        object.__setattr__(self, "height", int(self.height))
        for name, size in (("x", self.width), ("y", self.height)):
            values = getattr(self, name)
            if len(values) and values.max() >= size:
                raise InputError(
                    f"the sensor has {self.width} x {self.height} pixels, but an event has {name} = {values.max()}"
                )

    @classmethod
    def of_rows(cls, rows: NDArray[Any], width: int, height: int, provenance: tuple[str, ...] = ()) -> EventStream:
        """Take events from a structured array (N,) with fields t, x, y, p, as other libraries keep them.

        Errors: InputError where a field is missing, or as for any stream.
        """
        names = rows.dtype.names or ()
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise InputError(f"rows of events have fields {', '.join(COLUMNS)}; {', '.join(missing)} is missing")
        return cls(rows["t"], rows["x"], rows["y"], rows["p"], width, height, provenance)

    @property
    def rows(self) -> NDArray[Any]:
        """A structured array (N,) with fields t, x, y, p, as other libraries take them; a copy."""
        rows = np.empty(len(self), DTYPE)
        for name in COLUMNS:
            rows[name] = getattr(self, name)
        return rows

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

    @cached_property
    def backward_steps(self) -> int:
        """How many events are earlier than the one recorded before them."""
        starts = range(0, len(self), _AT_ONCE)
        earlier = (self.t[k + 1 : k + _AT_ONCE + 1] < self.t[k : k + _AT_ONCE][: len(self) - k - 1] for k in starts)
        return sum(int(np.count_nonzero(steps)) for steps in earlier)

    def in_order(self) -> EventStream:
        """Return this stream, whose events are in order of time.

        Errors: InputError where they are not, with the first step back and what to do.
        """
        if not self.backward_steps:
            return self
        k = int(np.argmax(self.t[1:] < self.t[:-1]))  # a difference of times may not fit 64 bits
        raise InputError(
            f"these events are needed in order of time, but {self.backward_steps} of {len(self)} step back, first "
            f"number {k + 1} at {self.t[k + 1]} us after one at {self.t[k]} us: call `.sorted()`, or `.unwrapped(...)` "
            "where the clock began again"
        )

    def sorted(self) -> EventStream:
        """Return the events in order of time; those of one time keep their order."""
        if not self.backward_steps:
            return self
        return self.of(np.argsort(self.t, kind="stable")).after("sorted by time")

    def unwrapped(self, period: int) -> EventStream:
        """Return the events as of a clock that did not begin again every `period` microseconds.

        It began again where time steps back by more than half of the period.   Errors: InputError for no period.
        """
        if period < 1:
            raise InputError(f"a clock begins again after a microsecond or more, got {period}")
        began = np.diff(self.t, prepend=self.t[:1]) < -(period // 2)
        return replace(self, t=self.t + period * np.cumsum(began)).after(f"unwrapped every {period} us")

    def after(self, what: str) -> EventStream:
        """Return the same events, of which `what` is told to have been done last."""
        return replace(self, provenance=(*self.provenance, what))

    def of(self, chosen: NDArray[Any] | slice) -> EventStream:
        """Return the events that a mask, a slice or numbers choose."""
        return replace(self, t=self.t[chosen], x=self.x[chosen], y=self.y[chosen], p=self.p[chosen])

    def between(self, first: int, last: int) -> EventStream:
        """Return the events from `first` up to, not including, `last` (microseconds); their times stay.

        Errors: InputError where events are not in order of time.
        """
        begin, end = np.searchsorted(self.in_order().t, (first, last))
        return self.of(slice(begin, end))

    def pieces(self, events: int) -> Iterator[EventStream]:
        """Go through the stream, `events` of it at a time; the last piece may be shorter.   Errors: InputError."""
        if events < 1:
            raise InputError(f"a piece has an event or more, got {events}")
        for first in range(0, len(self), events):
            yield self.of(slice(first, first + events))

    def periods(self, microseconds: int) -> Iterator[EventStream]:
        """Go through the stream by equal lengths of time from its first event on; a period may be empty.

        Errors: InputError for no length, or where events are not in order of time.
        """
        if microseconds < 1:
            raise InputError(f"a period lasts a microsecond or more, got {microseconds}")
        if not len(self):
            return
        first, last = int(self.in_order().t[0]), int(self.t[-1])
        begin = 0
        # One after the other: where a clock leapt, there are more periods than memory has room for.
        for following in range(first + microseconds, last + 1, microseconds):
            end = int(np.searchsorted(self.t, following))
            yield self.of(slice(begin, end))
            begin = end
        yield self.of(slice(begin, None))

    def window(self, left: int, top: int, width: int, height: int) -> EventStream:
        """Return the events of a window, as of a sensor of its size. What of it lies outside of this one is empty.

        Errors: InputError where the window has no pixel, more than 65536 along a side, or a part of one.
        """
        if width < 1 or height < 1:
            raise InputError(f"a window has a pixel or more, got {width} x {height}")
        _check_room(left, top, width, height)
        x, y = self.x.astype(np.int64) - left, self.y.astype(np.int64) - top
        seen = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        x_seen, y_seen = x[seen].astype(np.uint16), y[seen].astype(np.uint16)
        return replace(self, t=self.t[seen], x=x_seen, y=y_seen, p=self.p[seen], width=width, height=height)

    def later(self, microseconds: int) -> EventStream:
        """Return the same events so much later.   Errors: InputError where times do not fit 64 bits then."""
        if len(self) and not _LEAST <= int(self.t.min()) + microseconds <= int(self.t.max()) + microseconds <= _MOST:
            raise InputError(f"times of events do not fit 64 bits {microseconds} us later")
        return replace(self, t=self.t + microseconds)

    def pasted(self, left: int, top: int, width: int, height: int) -> EventStream:
        """Return the events as seen by a larger sensor of `width` x `height`, in which this one begins at (left, top).

        Errors: InputError where it does not fit, or the larger one has more than 65536 pixels along a side, or a part
        of one.
        """
        _check_room(left, top, width, height)
        if left < 0 or top < 0 or left + self.width > width or top + self.height > height:
            raise InputError(
                f"{self.width} x {self.height} pixels at ({left}, {top}) do not fit into {width} x {height}"
            )
        return replace(self, x=self.x + np.uint16(left), y=self.y + np.uint16(top), width=width, height=height)


def joined(*streams: EventStream) -> EventStream:
    """Return the events of several streams of one sensor one after the other, as pieces of a recording are.

    What was done to them is told of each; once, where it was the same.
    Errors: InputError where there is no stream, or sizes differ.
    """
    sizes = {(stream.width, stream.height) for stream in streams}
    if len(sizes) != 1:
        raise InputError(f"streams are put together if they are of one sensor, got sizes {sorted(sizes)}")
    t, x, y, p = (np.concatenate([getattr(stream, name) for stream in streams]) for name in COLUMNS)
    told = chain.from_iterable(dict.fromkeys(stream.provenance for stream in streams))
    return replace(streams[0], t=t, x=x, y=y, p=p, provenance=tuple(told))


def together(*streams: EventStream) -> EventStream:
    """Return the events of several streams of one sensor in order of time; at one time, the earlier named come first.

    Errors: InputError where there is no stream, or sizes differ.
    """
    every = joined(*streams)
    return every.of(np.argsort(every.t, kind="stable"))


def _check_room(left: int, top: int, width: int, height: int) -> None:
    if not all(isinstance(number, Integral) for number in (left, top, width, height)):
        raise InputError(f"pixels are whole, got {width} x {height} from ({left}, {top}) on")
    if width > _SIDE or height > _SIDE:
        raise InputError(f"places of events are told up to {_SIDE} pixels along a side, got {width} x {height}")


def _column(name: str, values: ArrayLike, kind: type[Any]) -> NDArray[Any]:
    got = np.asarray(values)
    if got.dtype == kind and got.ndim == 1:
        return got
    whole = got.dtype.kind in "iub" or not got.size
    if got.ndim != 1 or not whole or not np.array_equal(got.astype(kind), got):
        told = f" from {got.min()} to {got.max()}" if got.size and got.dtype.kind in "iuf" else ""
        hint = ": where OFF is -1, give p > 0" if name == "p" else ""
        raise InputError(
            f"column {name} of events is (N,) of {kind.__name__}, got {got.dtype}{told} in shape {got.shape}{hint}"
        )
    return got.astype(kind)
