"""Event Stream: records of a DVS, an ATIS, a colour camera, or of anything.

Changes are events. What an ATIS says of exposure is a second stream, read with `Es(exposure=True)`: there `p` tells the
second threshold from the first. A colour camera tells that a pixel changed, not in which direction: all are ON, and
`colours` reads what it saw. Generic records are no events: `messages` reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.files.event_stream_bytes import ATIS, COLOUR, DVS, LONGEST, decode, encode, messages_of
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

MAGIC: Final = b"Event Stream"
GENERIC: Final = 0
_NAMES = {GENERIC: "generic", DVS: "dvs", ATIS: "atis", COLOUR: "colour"}
_HEAD, _CAMERA_HEAD = 16, 20
_BLOCK = 1 << 20
_LONGEST_SILENCE = 127 << 30
"""Microseconds without an event that may be written: they take 1 GB of bytes that say nothing."""


@dataclass(frozen=True)
class Es:
    """Events of a DVS or a colour camera; of an ATIS the changes, or with `exposure` its threshold crossings.

    Source: Marcireau et al., Sepia, Tarsier and Chameleon, 2020; event_stream, version 2.
    """

    exposure: bool = False

    name: ClassVar[str] = "es"
    title: ClassVar[str] = "Event Stream 2: DVS, ATIS, colour"
    suffixes: ClassVar[tuple[str, ...]] = (".es",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where it begins with its name."""
        return Likeness.YES if source.beginning.startswith(MAGIC) else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read.   Errors: EventFileError for another version, and for generic records."""
        kind, width, height = _head(source)
        if kind == GENERIC:
            raise source.damaged(15, "these are generic records, not events: read them with es.messages(...)")
        return _Reading(source, kind, width, height, self.exposure)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write records of a DVS. Times start at 0 or later and never step back."""
        if max(width, height) > 0xFFFF:
            raise InputError(f"Event Stream has room for sensors up to 65535 x 65535, got {width} x {height}")
        room, now = np.empty(_BLOCK, np.uint8), 0
        with path.open("wb") as file:
            file.write(MAGIC + bytes((2, 0, 0, DVS)) + width.to_bytes(2, "little") + height.to_bytes(2, "little"))
            for piece in pieces:
                _check(piece, now)
                k = 0
                while k < len(piece):
                    k, now, used = encode(piece.t, piece.x, piece.y, piece.p, k, now, room)
                    file.write(room[:used].tobytes())


class _Reading(Reading):
    def __init__(self, source: Source, kind: int, width: int, height: int, exposure: bool) -> None:
        super().__init__(source, f"ES v2 {_NAMES[kind]}", width, height)
        self._kind, self._exposure = kind, exposure

    def pieces(self, events: int) -> Iterator[Columns]:
        passed = 0
        for columns, _, left_out in records(self.source, self._kind, self._exposure, events, self):
            passed += left_out
            if len(columns.t):
                yield columns
        if passed:
            other = "changes: Es()" if self._exposure else "threshold crossings of exposure: Es(exposure=True)"
            self.note(f"{passed} records are {other} reads them")


def records(
    source: Source, kind: int, exposure: bool, events: int, reading: Reading
) -> Iterator[tuple[Columns, NDArray[np.uint8], int]]:
    """Go through events, their colours (N, 3), and how many records were passed over.   Errors: EventFileError."""
    now, at, size = 0, _CAMERA_HEAD, source.size
    with source.open() as file:
        file.seek(at)
        data = np.empty(0, np.uint8)
        while True:
            if len(data) < LONGEST * min(events, _BLOCK // LONGEST):
                data = np.concatenate((data, np.frombuffer(file.read(_BLOCK), np.uint8)))
            room = Columns.room(min(events, len(data) // 5))
            colours = np.empty((len(room.t), 3) if kind == COLOUR else (0, 3), np.uint8)
            n, used, now, passed = _decoded(data, kind, exposure, now, room, colours)
            columns = room if n == len(room.t) else room.own(0, n)
            for values, length, axis in ((columns.x, reading.width, "x"), (columns.y, reading.height, "y")):
                if n and length is not None and values.max() >= length:
                    raise source.damaged(
                        at, f"a sensor of {reading.width} x {reading.height} pixels has no {axis} = {values.max()}"
                    )
            yield columns, colours[:n], passed
            at += used
            data = data[used:]
            if at + LONGEST > size and (not used or at == size):
                break
    if at < size:
        reading.cut_off(at, f"a record is longer than the {size - at} bytes that are left")


def _decoded(
    data: NDArray[np.uint8], kind: int, exposure: bool, now: int, room: Columns, colours: NDArray[np.uint8]
) -> tuple[int, int, int, int]:
    if not len(room.t):
        # Fewer bytes than a record has: they may still say that time passes.
        spare = Columns.room(1)
        return decode(data, kind, int(exposure), now, *spare, np.empty((1, 3), np.uint8))  # type: ignore[no-any-return]
    return decode(data, kind, int(exposure), now, *room, colours)  # type: ignore[no-any-return]


def colours(where: Path | str | bytes) -> tuple[Columns, NDArray[np.uint8]]:
    """Return the events of a colour camera and what each saw, red, green and blue (N, 3).   Errors: EventFileError."""
    source = Source.of(where)
    kind, width, height = _head(source)
    if kind != COLOUR:
        raise source.damaged(15, f"this is a file of kind {_NAMES[kind]}, not of a colour camera")
    reading = _Reading(source, kind, width, height, False)
    parts = list(records(source, kind, False, _BLOCK, reading))
    columns = (np.concatenate(one) for one in zip(*(part[0] for part in parts), strict=True))
    return Columns(*columns), np.concatenate([part[1] for part in parts])


def messages(where: Path | str | bytes) -> tuple[NDArray[np.int64], list[bytes]]:
    """Return times (N,) in microseconds and payloads of a file of generic records; one that is cut off is left out.

    Errors: EventFileError where it is another file.
    """
    source = Source.of(where)
    if _head(source)[0] != GENERIC:
        raise source.damaged(15, "these are events of a camera, not messages: read them with events.read(...)")
    with source.open() as file:
        data = file.read()
    times, payloads, end = messages_of(data[_HEAD:])
    if _HEAD + end < len(data):
        _Reading(source, GENERIC, 1, 1, False).cut_off(_HEAD + end, "a message is longer than the file")
    return times, payloads


def _head(source: Source) -> tuple[int, int, int]:
    head = source.beginning[:_CAMERA_HEAD]
    if not head.startswith(MAGIC) or len(head) < _HEAD:
        raise source.damaged(0, f"an Event Stream begins with {MAGIC!r}, its version and its kind")
    if head[12] != 2:
        raise source.damaged(12, f"Event Stream of version {head[12]}: version 2 is read")
    kind = head[15]
    if kind not in _NAMES:
        raise source.damaged(15, f"Event Stream of kind {kind}: {_NAMES} are known")
    if kind == GENERIC:
        return kind, 1, 1
    if len(head) < _CAMERA_HEAD:
        raise source.damaged(_HEAD, "the file ends within the size of its sensor")
    width, height = int.from_bytes(head[16:18], "little"), int.from_bytes(head[18:20], "little")
    if not width or not height:
        raise source.damaged(_HEAD, f"a sensor has a pixel or more, got {width} x {height}")
    return kind, width, height


def _check(piece: EventStream, now: int) -> None:
    if not len(piece):
        return
    gaps = np.diff(piece.t, prepend=now)
    if gaps.min() < 0:
        raise InputError("Event Stream keeps the time between events, from 0 on: they step back here, call `.sorted()`")
    if gaps.max() > _LONGEST_SILENCE:
        raise InputError(
            f"Event Stream would need {gaps.max() // 127} bytes for {gaps.max()} us without an event: call "
            "`.later(...)`, or choose another format"
        )
