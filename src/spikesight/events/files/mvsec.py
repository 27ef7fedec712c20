"""The HDF5 files of MVSEC: events of two cameras as rows x, y, seconds, polarity (-1 or +1), all of double precision.

Times are absolute seconds, rounded to microseconds. What else was recorded (pictures, motion; in files of ground truth
depth, flow, poses) is read with `dated`, part by part: it is larger than the events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.hdf5 import Hdf5, likeness
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

LONGEST: Final = 1 << 51
"""Microseconds; seconds of double precision give back each one of so many exactly (to the year 2041)."""
_CHUNK = 1 << 14


class Side(Enum):
    """Which of the two cameras."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Mvsec:
    """Events of one camera of MVSEC, `width` x `height` pixels.

    Source: Zhu et al., The Multivehicle Stereo Event Camera Dataset, 2018.
    """

    camera: Side = Side.LEFT
    width: int = 346
    height: int = 260

    name: ClassVar[str] = "mvsec"
    title: ClassVar[str] = "HDF5 files of MVSEC: rows x, y, t[s], p of two cameras"
    suffixes: ClassVar[tuple[str, ...]] = (".hdf5",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, for an HDF5 file with events of this camera.   Errors: EventFileError for a damaged HDF5 file."""
        return likeness(source, self._place)

    def open(self, source: Source) -> Reading:
        """Begin to read."""
        return _Reading(source, self._place, self.width, self.height)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events of this camera.   Errors: InputError for larger sensors and times beyond 71 years; OSError."""
        if width > self.width or height > self.height:
            raise InputError(
                f"this is written for {self.width} x {self.height} pixels, the events have {width} x {height}: "
                f"say Mvsec(width={width}, height={height})"
            )
        h5py = require("h5py", "events")
        with h5py.File(path, "w") as file:
            table = file.create_dataset(
                self._place,
                (0, 4),
                "f8",
                maxshape=(None, 4),
                chunks=(_CHUNK, 4),
                compression="gzip",
                compression_opts=1,
            )
            for piece in pieces:
                before = len(table)
                table.resize(before + len(piece), axis=0)
                table[before:] = _rows(piece)

    @property
    def _place(self) -> str:
        return f"davis/{self.camera.value}/events"


class _Reading(Reading):
    def __init__(self, source: Source, place: str, width: int, height: int) -> None:
        super().__init__(source, "MVSEC HDF5", width, height)
        self._place = place

    def pieces(self, events: int) -> Iterator[Columns]:
        with Hdf5(self.source) as file:
            table = file.table(self._place, 2, "f")
            if table.shape[1] != 4:
                raise self.source.damaged(table.offset, f"rows of events are x, y, t, p, got {table.shape[1]} numbers")
            for first in range(0, len(table), events):
                rows = table.rows(first, min(first + events, len(table))).astype(np.float64)
                yield self._columns(rows, table.offset)

    def _columns(self, rows: NDArray[np.float64], offset: int) -> Columns:
        x, y, seconds, p = rows.T
        for name, values, size in (("x", x, self.width), ("y", y, self.height)):
            if not ((values >= 0) & (values < size) & (values == np.floor(values))).all():
                raise self.source.damaged(offset, f"{name} is a whole number below {size}, and others are here")
        if not np.isin(p, (-1.0, 1.0)).all():
            raise self.source.damaged(offset, "polarity is -1 or +1, and others are here")
        t = _microseconds(seconds)
        if t is None:
            raise self.source.damaged(offset, "times are seconds, and NaN or endless ones are here")
        return Columns(t, x.astype(np.uint16), y.astype(np.uint16), p > 0)


class Dated(NamedTuple):
    """`values` (N, ...) at times `t` (N,), absolute microseconds."""

    t: NDArray[np.int64]
    values: NDArray[Any]


def dated(
    where: Path | str | bytes, what: str, camera: Side = Side.LEFT, first: int = 0, last: int | None = None
) -> Dated:
    """Read items `first` up to, not including, `last` of what was recorded beside the events, as it stands in the file.

    `what` is `image_raw` (N, 260, 346), `imu` (N, 6); in files of ground truth `depth_image_rect`, `depth_image_raw`
    (N, 260, 346) in metres, NaN where it is not known, `flow_dist` (N, 2, 260, 346) in pixels, `pose` (N, 4, 4).
    Errors: EventFileError where it or its times `<what>_ts` are not there or damaged; InputError.
    """
    source = Source.of(where)
    place = f"davis/{camera.value}/{what}"
    with Hdf5(source) as file:
        found = file.data_set(place)
        values, times = file.table(place, found.ndim, "iuf"), file.table(f"{place}_ts", 1, "f")
        last = len(values) if last is None else last
        if len(values.shape) < 2 or len(values) != len(times):
            raise source.damaged(values.offset, f"{what} is of shape {values.shape} at {len(times)} times")
        if not 0 <= first <= last <= len(values):
            raise InputError(f"{source.name} holds {len(values)} of {what}, asked for {first} to {last}")
        t = _microseconds(times.rows(first, last).astype(np.float64))
        if t is None:
            raise source.damaged(times.offset, f"times of {what} are seconds, and NaN or endless ones are here")
        return Dated(t, values.rows(first, last))


def _microseconds(seconds: NDArray[np.float64]) -> NDArray[np.int64] | None:
    if not (np.abs(seconds) <= LONGEST * 1e-6).all():
        return None
    return np.rint(seconds * 1e6).astype(np.int64)


def _rows(piece: EventStream) -> NDArray[np.float64]:
    if len(piece) and (piece.t.min() < -LONGEST or piece.t.max() > LONGEST):
        raise InputError(
            f"seconds of double precision have room for {LONGEST} us, these are {piece.t.min()} to {piece.t.max()}"
        )
    return np.stack([piece.x, piece.y, piece.t / 1e6, np.where(piece.p, 1.0, -1.0)], 1)
