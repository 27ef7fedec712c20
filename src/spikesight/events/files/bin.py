"""The 5-byte records of N-MNIST and N-Caltech101: x, y, then 24 bits, the polarity and 23 of microseconds.

Files have no head, so nothing tells one from any other file of 5 n bytes, except that pixels must fit the sensor.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numba import njit

from spikesight.events.files.format import Likeness, Reading
from spikesight.events.files.records import BAD, BAD_X, BAD_Y, OWN, REFUSED, Decoder, Encoder, Records, written
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

RECORD = 5
OVERFLOW = 240
"""A record with this y is not an event: the camera's clock went over, and all that follow are `STEP` later."""
STEP = 1 << 13
LARGEST = (1 << 23) - 1
MOST_OVERFLOWS: Final = 1 << 20
OVERFLOWS: Final = OWN
SENSORS: Final = ((34, 34), (240, 180), (304, 240))
"""N-MNIST, N-Caltech101, the whole camera."""
REFUSALS: Final = (
    "its time is before 0, or before what the overflows already written allow: move the recording with `.later(...)`, "
    "or sort the events",
    f"more than {MOST_OVERFLOWS} overflow records (2.4 hours) would be needed before it: move the recording with "
    "`.later(...)`",
)


TEXT: Final = np.frombuffer(string.printable.encode(), np.uint8)


@dataclass(frozen=True)
class Bin:
    """Files of a sensor of `width` x `height` pixels; where nothing is said, the first of `SENSORS` that has room.

    Source: Orchard et al., Converting static image datasets to spiking neuromorphic datasets using saccades, 2015.
    """

    width: int | None = None
    height: int | None = None

    name: ClassVar[str] = "bin"
    title: ClassVar[str] = "N-MNIST and N-Caltech101 records of 5 bytes"
    suffixes: ClassVar[tuple[str, ...]] = (".bin",)

    def sniff(self, source: Source) -> Likeness:
        """Perhaps, where the first pixels fit the sensor. Text, whose letters would be pixels too, is refused.

        So are files that begin with a line of text, as those of other cameras do.
        """
        head = np.frombuffer(source.beginning, np.uint8)
        line = source.beginning.partition(b"\n")[0] if source.beginning.startswith((b"%", b"#")) else b""
        if np.isin(head, TEXT).all() or (len(line) > RECORD and np.isin(np.frombuffer(line, np.uint8), TEXT).all()):
            return Likeness.NO
        x, y = (head[: len(head) - len(head) % RECORD].reshape(-1, RECORD).T[k] for k in (0, 1))
        wide, high = self.width or SENSORS[-1][0], self.height or SENSORS[-1][1]
        fits = len(x) and bool((x < wide).all()) and bool(((y < high) | (y == OVERFLOW)).all())
        return Likeness.PERHAPS if fits else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read."""
        decoder = Decoder(_decode, "V5")
        return Records(source, "N-MNIST 40-bit", self.width, self.height, decoder, 0, SENSORS)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events; overflow records carry times beyond 23 bits."""
        encoder = Encoder(_encode, "V5", (), 2, 1 << 8, OVERFLOW, REFUSALS)
        written(path, b"", encoder, pieces, width, height)


@njit(cache=True, nogil=True)
def _decode(records, numbers, t, x, y, p, at, width, height, edges):  # type: ignore[no-untyped-def]
    overflows = numbers[OVERFLOWS]
    used = len(records)
    for k in range(len(records)):
        column, row, high = np.int64(records[k, 0]), np.int64(records[k, 1]), np.int64(records[k, 2])
        if row == OVERFLOW:
            overflows += 1
            continue
        if at >= len(t):
            used = k
            break
        if column >= width or row >= height:
            numbers[BAD], numbers[BAD_X], numbers[BAD_Y] = 1, column, row
            used = k
            break
        told = ((high & 0x7F) << 16) | (np.int64(records[k, 3]) << 8) | np.int64(records[k, 4])
        t[at] = told + STEP * overflows
        x[at] = column
        y[at] = row
        p[at] = high >> 7
        at += 1
    numbers[OVERFLOWS] = overflows
    return used, at


@njit(cache=True, nogil=True)
def _encode(t, x, y, p, records, numbers):  # type: ignore[no-untyped-def]
    overflows, count = numbers[OVERFLOWS], 0
    used = len(t)
    for k in range(len(t)):
        told = t[k] - STEP * overflows
        if told < 0:
            numbers[REFUSED] = 1
        elif told > STEP * MOST_OVERFLOWS:
            numbers[REFUSED] = 2
        if numbers[REFUSED]:
            used = k
            break
        while told > LARGEST and count < len(records):
            overflows += 1
            told -= STEP
            records[count] = 0
            records[count, 1] = OVERFLOW
            count += 1
        if count == len(records):
            used = k
            break
        records[count, 0] = x[k]
        records[count, 1] = y[k]
        records[count, 2] = (np.int64(p[k]) << 7) | (told >> 16)
        records[count, 3] = (told >> 8) & 0xFF
        records[count, 4] = told & 0xFF
        count += 1
    numbers[OVERFLOWS] = overflows
    return used, count
