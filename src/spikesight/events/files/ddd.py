"""The HDF5 files of DDD17 and DDD20: packets of a DAVIS346 in a car, as they came, and signals of the car beside them.

A row of `/dvs/data` is the time of the computer, a packet's head (28 bytes) and its body, as in AEDAT 3.1 files:
packets of changes are events, packets of frames pictures. Rows of padding are empty. The camera is often mounted upside
down, and some recordings have a clock that steps back: pictures and times stay as they are in the file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.hdf5 import Hdf5, likeness
from spikesight.events.files.ragged import Ragged
from spikesight.events.files.source import Source
from spikesight.events.recording import Frame

PACKETS: Final = "dvs/data"
WIDTH, HEIGHT = 346, 260
_HEAD = struct.Struct("<2H6I")
_POLARITY, _FRAME = 1, 2
_EVENT = 8
_FRAME_HEAD = 36
_CLOCK = 31


@dataclass(frozen=True)
class Ddd:
    """Files of DDD17 and DDD20. With `only_valid` events that the camera's filters struck out are left out; with
    `frames` pictures are kept beside the events: there may be gigabytes of them.

    Source: Binas et al., DDD17: end-to-end DAVIS driving dataset, 2017.
    """

    only_valid: bool = False
    frames: bool = False

    name: ClassVar[str] = "ddd"
    title: ClassVar[str] = "HDF5 files of DDD17 and DDD20: packets of a DAVIS346 in a car"
    suffixes: ClassVar[tuple[str, ...]] = (".hdf5",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, for an HDF5 file with packets of a camera.   Errors: EventFileError for a damaged HDF5 file."""
        return likeness(source, PACKETS)

    def open(self, source: Source) -> Reading:
        """Begin to read."""
        return _Reading(source, self)


class _Reading(Reading):
    def __init__(self, source: Source, form: Ddd) -> None:
        super().__init__(source, "DDD HDF5", WIDTH, HEIGHT)
        self._form, self._offset = form, 0

    def pieces(self, events: int) -> Iterator[Columns]:
        with Hdf5(self.source) as file, closing(Ragged(file, PACKETS, "u")) as rows:
            if len(rows.shape) != 2 or rows.shape[1] != 3 or rows.kind.itemsize != 1:
                raise self.source.damaged(0, f"{PACKETS} is rows of three strings of bytes, got {rows.shape}")
            for k in range(rows.shape[0]):
                head, body = rows.row(k, 1).tobytes(), rows.row(k, 2).tobytes()
                self._offset = rows.offset
                if not head:
                    continue
                columns = self._packet(k, head, body)
                for first in range(0, len(columns.t), events):
                    yield columns.own(first, first + events)

    def _packet(self, number: int, head: bytes, body: bytes) -> Columns:
        if len(head) != _HEAD.size:
            raise self._damaged(number, f"its head has {len(head)} bytes, that of a packet {_HEAD.size}")
        kind, _, size, _, overflow, _, count, _ = _HEAD.unpack(head)
        if kind not in (_POLARITY, _FRAME):
            return Columns.room(0)
        if count * size > len(body):
            raise self._damaged(number, f"{count} parts of {size} bytes are announced, {len(body)} bytes are there")
        if kind == _POLARITY:
            if size != _EVENT:
                raise self._damaged(number, f"events of {size} bytes, they have {_EVENT}")
            return self._events(number, body[: count * size], overflow)
        if self._form.frames:
            for k in range(count):
                self.beside.frames.append(self._frame(number, body[k * size : (k + 1) * size], overflow))
        return Columns.room(0)

    def _events(self, number: int, body: bytes, overflow: int) -> Columns:
        data, stamp = np.frombuffer(body, "<u4").reshape(-1, 2).T
        if self._form.only_valid:
            data, stamp = data[data & 1 == 1], stamp[data & 1 == 1]
        x, y = (data >> 17).astype(np.uint16), (data >> 2 & 0x7FFF).astype(np.uint16)
        if len(x) and (x.max() >= WIDTH or y.max() >= HEIGHT):
            raise self._damaged(number, f"an event at ({x.max()}, {y.max()}), the sensor has {WIDTH} x {HEIGHT} pixels")
        if len(stamp) and stamp.max() >> _CLOCK:
            raise self._damaged(number, f"times have {_CLOCK} bits, got {stamp.max()}")
        return Columns(stamp.astype(np.int64) + (overflow << _CLOCK), x, y, (data >> 1 & 1).astype(bool))

    def _frame(self, number: int, body: bytes, overflow: int) -> Frame:
        if len(body) < _FRAME_HEAD:
            raise self._damaged(number, f"a picture has a head of {_FRAME_HEAD} bytes, {len(body)} are there")
        words = struct.unpack_from("<9I", body)
        width, height = words[5:7]
        if width * height * 2 > len(body) - _FRAME_HEAD:
            raise self._damaged(number, f"a picture of {width} x {height} does not fit into {len(body)} bytes")
        pixels = np.frombuffer(body, "<u2", width * height, _FRAME_HEAD).reshape(height, width)
        return Frame((words[2] & 0x7FFFFFFF) + (overflow << _CLOCK), pixels.copy())

    def _damaged(self, number: int, what: str) -> Exception:
        return self.source.damaged(self._offset, f"packet {number} of {PACKETS}: {what}")


class Signal(NamedTuple):
    """What the car said: `values` (M,) at `t` (M,), microseconds of the computer's clock. It is not the camera's."""

    t: NDArray[np.int64]
    values: NDArray[np.float64]


def signals(where: Path | str | bytes) -> list[str]:
    """Return the names of what was recorded of the car.   Errors: EventFileError for a damaged file."""
    with Hdf5(Source.of(where)) as file:
        return [name for name in file.names("/") if name != "dvs" and file.has(f"{name}/timestamp")]


def signal(where: Path | str | bytes, name: str) -> Signal:
    """Read one signal of the car, as `steering_wheel_angle`; rows of padding, at time 0, are left out.

    Errors: InputError where there is none of the name, EventFileError for a damaged file.
    """
    source = Source.of(where)
    known = signals(where)
    if name not in known:
        raise InputError(f"{source.name} holds no signal '{name}', but {', '.join(known) or 'none'}")
    with Hdf5(source) as file:
        table, times = file.table(f"{name}/data", 2, "fiu"), file.table(f"{name}/timestamp", 1)
        if len(table) != len(times) or table.shape[1] != 2:
            raise source.damaged(table.offset, f"{name} is of shape {table.shape} at {len(times)} times")
        t = times.all().astype(np.int64)
        return Signal(t[t != 0], table.all()[t != 0, 1].astype(np.float64))
