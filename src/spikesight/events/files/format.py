"""What a format of event files is: it recognises its files, reads them piece by piece, and may write them."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.files.source import EventFileWarning, Source
from spikesight.events.recording import Beside
from spikesight.events.stream import EventStream


class Columns(NamedTuple):
    """Events as a decoder leaves them, in the order of the file: t (N,) microseconds, x, y, p (N,)."""

    t: NDArray[np.int64]
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    p: NDArray[np.bool_]

    @classmethod
    def room(cls, events: int) -> Columns:
        """Return columns for so many events, not yet written."""
        return cls(
            np.empty(events, np.int64), np.empty(events, np.uint16), np.empty(events, np.uint16), np.empty(events, bool)
        )

    def part(self, first: int, last: int) -> Columns:
        """Return the events from number `first` up to, not including, `last`, without copying."""
        return Columns(self.t[first:last], self.x[first:last], self.y[first:last], self.p[first:last])

    def own(self, first: int, last: int) -> Columns:
        """Return the events from number `first` up to, not including, `last`, in memory of their own."""
        part = self.part(first, last)
        return Columns(part.t.copy(), part.x.copy(), part.y.copy(), part.p.copy())


class Likeness(IntEnum):
    """How sure a format is that a file is its own."""

    NO = 0
    PERHAPS = 1
    """Nothing speaks against it: formats without a header cannot say more."""
    YES = 2
    """The file says so itself."""


class Reading(ABC):
    """One pass through an event file.

    `variant` tells what the file says of its own kind (a version, a camera). `width` and `height` are those of the
    sensor, or None where the file does not tell them: they are then taken from the largest coordinates. `beside` and
    `notes` grow while the pieces are read.
    """

    def __init__(self, source: Source, variant: str, width: int | None, height: int | None) -> None:
        self.source, self.variant, self.width, self.height = source, variant, width, height
        self.beside, self.notes = Beside(), list[str]()

    @abstractmethod
    def pieces(self, events: int) -> Iterator[Columns]:
        """Go through the events in the order of the file, at most `events` at a time; columns are the caller's own.

        Errors: EventFileError, naming the byte, where what is read cannot be of this format.
        """

    def whole(self) -> Columns:
        """Return all events of the file.   Errors: as `pieces`."""
        pieces = [Columns.room(0), *self.pieces(1 << 22)]
        return Columns(*(np.concatenate(column) for column in zip(*pieces, strict=True)))

    def sensor_of(self, width: int, height: int) -> tuple[int, int]:
        """Return the sensor of a file that does not tell it, whose events take `width` x `height` pixels."""
        return width, height

    def sensor(self, width: int, height: int) -> tuple[int, int]:
        """Return the size of the sensor of a file whose events, all of them read, take `width` x `height` pixels.

        Errors: InputError where the file tells a smaller one.
        """
        if self.width is None or self.height is None:
            return self.sensor_of(width, height)
        if width > self.width or height > self.height:
            raise InputError(
                f"{self.source.name} tells of a sensor of {self.width} x {self.height} pixels, but has events up to "
                f"x = {width - 1}, y = {height - 1}"
            )
        return self.width, self.height

    def cut_off(self, offset: int, what: str) -> None:
        """Tell that the file ends too early, at byte `offset`; the events before it are kept."""
        self.note(f"at byte {offset}: {what}: the file is cut off, events before that are kept")

    def note(self, what: str) -> None:
        """Tell what the reader of this file should know: a warning, and a line of `notes`."""
        self.notes.append(what)
        warnings.warn(f"{self.source.name}: {what}", EventFileWarning, stacklevel=2)


class Format(Protocol):
    """A format of event files; its fields, if it has any, are what its files do not tell themselves.

    `name` is that of the catalogue, `title` tells people what it is, `suffixes` are those of usual file names.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]

    def sniff(self, source: Source) -> Likeness:
        """Say whether `source` is a file of this format, by what is in it."""

    def open(self, source: Source) -> Reading:
        """Begin to read.   Errors: EventFileError where the head of the file is damaged."""


@runtime_checkable
class Writable(Protocol):
    """A format that can be written too."""

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events of a sensor of `width` x `height` pixels to a new file, so that reading gives them back exactly.

        Errors: InputError where the format has no room for such times or coordinates; OSError where the disk is full.
        """
