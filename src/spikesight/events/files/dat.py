"""Prophesee DAT: 8 bytes for an event, its time in 32 bits and its pixel and polarity in 32 bits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numba import njit

from spikesight.events.files.format import Likeness, Reading
from spikesight.events.files.heading import heading
from spikesight.events.files.prophesee import head
from spikesight.events.files.records import (
    BAD,
    BAD_X,
    BAD_Y,
    EDGES,
    OWN,
    REFUSED,
    Decoder,
    Encoder,
    Records,
    written,
)
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

EVENTS, CHANGES, TRIGGERS = 0x00, 0x0C, 0x0E
RECORD: Final = 8
LAST, VERSION, TRIGGERS_ONLY = range(OWN, OWN + 3)
"""The time read last, with its rounds; which bits are what; 1 where records are triggers."""
SENSORS: Final = ((120, 100), (304, 240), (640, 480), (1280, 720))
"""N-CARS, and the cameras: many headings do not tell which."""
REFUSALS: Final = (
    "the clock of DAT files has 32 bits and tells its rounds by falling: the first time is 0 to 2^32 - 1, no later one "
    "is 2^31 microseconds from the one before it: move the recording with `.later(...)`",
)


@dataclass(frozen=True)
class Dat:
    """Files of version 2, or of version 1 where their heading says so.   Source: Prophesee, DAT format."""

    name: ClassVar[str] = "dat"
    title: ClassVar[str] = "Prophesee DAT"
    suffixes: ClassVar[tuple[str, ...]] = (".dat",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where lines of text are followed by a known kind of records of 8 bytes."""
        if source.beginning[:1] != b"%":
            return Likeness.NO
        found = head(source)
        kind = _bytes_at(source, found.size)
        known = len(kind) == 2 and kind[0] in (EVENTS, CHANGES, TRIGGERS) and kind[1] == RECORD
        return Likeness.YES if known and not found.words else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read.   Errors: EventFileError where records are of another kind."""
        found = head(source)
        kind = _bytes_at(source, found.size)
        if len(kind) < 2 or kind[0] not in (EVENTS, CHANGES, TRIGGERS) or kind[1] != RECORD:
            raise source.damaged(
                found.size,
                f"two bytes, the kind of records (0, 12 or 14) and their size (8), are here; got {list(kind)}",
            )
        version = 1 if heading(source, b"%", "end").named("version") == "1" else 2
        decoder = Decoder(_decode, "<u8", (0, version, int(kind[0] == TRIGGERS)))
        return Records(source, f"DAT version {version}", found.width, found.height, decoder, found.size + 2, SENSORS)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events, in version 2."""
        text = f"% Data file containing CD events.\n% Version 2\n% Height {height}\n% Width {width}\n% end\n"
        encoder = Encoder(_encode, "<u8", (0,), 1, 1 << 14, 1 << 14, REFUSALS)
        written(path, text.encode() + bytes((CHANGES, RECORD)), encoder, pieces, width, height)


def _bytes_at(source: Source, offset: int) -> bytes:
    with source.open() as file:
        file.seek(offset)
        return file.read(2)


@njit(cache=True, nogil=True)
def unrolled(last, told):  # type: ignore[no-untyped-def]
    """Return the time whose lowest 32 bits are `told`: a round later where it falls by more than half of the range."""
    time = (last & ~np.int64(0xFFFFFFFF)) | told
    return time + (np.int64(1) << 32) if last - time > np.int64(1) << 31 else time


@njit(cache=True, nogil=True)
def _decode(words, numbers, t, x, y, p, at, width, height, edges):  # type: ignore[no-untyped-def]
    last, old, triggers = numbers[LAST], numbers[VERSION] == 1, numbers[TRIGGERS_ONLY]
    used = len(words)
    for k in range(len(words)):
        word = np.int64(words[k])
        time = unrolled(last, word & 0xFFFFFFFF)
        data = (word >> 32) & 0xFFFFFFFF
        if triggers:
            if numbers[EDGES] == len(edges):
                used = k
                break
            last = time
            edges[numbers[EDGES], 0] = time
            edges[numbers[EDGES], 1] = (data >> 8) & 31
            edges[numbers[EDGES], 2] = data & 1
            numbers[EDGES] += 1
            continue
        if old:
            column, row, on = data & 0x1FF, (data >> 9) & 0xFF, (data >> 17) & 1
        else:
            column, row, on = data & 0x3FFF, (data >> 14) & 0x3FFF, data >> 28
        if at >= len(t):
            used = k
            break
        if column >= width or row >= height:
            numbers[BAD], numbers[BAD_X], numbers[BAD_Y] = 1, column, row
            used = k
            break
        last = time
        t[at] = time
        x[at] = column
        y[at] = row
        p[at] = on != 0
        at += 1
    numbers[LAST] = last
    return used, at


@njit(cache=True, nogil=True)
def _encode(t, x, y, p, words, numbers):  # type: ignore[no-untyped-def]
    last = numbers[LAST]
    used = min(len(t), len(words))
    for k in range(used):
        if t[k] < 0 or unrolled(last, t[k] & 0xFFFFFFFF) != t[k]:
            numbers[REFUSED] = 1
            used = k
            break
        last = t[k]
        data = (np.uint64(p[k]) << np.uint64(28)) | (np.uint64(y[k]) << np.uint64(14)) | np.uint64(x[k])
        words[k] = (data << np.uint64(32)) | np.uint64(t[k] & 0xFFFFFFFF)
    numbers[LAST] = last
    return used, used
