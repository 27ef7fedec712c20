"""Files of words of one length, which compiled functions turn into events and back.

A word may be an event, several, or none; what one tells those that follow (the time, a row) is kept in a few numbers,
so that a file is read block by block, each into its place, while it is in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.files.format import Columns, Reading
from spikesight.events.files.source import Source
from spikesight.events.recording import Triggers
from spikesight.events.stream import EventStream

BLOCK: Final = 1 << 18
"""Bytes read at once: they stay in the cache until they are decoded."""
EVENTS_AT_ONCE: Final = 1 << 15
UNLIMITED: Final = 1 << 32
EDGES_AT_ONCE: Final = 1 << 10

# What all decoders keep at the same places of their numbers; from `OWN` on each has its own.
EDGES, EARLY, LEFT_OUT, BAD, BAD_X, BAD_Y, WAITING, OWN = range(8)
"""Edges written; events before the first time; words left out; 1 where a pixel lies outside of the sensor, and which;
1 where a word waits for the one that follows it."""
NUMBERS: Final = 16

REFUSED: Final = 0
"""Where encoders tell why they stopped: 0, or which of their refusals it is."""

Count = Callable[[NDArray[Any]], int]


@dataclass(frozen=True)
class Decoder:
    """A compiled function, and what it needs to begin.

    ``decode(words, numbers, t, x, y, p, at, width, height, edges) -> (words used, events written)`` goes on at event
    `at` until words are over, there is no room for the most events of a word, or `edges` (n, 3) is full. `count`
    returns no fewer events than words hold; it is left out where a word is one event at most.
    """

    decode: Callable[..., tuple[int, int]]
    word: str
    begin: tuple[int, ...] = ()
    most: int = 1
    count: Count | None = None


@dataclass(frozen=True)
class Encoder:
    """A compiled function ``encode(t, x, y, p, words, numbers) -> (events used, words written)``.

    It stops where `words` has no room for an event and what must come before it. An event that cannot be written stops
    it with the number of one of `refusals` (from 1) in `numbers[REFUSED]`. `most` words for an event; `columns` and
    `rows` of the largest sensor.
    """

    encode: Callable[..., tuple[int, int]]
    word: str
    begin: tuple[int, ...]
    most: int
    columns: int
    rows: int
    refusals: tuple[str, ...]


class Records(Reading):
    """A pass through words from byte `first` on to the end of the file.

    `sensors` are the usual ones of a format whose files do not tell theirs: the first that has room is taken.
    """

    def __init__(
        self,
        source: Source,
        variant: str,
        width: int | None,
        height: int | None,
        decoder: Decoder,
        first: int,
        sensors: tuple[tuple[int, int], ...] = (),
    ) -> None:
        super().__init__(source, variant, width, height)
        self._sensors = sensors
        self._decoder, self._first = decoder, first
        self._word = np.dtype(decoder.word)
        self._size = self._word.itemsize
        self._words = max(0, source.size - first) // self._size
        self._limits = (width or UNLIMITED, height or UNLIMITED)

    def sensor_of(self, width: int, height: int) -> tuple[int, int]:
        """Return the first of the usual sensors that has room."""
        room = (sensor for sensor in self._sensors if width <= sensor[0] and height <= sensor[1])
        return next(room, (width, height))

    def pieces(self, events: int) -> Iterator[Columns]:
        """Go through the events.   Errors: EventFileError where a pixel lies outside of the sensor."""
        most = self._decoder.most
        room = max(min(events, most * self._words), most)
        out, at = Columns.room(room), 0
        for numbers, edges, offset, words in self._blocks():
            done = 0
            while done < len(words):
                used, at = self._step(words[done:], numbers, out, at, edges, offset + done * self._size)
                done += used
                if at > room - most:
                    yield from _slices(out, at, events)
                    out, at = Columns.room(room), 0
        yield from _slices(out, at, events)

    def whole(self) -> Columns:
        """Return all events, each written once, in its place.   Errors: as `pieces`."""
        out, at = Columns.room(self._most_events()), 0
        for numbers, edges, offset, words in self._blocks():
            done = 0
            while done < len(words):
                used, at = self._step(words[done:], numbers, out, at, edges, offset + done * self._size)
                if not used:
                    raise self.source.damaged(offset + done * self._size, "the file changed while it was read")
                done += used
        return out.part(0, at)

    def _most_events(self) -> int:
        count = self._decoder.count
        # A kernel asks for room for the most events of a word, which the last ones may not fill.
        return self._words if count is None else sum(count(words) for _, words in self._read()) + self._decoder.most

    def _read(self) -> Iterator[tuple[int, NDArray[Any]]]:
        """Go through the words that the file had when it was opened, with the byte at which they begin."""
        left, offset = self._words, self._first
        for block in self.source.blocks(self._first, self._size, BLOCK // self._size) if left else ():
            words = _as_words(block, self._word)[:left]
            if not len(words):
                return
            yield offset, words
            left, offset = left - len(words), offset + len(words) * self._size

    def _blocks(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], int, NDArray[Any]]]:
        """Go through the words with a decoder's numbers; tell what there is to tell when they are over."""
        numbers, edges = np.zeros(NUMBERS, np.int64), np.empty((EDGES_AT_ONCE, 3), np.int64)
        numbers[OWN : OWN + len(self._decoder.begin)] = self._decoder.begin
        for offset, words in self._read():
            yield numbers, edges, offset, words
        self._tell(numbers)

    def _step(
        self,
        words: NDArray[Any],
        numbers: NDArray[np.int64],
        out: Columns,
        at: int,
        edges: NDArray[np.int64],
        offset: int,
    ) -> tuple[int, int]:
        used, at = self._decoder.decode(words, numbers, *out, at, *self._limits, edges)
        if numbers[EDGES]:
            t, source, rising = edges[: numbers[EDGES]].T
            self.beside.triggers.append(Triggers(t.copy(), source.copy(), rising.astype(bool)))
            numbers[EDGES] = 0
        if numbers[BAD]:
            raise self.source.damaged(
                offset + used * self._size,
                f"an event at ({numbers[BAD_X]}, {numbers[BAD_Y]}), but the sensor has {self.width} x {self.height} "
                "pixels: the file is damaged, or of another sensor",
            )
        return used, at

    def _tell(self, numbers: NDArray[np.int64]) -> None:
        if numbers[EARLY]:
            self.note(f"{numbers[EARLY]} events before the first word of time are left out: their time is not known")
        if numbers[LEFT_OUT]:
            self.notes.append(f"{numbers[LEFT_OUT]} words are neither events nor triggers and are left out")
        end, size = self._first + self._words * self._size, self.source.size
        if numbers[WAITING]:
            self.cut_off(end - self._size, "the word that belongs to this one is missing")
        elif end < size:
            self.cut_off(end, f"a word has {self._size} bytes, and {size - end} are left")


def written(
    path: Path, heading: bytes, encoder: Encoder, pieces: Iterator[EventStream], width: int, height: int
) -> None:
    """Write a heading and events to a new file.

    Errors: InputError, with the number of the event, where the format has no room for it; OSError.
    """
    numbers = np.zeros(NUMBERS, np.int64)
    numbers[OWN : OWN + len(encoder.begin)] = encoder.begin
    word = np.dtype(encoder.word)
    room = np.empty(encoder.most * EVENTS_AT_ONCE * word.itemsize, np.uint8)
    words, number = _as_words(room, word), 0
    with path.open("wb") as file:
        file.write(heading)
        for piece in pieces:
            for events in piece.pieces(EVENTS_AT_ONCE):
                _check(events, encoder, number)
                done = 0
                while done < len(events):
                    rest = (column[done:] for column in (events.t, events.x, events.y, events.p))
                    used, count = encoder.encode(*rest, words, numbers)
                    file.write(words[:count])  # type: ignore[arg-type]
                    done += used
                    if numbers[REFUSED]:
                        why = encoder.refusals[numbers[REFUSED] - 1]
                        raise InputError(f"event {number + done} at {events.t[done]} us cannot be written: {why}")
                number += len(events)


def _check(events: EventStream, encoder: Encoder, number: int) -> None:
    outside = (events.x >= encoder.columns) | (events.y >= encoder.rows)
    if outside.any():
        k = int(outside.argmax())
        raise InputError(
            f"event {number + k} at pixel ({events.x[k]}, {events.y[k]}) cannot be written: the format has room for "
            f"{encoder.columns} x {encoder.rows} pixels; choose another one, or cut a window"
        )


def _as_words(data: NDArray[np.uint8], word: np.dtype[Any]) -> NDArray[Any]:
    """Return bytes as words (n,); those of a length that no number has, as rows of bytes (n, length)."""
    return data.reshape(-1, word.itemsize) if word.kind == "V" else data.view(word)


def _slices(columns: Columns, count: int, events: int) -> Iterator[Columns]:
    for first in range(0, count, events):
        yield columns.part(first, min(first + events, count))
