"""Prophesee EVT3: words of 16 bits that tell what has changed, and vectors of events of one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numba import njit

from spikesight.events.files.event_words import edge
from spikesight.events.files.format import Likeness, Reading
from spikesight.events.files.prophesee import SENSORS, announced, head, is_of
from spikesight.events.files.records import (
    BAD,
    BAD_X,
    BAD_Y,
    EARLY,
    LEFT_OUT,
    OWN,
    REFUSED,
    Decoder,
    Encoder,
    Records,
    written,
)
from spikesight.events.files.source import Source
from spikesight.events.files.time_words import REFUSALS, onward, refusal
from spikesight.events.stream import EventStream

WORDS: Final = "3.0"
BITS: Final = 12
HALF: Final = 1 << (BITS - 1)
ADDR_Y, ADDR_X, VECT_BASE, VECT_12, VECT_8, TIME_LOW, TIME_HIGH, TRIGGER = 0x0, 0x2, 0x3, 0x4, 0x5, 0x6, 0x8, 0xA
HIGH, LOW, ROW, BASE, POLARITY = range(OWN, OWN + 5)
"""The high part of the time with the rounds of the clock above it, -1 before it is told; what else words told last."""


@dataclass(frozen=True)
class Evt3:
    """RAW files with `% evt 3.0` in their heading.   Source: Prophesee, EVT 3.0 format."""

    name: ClassVar[str] = "evt3"
    title: ClassVar[str] = "Prophesee EVT3"
    suffixes: ClassVar[tuple[str, ...]] = (".evt3",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where the heading says so."""
        return is_of(source, WORDS)

    def open(self, source: Source) -> Reading:
        """Begin to read. A low part of the time that steps back is no round of the clock."""
        found = head(source)
        decoder = Decoder(_decode, "<u2", (-1,), 12, _count, _enter, _behind)
        return Records(source, "EVT3", found.width, found.height, decoder, found.size, SENSORS)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events, as vectors where these take less room and keep their order."""
        encoder = Encoder(_encode, "<u2", (-1, -1, -1), 5, 1 << 11, 1 << 11, REFUSALS)
        written(path, announced(WORDS, width, height), encoder, pieces, width, height)


@njit(cache=True, nogil=True)
def _count(words):  # type: ignore[no-untyped-def]
    total = 0
    for k in range(len(words)):
        word = np.int64(words[k])
        kind = word >> 12
        if kind == ADDR_X:
            total += 1
        elif kind in (VECT_12, VECT_8):
            bits = word & (0xFFF if kind == VECT_12 else 0xFF)
            bits = bits - ((bits >> 1) & 0x555)
            bits = (bits & 0x333) + ((bits >> 2) & 0x333)
            total += (bits & 15) + ((bits >> 4) & 15) + (bits >> 8)  # type: ignore[assignment]
    return total


@njit(cache=True, nogil=True)
def _enter(words, middle, numbers):  # type: ignore[no-untyped-def]
    """Find the first low part of the time from `middle` on: what it does not tell itself, words before it told."""
    place = middle
    while place < len(words) and words[place] >> 12 != TIME_LOW:
        place += 1
    high = row = base = np.int64(-1)
    vectors = 0
    for back in range(1, place + 1):
        word = np.int64(words[place - back])
        kind = word >> 12
        if kind == TIME_HIGH and high < 0:
            high = word & 0xFFF
        elif kind == ADDR_Y and row < 0:
            row = word & 0x7FF
        elif kind == VECT_BASE and base < 0:
            base, numbers[POLARITY] = (word & 0x7FF) + vectors, (word >> 11) & 1
        elif kind == VECT_12:
            vectors += 12 if base < 0 else 0
        elif kind == VECT_8:
            vectors += 8 if base < 0 else 0
        if high >= 0 and row >= 0 and base >= 0:
            numbers[HIGH], numbers[LOW], numbers[ROW], numbers[BASE] = high, 0, row, base
            return place if place < len(words) else -1
    return -1


def _behind(before, entered):  # type: ignore[no-untyped-def]
    """Whole rounds of the clock, in microseconds: the lower parts of both are the same."""
    return int(before[HIGH] - entered[HIGH]) << BITS


@njit(cache=True, nogil=True)
def _decode(words, numbers, t, x, y, p, at, width, height, edges):  # type: ignore[no-untyped-def]
    high, low, row, base, polarity = numbers[HIGH], numbers[LOW], numbers[ROW], numbers[BASE], numbers[POLARITY]
    used = len(words)
    room = len(t) - 12
    for k in range(len(words)):
        word = np.int64(words[k])
        kind = word >> 12
        if kind == ADDR_X:
            if high < 0:
                numbers[EARLY] += 1
                continue
            column = word & 0x7FF
            if at > room:
                used = k
                break
            if column >= width or row >= height:
                numbers[BAD], numbers[BAD_X], numbers[BAD_Y] = 1, column, row
                used = k
                break
            t[at] = (high << 12) | low
            x[at] = column
            y[at] = row
            p[at] = (word >> 11) & 1
            at += 1
        elif kind == ADDR_Y:
            row = word & 0x7FF
        elif kind == TIME_LOW:
            low = word & 0xFFF
        elif kind in (VECT_12, VECT_8):
            size = 12 if kind == VECT_12 else 8
            mask = word & ((1 << size) - 1)
            if mask and at > room:
                used = k
                break
            bit = 0
            if mask and high >= 0 and row < height and base + 12 <= min(width, 1 << 16):
                # Which bits are set cannot be foreseen: all are written, one that is not by the next over it.
                time = (high << 12) | low
                for bit in range(12):
                    place = np.uint64(at)
                    t[place] = time
                    x[place] = base + bit
                    y[place] = row
                    p[place] = polarity != 0
                    at += (mask >> bit) & 1
                mask = np.int64(0)
            while mask:
                if mask & 1:
                    column = base + bit
                    if high < 0:
                        numbers[EARLY] += 1
                    elif column >= width or row >= height or column > 0xFFFF:
                        numbers[BAD], numbers[BAD_X], numbers[BAD_Y] = 1, column, row
                        break
                    else:
                        t[at] = (high << 12) | low
                        x[at] = column
                        y[at] = row
                        p[at] = polarity
                        at += 1
                mask >>= 1
                bit += 1
            if numbers[BAD]:
                used = k
                break
            base += size
        elif kind == VECT_BASE:
            base = word & 0x7FF
            polarity = (word >> 11) & 1
        elif kind == TIME_HIGH:
            told = word & 0xFFF
            if high < 0:
                high, low = told, 0
            elif told != (high & 0xFFF):
                rounds = high >> BITS
                if (high & 0xFFF) - told >= HALF:
                    rounds += 1
                high, low = (rounds << BITS) | told, 0
        elif kind == TRIGGER and high >= 0:
            if not edge((high << 12) | low, (word >> 8) & 15, word & 1, numbers, edges):
                used = k
                break
        else:
            numbers[LEFT_OUT] += 1
    numbers[HIGH], numbers[LOW], numbers[ROW], numbers[BASE], numbers[POLARITY] = high, low, row, base, polarity
    return used, at


@njit(cache=True, nogil=True)
def _encode(t, x, y, p, words, numbers):  # type: ignore[no-untyped-def]
    high, low, row, count = numbers[HIGH], numbers[LOW], numbers[ROW], 0
    k = 0
    while k < len(t):
        numbers[REFUSED] = refusal(high, t[k] >> 12, BITS)
        if numbers[REFUSED]:
            break
        end = _run(t, x, y, p, k)
        masks = (np.int64(x[end - 1]) - np.int64(x[k])) // 12 + 1
        if masks + 1 >= end - k:
            end = k + 1
        while high != t[k] >> 12 and count < len(words):
            high = onward(high, t[k] >> 12, BITS)
            low = -1
            words[count] = (TIME_HIGH << 12) | (high & 0xFFF)
            count += 1
        if count + 3 + end - k > len(words):
            break
        if low != t[k] & 0xFFF:
            low = t[k] & 0xFFF
            words[count] = (TIME_LOW << 12) | low
            count += 1
        if row != y[k]:
            row = np.int64(y[k])
            words[count] = (ADDR_Y << 12) | row
            count += 1
        first = np.int64(x[k])
        if end == k + 1:
            words[count] = (ADDR_X << 12) | (np.int64(p[k]) << 11) | first
            count += 1
            k += 1
            continue
        words[count] = (VECT_BASE << 12) | (np.int64(p[k]) << 11) | first
        count += 1
        while k < end:
            mask = 0
            while k < end and x[k] < first + 12:
                mask |= 1 << (np.int64(x[k]) - first)  # type: ignore[assignment]
                k += 1
            words[count] = (VECT_12 << 12) | mask
            count += 1
            first += 12
    numbers[HIGH], numbers[LOW], numbers[ROW] = high, low, row
    return k, count


@njit(cache=True, nogil=True)
def _run(t, x, y, p, k):  # type: ignore[no-untyped-def]
    """Return the end of the events from `k` on of one time, row and polarity that go to the right in small steps."""
    end = k + 1
    while end < len(t) and t[end] == t[k] and y[end] == y[k] and p[end] == p[k]:
        step = np.int64(x[end]) - np.int64(x[end - 1])
        if step < 1 or step > 12:
            break
        end += 1
    return end
