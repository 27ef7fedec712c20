"""The HDF5 files of DSEC: columns x, y, t, p of events, an offset of time, and where each millisecond begins.

Times in the file are microseconds from `t_offset`; here they are absolute, as in any stream. A file is read by time
without going through it: `between` begins where `ms_to_idx` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.hdf5 import Hdf5, Table, likeness
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

COLUMNS: Final = {"x": "u2", "y": "u2", "p": "u1", "t": "u4"}
MILLISECOND: Final = 1000
LATEST: Final = (1 << 32) - 1
_LARGEST_TIME = 1 << 62
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Dsec:
    """Files of a sensor of `width` x `height` pixels; those of DSEC where nothing is said.

    Source: Gehrig et al., DSEC: a stereo event camera dataset for driving scenarios, 2021.
    """

    width: int = 640
    height: int = 480

    name: ClassVar[str] = "dsec"
    title: ClassVar[str] = "HDF5 files of DSEC: columns, t_offset, ms_to_idx"
    suffixes: ClassVar[tuple[str, ...]] = (".h5",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, for an HDF5 file with the columns of events.   Errors: EventFileError for a damaged HDF5 file."""
        return likeness(source, *(f"events/{name}" for name in COLUMNS))

    def open(self, source: Source) -> Reading:
        """Begin to read."""
        return _Reading(source, "DSEC HDF5", self.width, self.height)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events; `t_offset` is the time of the first one.

        Errors: InputError for other sensors, events before the first one, and later than 2^32 us after it; OSError.
        """
        if width > self.width or height > self.height:
            raise InputError(
                f"this is written for {self.width} x {self.height} pixels, the events have {width} x {height}: "
                f"say Dsec({width}, {height})"
            )
        h5py, packing = require("h5py", "events"), require("hdf5plugin", "events")
        with h5py.File(path, "w") as file:
            tables = {
                name: file.create_dataset(
                    f"events/{name}", (0,), kind, maxshape=(None,), chunks=(_CHUNK,), **packing.Blosc()
                )
                for name, kind in COLUMNS.items()
            }
            begins = file.create_dataset("ms_to_idx", (0,), "u8", maxshape=(None,), chunks=(_CHUNK,))
            offset, clock = 0, _Milliseconds()
            for piece in pieces:
                if not len(tables["t"]) and len(piece):
                    offset = int(piece.t[0])
                t = _relative(piece.t, offset)
                for name, values in (("x", piece.x), ("y", piece.y), ("p", piece.p), ("t", t)):
                    _append(tables[name], values.astype(COLUMNS[name]))
                _append(begins, clock.begun(t))
            file["t_offset"] = np.int64(offset)


class _Reading(Reading):
    def pieces(self, events: int) -> Iterator[Columns]:
        with Hdf5(self.source) as file:
            stored = _Stored(file, self)
            for first in range(0, stored.events, events):
                yield stored.columns(first, min(first + events, stored.events))


class _Stored:
    """The columns of an open file."""

    def __init__(self, file: Hdf5, reading: Reading) -> None:
        self._source, self._reading = file.source, reading
        self._tables = {name: file.table(f"events/{name}", 1, "iub") for name in COLUMNS}
        lengths = {name: len(table) for name, table in self._tables.items()}
        if len(set(lengths.values())) > 1:
            raise file.source.damaged(self._tables["t"].offset, f"the columns are equally long, got {lengths}")
        self.events = lengths["t"]
        self.t_offset = _number(file, "t_offset") if file.has("t_offset") else 0

    def columns(self, first: int, last: int) -> Columns:
        """Return events number `first` up to, not including, `last`, in absolute time.   Errors: EventFileError."""
        got = {name: table.rows(first, last) for name, table in self._tables.items()}
        self._check(got)
        return Columns(
            got["t"].astype(np.int64) + self.t_offset,
            got["x"].astype(np.uint16),
            got["y"].astype(np.uint16),
            got["p"].astype(bool),
        )

    def _check(self, got: dict[str, NDArray[Any]]) -> None:
        limits = (("x", self._reading.width), ("y", self._reading.height), ("p", 2))
        for name, limit in limits:
            values = got[name]
            if len(values) and limit is not None and (values.min() < 0 or values.max() >= limit):
                raise self._source.damaged(
                    self._tables[name].offset, f"{name} is 0 to {limit - 1}, got {values.min()} to {values.max()}"
                )
        t = got["t"]
        if len(t) and (t.max() > _LARGEST_TIME or t.min() < -_LARGEST_TIME):
            raise self._source.damaged(self._tables["t"].offset, "times are microseconds of a hundred thousand years")


def between(where: Path | str | bytes, first: int, last: int, form: Dsec | None = None) -> EventStream:
    """Return the events of a file from `first` up to, not including, `last` (absolute microseconds).

    Only what lies between is read, found by `ms_to_idx`; the events are to be in order of time, as DSEC's are.
    Errors: EventFileError, also where `ms_to_idx` is missing or leads nowhere.
    """
    source, form = Source.of(where), form or Dsec()
    reading = form.open(source)
    with Hdf5(source) as file:
        stored, begins = _Stored(file, reading), file.table("ms_to_idx", 1)
        begin = _begin(begins, (first - stored.t_offset) // MILLISECOND, stored.events)
        end = _begin(begins, -((stored.t_offset - last) // MILLISECOND), stored.events)
        if not 0 <= begin <= stored.events or not 0 <= end <= stored.events:
            raise source.damaged(begins.offset, f"ms_to_idx leads to {begin} and {end} of {stored.events} events")
        columns = stored.columns(begin, max(begin, end))
    read = f"read from {source.name} as dsec"
    events = EventStream(*columns, form.width, form.height, (read, f"between {first} and {last} us"))
    return events.of((events.t >= first) & (events.t < last))


def _begin(begins: Table, millisecond: int, events: int) -> int:
    """The first event that is not before `millisecond`."""
    if millisecond >= len(begins):
        return events
    return int(begins.rows(max(0, millisecond), max(0, millisecond) + 1)[0])


def _number(file: Hdf5, name: str) -> int:
    table = file.table(name, 0)
    value = int(table.all())
    if abs(value) > _LARGEST_TIME:
        raise file.source.damaged(table.offset, f"{name} is {value}, which is no time in microseconds")
    return value


def _relative(t: NDArray[np.int64], offset: int) -> NDArray[np.int64]:
    if len(t) and (abs(offset) > _LARGEST_TIME or t.min() < offset or int(t.max()) - offset > LATEST):
        raise InputError(
            f"DSEC files have room for {LATEST} us from the first event on, which is at {offset} us; "
            f"others are at {t.min()} to {t.max()} us: `.sorted()` may help"
        )
    return t - offset


def _append(table: Any, values: NDArray[Any]) -> None:
    before = len(table)
    table.resize(before + len(values), axis=0)
    table[before:] = values


class _Milliseconds:
    """Which event is the first at or after each millisecond, as pieces of events come."""

    def __init__(self) -> None:
        self._events, self._milliseconds, self._latest = 0, 0, 0

    def begun(self, t: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return the numbers for the milliseconds that are reached with events at `t`, from the offset."""
        if not len(t):
            return np.empty(0, np.uint64)
        reached = np.maximum(np.maximum.accumulate(t), self._latest)
        new = np.arange(self._milliseconds, reached[-1] // MILLISECOND + 1)
        found = np.searchsorted(reached, new * MILLISECOND) + self._events
        self._events, self._latest = self._events + len(t), int(reached[-1])
        self._milliseconds += len(new)
        return found.astype(np.uint64)
