"""The HDF5 files of DDD17 and DDD20: packets of a DAVIS346 in a car, as they came, and signals of the car beside them.

A row of `/dvs/data` is the time of the computer, a packet's head (28 bytes) and its body, as in AEDAT 3.1 files:
packets of changes are events; frames, motion and triggers lie beside them. Rows of padding are empty. The camera is
often mounted upside down, and some recordings have a clock that steps back: pictures and times stay as they are.
"""

from __future__ import annotations

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
from spikesight.events.files.packets import (
    FRAME,
    HEAD,
    IMU6,
    POLARITY,
    SPECIAL,
    Head,
    events_of,
    frames_of,
    inertial_of,
    triggers_of,
)
from spikesight.events.files.ragged import Ragged
from spikesight.events.files.regroup import regrouped
from spikesight.events.files.source import Source

PACKETS: Final = "dvs/data"
WIDTH, HEIGHT = 346, 260


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
        return regrouped(self._packets(), events)

    def _packets(self) -> Iterator[Columns]:
        with Hdf5(self.source) as file, closing(Ragged(file, PACKETS, "u")) as rows:
            if len(rows.shape) != 2 or rows.shape[1] != 3 or rows.kind.itemsize != 1:
                raise self.source.damaged(0, f"{PACKETS} is rows of three strings of bytes, got {rows.shape}")
            for k in dict.fromkeys(rows.filled()):
                head, body = rows.row(k, 1).tobytes(), rows.row(k, 2).tobytes()
                self._offset = rows.offset
                if head:
                    yield self._packet(k, head, body)

    def _packet(self, number: int, packed: bytes, body: bytes) -> Columns:
        """The events of a packet; what else it may hold goes beside them."""
        if len(packed) != HEAD.itemsize:
            raise self._damaged(number, f"its head has {len(packed)} bytes, that of a packet {HEAD.itemsize}")
        head = Head.of(packed)
        problem = head.problem()
        if problem is None and head.number * head.size > len(body):
            problem = f"{head.number} parts of {head.size} bytes are announced, {len(body)} bytes are there"
        if problem is not None:
            raise self._damaged(number, problem)
        if head.kind == POLARITY:
            return self._inside(number, events_of(head, body, self._form.only_valid))
        if head.kind == FRAME and self._form.frames:
            self.beside.frames += frames_of(head, body)
        if head.kind == SPECIAL:
            self.beside.triggers.append(triggers_of(head, body))
        if head.kind == IMU6:
            self.beside.inertial.append(inertial_of(head, body))
        return Columns.room(0)

    def _inside(self, number: int, columns: Columns) -> Columns:
        _, x, y, _ = columns
        if len(x) and (x.max() >= WIDTH or y.max() >= HEIGHT):
            raise self._damaged(number, f"an event at ({x.max()}, {y.max()}), the sensor has {WIDTH} x {HEIGHT} pixels")
        return columns

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
