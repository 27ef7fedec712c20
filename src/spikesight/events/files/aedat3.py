"""AEDAT 3.1, as cAER writes it and DVS128 Gesture is published: lines of text, then packets.

A packet has room for `capacity` events of which `number` are used; some writers leave the unused ones out of the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.events.files import packets
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.heading import Heading, heading
from spikesight.events.files.packets import HEAD, Head
from spikesight.events.files.regroup import regrouped
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

MAGIC: Final = b"#!AER-DAT3.1"
_END = "!END-HEADER"
_CAMERAS = {
    "DVS128": (128, 128),
    "EDVS": (128, 128),
    "DAVIS128": (128, 128),
    "DAVIS208": (208, 192),
    "DAVIS240": (240, 180),
    "DAVIS346": (346, 260),
    "DAVIS640": (640, 480),
}
_USUAL = ((128, 128), (240, 180), (346, 260), (640, 480))
"""The first that has room is taken where the lines of text tell no camera."""
_SIZE = re.compile(r"\b([1-9]\d{0,4}) ?x ?([1-9]\d{0,4})\b")
_AT_ONCE = 1 << 20
_PACKET = 1 << 14
_LARGEST = (1 << 15) - 1


@dataclass(frozen=True)
class Aedat3:
    """Events of all packets of changes; with `only_valid`, less those that a filter of the camera marked as invalid."""

    only_valid: bool = False

    name: ClassVar[str] = "aedat3"
    title: ClassVar[str] = "AEDAT 3.1 of cAER, DVS128 Gesture"
    suffixes: ClassVar[tuple[str, ...]] = (".aedat", ".aedat3")

    def sniff(self, source: Source) -> Likeness:
        """Yes, where the first line says so."""
        return Likeness.YES if source.beginning.startswith(MAGIC) else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read.   Errors: EventFileError where the lines of text do not end."""
        found = heading(source, b"#", _END)
        if self.sniff(source) is Likeness.NO or (_END not in found.lines and found.size == source.size):
            raise source.damaged(0, f"AEDAT 3.1 begins with {MAGIC!r} and has a line '#{_END}' before its packets")
        return _Reading(source, self.only_valid, found)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events of times from 0 to 2^62 us; the size of the sensor stands in the line of its source."""
        with path.open("wb") as file:
            lines = (MAGIC.decode(), "#Format: RAW", f"#Source 0: Spikesight {width}x{height}", f"#{_END}", "")
            file.write("\r\n".join(lines).encode())
            for piece in pieces:
                _write(file, piece)


class _Reading(Reading):
    def __init__(self, source: Source, only_valid: bool, found: Heading) -> None:
        super().__init__(source, "AEDAT3.1", *_sensor(found))
        self._only_valid, self._first, self._size = only_valid, found.size, source.size
        self._invalid = self._events = 0
        self._unread = Counter[int]()

    def sensor_of(self, width: int, height: int) -> tuple[int, int]:
        return next((size for size in _USUAL if width <= size[0] and height <= size[1]), (width, height))

    def pieces(self, events: int) -> Iterator[Columns]:
        with self.source.open() as file:
            yield from regrouped(self._parts(file), events)
        if 0 < self._invalid < self._events and not self._only_valid:
            self.note(
                f"{self._invalid} of {self._events} events are marked invalid: Aedat3(only_valid=True) drops them"
            )

        if self._unread:
            told = ", ".join(f"{number} of kind {kind}" for kind, number in sorted(self._unread.items()))
            self.note(f"what other packets hold is not read: {told}")

    def _parts(self, file: BinaryIO) -> Iterator[Columns]:
        at = self._first
        while at + HEAD.itemsize <= self._size:
            head = self._head(file, at)
            begin = at + HEAD.itemsize
            whole = min(head.number, (self._size - begin) // head.size)
            yield from self._body(file, head, begin, whole)
            if whole < head.number:
                return self.cut_off(at, f"a packet of {head.number} events, of which {whole} are there")
            at = self._end(file, head, begin)
        if at < self._size:
            self.cut_off(at, f"the head of a packet has {HEAD.itemsize} bytes, {self._size - at} are left")

    def _head(self, file: BinaryIO, at: int) -> Head:
        file.seek(at)
        head = Head.of(file.read(HEAD.itemsize))
        if problem := head.problem():
            raise self.source.damaged(at, problem)
        return head

    def _end(self, file: BinaryIO, head: Head, begin: int) -> int:
        """Where the next packet begins: after all that there is room for, or after what is used."""
        full, used = begin + head.capacity * head.size, begin + head.number * head.size
        if full in (used, self._size) or (full < self._size and self._begins(file, full)):
            return full
        return used if used == self._size or self._begins(file, used) else min(full, self._size)

    def _begins(self, file: BinaryIO, at: int) -> bool:
        file.seek(at)
        data = file.read(HEAD.itemsize)
        if len(data) < HEAD.itemsize:
            return False
        head = Head.of(data)
        # Where events are taken for a head, the place of the time within an event hardly lies inside of it.
        return head.problem() is None and head.offset + 4 <= head.size

    def _body(self, file: BinaryIO, head: Head, begin: int, number: int) -> Iterator[Columns]:
        file.seek(begin)
        at_once = 1 if head.kind == packets.FRAME else _AT_ONCE
        for first in range(0, number, at_once):
            part = head._replace(number=min(at_once, number - first))
            body = file.read(part.number * head.size)
            if head.kind == packets.POLARITY:
                yield self._changes(body, part, begin + first * head.size)
            else:
                self._others(body, part)

    def _changes(self, body: bytes, head: Head, offset: int) -> Columns:
        columns = packets.events_of(head, body, self._only_valid)
        self._events += head.number
        self._invalid += packets.invalid_of(head, body)
        for values, size, axis in ((columns.x, self.width, "x"), (columns.y, self.height, "y")):
            if size is not None and len(values) and values.max() >= size:
                raise self.source.damaged(
                    offset, f"a sensor of {self.width} x {self.height} pixels has no {axis} = {values.max()}"
                )
        return columns

    def _others(self, body: bytes, head: Head) -> None:
        if head.kind == packets.SPECIAL:
            self.beside.triggers.append(packets.triggers_of(head, body))
            if packets.resets_of(head, body):
                self.note("the camera's clock was set to 0 on the way: times stay as they are in the file")
        elif head.kind == packets.FRAME:
            pictures = packets.frames_of(head, body)
            if len(pictures) < head.number:
                self.note("a picture is larger than its place, and is left out")
            self.beside.frames.extend(pictures)
        elif head.kind in packets.SIZES:
            self.beside.inertial.append(packets.inertial_of(head, body))
        else:
            self._unread[head.kind] += head.number


def _sensor(found: Heading) -> tuple[int, int] | tuple[None, None]:
    """Width and height by a line of a source: its size, or the name of a camera."""
    for line in found.lines:
        if line.startswith(("Source", "-Source")):
            if size := _SIZE.search(line):
                return int(size[1]), int(size[2])
            for name, pixels in _CAMERAS.items():
                if name in line.upper().replace(" ", ""):
                    return pixels
    return None, None


def _write(file: BinaryIO, piece: EventStream) -> None:
    if len(piece) and (piece.t.min() < 0 or piece.t.max() >> 62):
        raise InputError(f"AEDAT 3.1 has times from 0 to 2^62 us, got {piece.t.min()} to {piece.t.max()}")
    if len(piece) and max(piece.x.max(), piece.y.max()) > _LARGEST:
        raise InputError(f"AEDAT 3.1 has pixels up to {_LARGEST}, got ({piece.x.max()}, {piece.y.max()})")
    overflow = piece.t >> packets.CLOCK
    edges = np.union1d(np.flatnonzero(np.diff(overflow)) + 1, np.arange(0, len(piece) + _PACKET, _PACKET))
    edges = np.minimum(edges, len(piece))
    data = piece.x.astype(np.uint32) << 17 | piece.y.astype(np.uint32) << 2 | piece.p.astype(np.uint32) << 1 | 1
    words = np.column_stack((data, (piece.t & (1 << packets.CLOCK) - 1).astype(np.uint32))).astype("<u4")
    for first, last in pairwise(edges):
        if first < last:
            n = int(last - first)
            file.write(np.array((packets.POLARITY, 0, 8, 4, int(overflow[first]), n, n, n), HEAD).tobytes())
            file.write(words[first:last].tobytes())
