"""Reading event files: whole, or piece by piece where they are larger than memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spikesight.base.errors import InputError
from spikesight.events.files.choosing import choose
from spikesight.events.files.format import Columns, Format
from spikesight.events.files.source import Source
from spikesight.events.recording import Recording, all_inertial, all_triggers
from spikesight.events.stream import EventStream

PIECE = 1 << 20
"""Events of a piece: 13 MB."""


class EventFile:
    """A file of events: a path, or bytes that `name` stands for in messages; `format` where it is not to be found out.

    Errors: EventFileError (an InputError) naming the byte where it is damaged, InputError where no format knows it,
    MissingExtra where its format needs a package that is not installed. A file that ends too early gives the events
    before the cut and an EventFileWarning.
    """

    def __init__(self, where: Path | str | bytes, format: Format | None = None, name: str = "") -> None:  # noqa: A002
        self.source = Source.of(where, name)
        self.format = choose(self.source) if format is None else format

    def read(self) -> Recording:
        """Read all of it.   Errors: as told above."""
        reading = self.format.open(self.source)
        columns = reading.whole()
        width, height = reading.sensor(*_extent(columns))
        return Recording(
            self._stream(columns, width, height),
            self.format.name,
            tuple(reading.notes),
            all_triggers(reading.beside.triggers),
            all_inertial(reading.beside.inertial),
            tuple(reading.beside.frames),
        )

    def pieces(self, events: int = PIECE) -> Iterator[EventStream]:
        """Go through it, at most `events` at a time, in memory that does not grow with the file.

        Where the file does not tell the size of its sensor it is gone through once before, to find the largest
        coordinates.   Errors: as told above.
        """
        if events < 1:
            raise InputError(f"a piece has an event or more, got {events}")
        width, height = self.sensor()
        for columns in self.format.open(self.source).pieces(events):
            yield self._stream(columns, width, height)

    def sensor(self) -> tuple[int, int]:
        """Return width and height of the sensor.   Errors: as told above."""
        reading = self.format.open(self.source)
        if reading.width is not None and reading.height is not None:
            return reading.width, reading.height
        width = height = 1
        for columns in reading.pieces(PIECE):
            wide, high = _extent(columns)
            width, height = max(width, wide), max(height, high)
        return reading.sensor_of(width, height)

    def _stream(self, columns: Columns, width: int, height: int) -> EventStream:
        return EventStream(*columns, width, height, (f"read from {self.source.name} as {self.format.name}",))


def read(where: Path | str | bytes, format: Format | None = None, name: str = "") -> Recording:  # noqa: A002
    """Read a file of events, whole; see `EventFile` for the errors.

    `where` is a path, or the bytes of a file, which `name` stands for in messages. The format is found from the
    content; give one (`Bin(width=240, height=180)`) for what a file without a head does not tell.
    """
    return EventFile(where, format, name).read()


def _extent(columns: Columns) -> tuple[int, int]:
    """The size of the smallest sensor that has room for these events."""
    if not len(columns.t):
        return 1, 1
    return int(columns.x.max()) + 1, int(columns.y.max()) + 1
