"""AEDAT 2.0 of jAER: lines of text, then pairs of an address and a time, 32 bits each, the largest byte first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numba import njit

from spikesight.events.files.format import Likeness, Reading
from spikesight.events.files.heading import Heading, heading
from spikesight.events.files.records import (
    BAD,
    BAD_X,
    BAD_Y,
    EDGES,
    LEFT_OUT,
    OWN,
    REFUSED,
    Decoder,
    Encoder,
    Records,
    written,
)
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

MAGIC: Final = b"#!AER-DAT2"
END: Final = "End of ASCII Header"
"""The last line of newer headings."""
RECORD: Final = 8
LAST, BEGUN, DVS128 = range(OWN, OWN + 3)
"""The time read last, with its rounds; 1 once there was one; 1 for addresses of a DVS128."""
_CHIPS: Final = {
    "dvs128": (128, 128),
    "tmpdiff128": (128, 128),
    "davis240": (240, 180),
    "davis346": (346, 260),
    "davis640": (640, 480),
    "davis208": (208, 192),
}
_SMALL: Final = (128, 128)
_DAVISES: Final = ((240, 180), (346, 260), (640, 480))
REFUSALS: Final = (
    "the clock of AEDAT 2.0 has 32 bits with a sign and goes round by falling: the first time is -2^31 to 2^31 - 1, "
    "no later one is 2^31 microseconds from the one before it: move the recording with `.later(...)`",
)


@dataclass(frozen=True)
class Aedat2:
    """Files of a DVS128 or a DAVIS. x of a DVS128 is counted from the other side, and ON is a polarity bit of 0.

    Inputs from outside are triggers; samples of intensity and motion between the events are counted in a note.
    Source: iniVation, AEDAT file formats; jAER, DVS128 and DavisChip.
    """

    name: ClassVar[str] = "aedat2"
    title: ClassVar[str] = "AEDAT 2.0 of jAER: DVS128, DAVIS"
    suffixes: ClassVar[tuple[str, ...]] = (".aedat",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where the first line says so."""
        return Likeness.YES if source.beginning.startswith(MAGIC) else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read. Where the heading names no chip that is known, the first addresses tell which kind it is."""
        found = heading(source, b"#", END)
        size = _size(found)
        davis = "davis" in (found.named("AEChip") or "").lower()
        small = size == _SMALL and not davis if size or davis else _are_small(source, found.size)
        if size is None and small:
            size = _SMALL
        width, height = size or (None, None)
        told = f"AEDAT2 {'DVS128' if small else 'DAVIS'}"
        return Records(source, told, width, height, Decoder(_decode, "<u8", (0, 0, small)), found.size, _DAVISES)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events: of a DVS128 where the sensor has 128 x 128 pixels, else of a DAVIS."""
        small = (width, height) == _SMALL
        chip = "ch.unizh.ini.jaer.chip.retina.DVS128" if small else "eu.seebetter.ini.chips.davis.DAVIS"
        chip += {(240, 180): "240C", (346, 260): "346B"}.get((width, height), "")
        text = f"#!AER-DAT2.0\r\n# AEChip: {chip}\r\n# geometry: {width}x{height}\r\n"
        columns, rows = _SMALL if small else (1 << 10, 1 << 9)
        encoder = Encoder(_encode, "<u8", (0, 0, small), 1, columns, rows, REFUSALS)
        written(path, text.encode(), encoder, pieces, width, height)


def _size(found: Heading) -> tuple[int, int] | None:
    wide, _, high = (found.named("geometry") or "").partition("x")
    if wide.isdecimal() and high.isdecimal() and 0 < int(wide) <= 1 << 10 and 0 < int(high) <= 1 << 9:
        return int(wide), int(high)
    chip = (found.named("AEChip") or "").lower()
    return next((size for name, size in _CHIPS.items() if name in chip), None)


def _are_small(source: Source, first: int) -> bool:
    """Whether the addresses of the first records have 16 bits, as those of a DVS128."""
    block = next(source.blocks(first, RECORD, 1 << 10), np.zeros(0, np.uint8))
    return bool((block.view(">u4")[::2] <= 0xFFFF).all())


@njit(cache=True, nogil=True, inline="always")
def _swapped(word):  # type: ignore[no-untyped-def]
    """Return 32 bits in the other order of bytes."""
    return ((word & 0xFF) << 24) | ((word & 0xFF00) << 8) | ((word >> 8) & 0xFF00) | ((word >> 24) & 0xFF)


@njit(cache=True, nogil=True)
def _unrolled(last, told, begun):  # type: ignore[no-untyped-def]
    """Return the time whose lowest 32 bits are `told`: a round later where it falls by more than half of the range."""
    signed = told - ((told & 0x80000000) << 1)
    if not begun:
        return signed
    rounds = (last + 0x80000000) >> 32
    time = (rounds << 32) + signed
    return time + (1 << 32) if last - time > 1 << 31 else time


@njit(cache=True, nogil=True)
def _decode(words, numbers, t, x, y, p, at, width, height, edges):  # type: ignore[no-untyped-def]
    last, begun, small = numbers[LAST], numbers[BEGUN], numbers[DVS128]
    used = len(words)
    for k in range(len(words)):
        word = np.int64(words[k])
        address = _swapped(word & 0xFFFFFFFF)
        time = _unrolled(last, _swapped((word >> 32) & 0xFFFFFFFF), begun)
        if (small and address & 0x8000) or (not small and address & 0x80000400 == 0x400):
            if numbers[EDGES] == len(edges):
                used = k
                break
            edges[numbers[EDGES], 0] = time
            edges[numbers[EDGES], 1] = 0
            edges[numbers[EDGES], 2] = 1 if small else (address >> 11) & 1
            numbers[EDGES] += 1
        elif not small and address & 0x80000000:
            numbers[LEFT_OUT] += 1
        else:
            if at >= len(t):
                used = k
                break
            if small:
                column, row, on = 127 - ((address >> 1) & 0x7F), (address >> 8) & 0x7F, 1 - (address & 1)
            else:
                column, row, on = (address >> 12) & 0x3FF, (address >> 22) & 0x1FF, (address >> 11) & 1
            if column >= width or row >= height:
                numbers[BAD], numbers[BAD_X], numbers[BAD_Y] = 1, column, row
                used = k
                break
            t[at] = time
            x[at] = column
            y[at] = row
            p[at] = on
            at += 1
        last, begun = time, 1
    numbers[LAST], numbers[BEGUN] = last, begun
    return used, at


@njit(cache=True, nogil=True)
def _encode(t, x, y, p, words, numbers):  # type: ignore[no-untyped-def]
    last, begun, small = numbers[LAST], numbers[BEGUN], numbers[DVS128]
    used = min(len(t), len(words))
    for k in range(used):
        told = t[k] & 0xFFFFFFFF
        if _unrolled(last, told, begun) != t[k]:
            numbers[REFUSED] = 1
            used = k
            break
        last, begun = t[k], 1
        column, row, on = np.int64(x[k]), np.int64(y[k]), np.int64(p[k])
        address = ((127 - column) << 1) | (row << 8) | (1 - on) if small else (row << 22) | (column << 12) | (on << 11)
        words[k] = np.uint64(_swapped(address)) | (np.uint64(_swapped(told)) << np.uint64(32))
    numbers[LAST], numbers[BEGUN] = last, begun
    return used, used
