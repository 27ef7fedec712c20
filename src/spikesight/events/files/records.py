"""Files of words of one length, which compiled functions turn into events and back.

A word may be an event, several, or none; what one tells those that follow (the time, a row) is kept in a few numbers,
so that a file is read block by block, each into its place, while it is in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from spikesight.base.cores import usable_cores
from spikesight.base.errors import InputError
from spikesight.base.spread import spread
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
Enter = Callable[[NDArray[Any], int, NDArray[np.int64]], int]
Behind = Callable[[NDArray[np.int64], NDArray[np.int64]], int]

LEAST_PART: Final = 1 << 20
"""Words of a part that is worth a core of its own."""
AROUND: Final = 1 << 14
"""Words before and after the middle of a file in which a place to enter is looked for."""


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
    enter: Enter | None = None
    behind: Behind | None = None


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


@dataclass
class Part:
    """Words `first` up to, not including, `last`, the decoder's numbers when they are `entered` and now, and what was
    found in them: how many `events` to expect, how many were `written`, and edges.
    """

    first: int
    last: int
    numbers: NDArray[np.int64]
    entered: NDArray[np.int64] = field(default_factory=lambda: np.zeros(NUMBERS, np.int64))
    events: int = 0
    written: int = 0
    triggers: list[Triggers] = field(default_factory=list)


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
                used, at = self._step(
                    words[done:], numbers, out, at, edges, offset + done * self._size, self.beside.triggers
                )
                done += used
                if at > room - most:
                    yield from _slices(out, at, events)
                    out, at = Columns.room(room), 0
        yield from _slices(out, at, events)

    def whole(self) -> Columns:
        """Return all events, each written once, in its place.   Errors: as `pieces`.

        Where a decoder can enter a file in its middle, parts of the file are decoded side by side.
        """
        parts = self._parts()
        count = self._decoder.count
        if count is None:
            parts[0].events = self._words
        else:
            side_by_side(partial(self._count, count), parts)
        ends = np.cumsum([part.events for part in parts])
        out = Columns.room(int(ends[-1]))
        places = [out.part(end - part.events, end) for part, end in zip(parts, ends, strict=True)]
        side_by_side(self._fill, parts, places)
        for before, part, place in zip(parts[:-1], parts[1:], places[1:], strict=True):
            self._join(before, part, place)
        self._tell([part.numbers for part in parts])
        self.beside.triggers.extend(piece for part in parts for piece in part.triggers)
        return out.part(0, int(ends[-1]) - parts[-1].events + parts[-1].written)

    def _parts(self) -> list[Part]:
        """Cut the words into parts of about one length for each core, where the state in between can be found."""
        parts = [Part(0, self._words, self._begin())]
        wanted = min(usable_cores(), self._words // LEAST_PART) if self._decoder.enter is not None else 1
        for k in range(1, wanted):
            first = self._words * k // wanted - AROUND
            numbers = self._begin()
            _, words = next(self._read(first, first + 2 * AROUND, 2 * AROUND))
            entered = self._decoder.enter(words, AROUND, numbers)  # type: ignore[misc]
            if entered >= 0:
                parts[-1].last = first + entered
                parts.append(Part(first + entered, self._words, numbers))
        return parts

    def _count(self, count: Count, part: Part) -> None:
        part.events = sum(int(count(words)) for _, words in self._read(part.first, part.last))

    def _fill(self, part: Part, out: Columns) -> None:
        """Decode a part into its place. A kernel wants room for the most events of a word: the last have one apart."""
        edges, at, apart = np.empty((EDGES_AT_ONCE, 3), np.int64), 0, None
        part.entered = part.numbers.copy()
        for offset, words in self._read(part.first, part.last):
            done = 0
            while done < len(words):
                room, filled = (out, at) if apart is None else (apart, at - part.written)
                used, now = self._step(
                    words[done:], part.numbers, room, filled, edges, offset + done * self._size, part.triggers
                )
                at += now - filled
                done += used
                if not used and not part.numbers[EDGES]:
                    if apart is not None:
                        raise self.source.damaged(offset + done * self._size, "the file changed while it was read")
                    apart, part.written = Columns.room(len(out.t) - at + self._decoder.most), at
        if apart is not None:
            for name in Columns._fields:
                getattr(out, name)[part.written : at] = getattr(apart, name)[: at - part.written]
        part.written = at

    def _join(self, before: Part, part: Part, place: Columns) -> None:
        """Set the clock of a part, which did not know how many rounds there had been, by the one before it."""
        behind = self._decoder.behind(before.numbers, part.entered)  # type: ignore[misc]
        part.numbers[OWN] += before.numbers[OWN] - part.entered[OWN]
        if behind:
            np.add(place.t, behind, out=place.t)
            part.triggers = [piece._replace(t=piece.t + behind) for piece in part.triggers]

    def _begin(self) -> NDArray[np.int64]:
        numbers = np.zeros(NUMBERS, np.int64)
        numbers[OWN : OWN + len(self._decoder.begin)] = self._decoder.begin
        return numbers

    def _read(self, first: int, last: int, at_once: int | None = None) -> Iterator[tuple[int, NDArray[Any]]]:
        """Go through words `first` up to, not including, `last`, with the byte at which they begin."""
        left, offset = last - first, self._first + first * self._size
        at_once = BLOCK // self._size if at_once is None else at_once
        for block in self.source.blocks(offset, self._size, at_once) if left else ():
            words = _as_words(block, self._word)[:left]
            if not len(words):
                return
            yield offset, words
            left, offset = left - len(words), offset + len(words) * self._size

    def _blocks(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], int, NDArray[Any]]]:
        """Go through the words with a decoder's numbers; tell what there is to tell when they are over."""
        numbers, edges = self._begin(), np.empty((EDGES_AT_ONCE, 3), np.int64)
        for offset, words in self._read(0, self._words):
            yield numbers, edges, offset, words
        self._tell([numbers])

    def _step(
        self,
        words: NDArray[Any],
        numbers: NDArray[np.int64],
        out: Columns,
        at: int,
        edges: NDArray[np.int64],
        offset: int,
        triggers: list[Triggers],
    ) -> tuple[int, int]:
        used, at = self._decoder.decode(words, numbers, *out, at, *self._limits, edges)
        if numbers[EDGES]:
            t, source, rising = edges[: numbers[EDGES]].T
            triggers.append(Triggers(t.copy(), source.copy(), rising.astype(bool)))
            numbers[EDGES] = 0
        if numbers[BAD]:
            raise self.source.damaged(
                offset + used * self._size,
                f"an event at ({numbers[BAD_X]}, {numbers[BAD_Y]}), but the sensor has {self.width} x {self.height} "
                "pixels: the file is damaged, or of another sensor",
            )
        return used, at

    def _tell(self, parts: list[NDArray[np.int64]]) -> None:
        early, left_out = (sum(int(numbers[k]) for numbers in parts) for k in (EARLY, LEFT_OUT))
        if early:
            self.note(f"{early} events before the first word of time are left out: their time is not known")
        if left_out:
            self.notes.append(f"{left_out} words are neither events nor triggers and are left out")
        end, size = self._first + self._words * self._size, self.source.size
        if parts[-1][WAITING]:
            self.cut_off(end - self._size, "the word that belongs to this one is missing")
        elif end < size:
            self.cut_off(end, f"a word has {self._size} bytes, and {size - end} are left")


def side_by_side(work: Callable[..., None], *items: Sequence[Any]) -> None:
    """Call `work` with the items of one place each, spread over the cores; the first place's error is told."""
    rows = list(zip(*items, strict=True))

    def some(first: int, last: int) -> None:
        for row in rows[first:last]:
            work(*row)

    spread(some, len(rows))


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
