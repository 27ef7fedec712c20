"""Prophesee EVT2: a word of 32 bits for an event, and one for the high part of the time where it changes."""

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

WORDS: Final = "2.0"
BITS: Final = 28
HALF: Final = 1 << (BITS - 1)
ON, TIME_HIGH, TRIGGER = 0x1, 0x8, 0xA
TOGETHER: Final = 32
"""Words that are turned into events at once, where they are nothing else."""
HIGH: Final = OWN
"""The high part of the time with the rounds of the clock above it; -1 before it is told."""


@dataclass(frozen=True)
class Evt2:
    """RAW files with `% evt 2.0` in their heading.   Source: Prophesee, EVT 2.0 format."""

    name: ClassVar[str] = "evt2"
    title: ClassVar[str] = "Prophesee EVT2"
    suffixes: ClassVar[tuple[str, ...]] = (".evt2", ".raw")

    def sniff(self, source: Source) -> Likeness:
        """Yes, where the heading says so."""
        return is_of(source, WORDS)

    def open(self, source: Source) -> Reading:
        """Begin to read."""
        found = head(source)
        return Records(source, "EVT2", found.width, found.height, Decoder(_decode, "<u4", (-1,)), found.size, SENSORS)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events; the clock is wound forward where it has gone round."""
        encoder = Encoder(_encode, "<u4", (-1,), 4, 1 << 11, 1 << 11, REFUSALS)
        written(path, announced(WORDS, width, height), encoder, pieces, width, height)


@njit(cache=True, nogil=True)
def _decode(words, numbers, t, x, y, p, at, width, height, edges):  # type: ignore[no-untyped-def]
    high = numbers[HIGH]
    used = len(words)
    k, together = -1, True
    while k + 1 < len(words):
        k += 1
        while together and high >= 0 and k + TOGETHER <= len(words) and at + TOGETHER <= len(t):
            if _all_events(words, k, width, height):
                _events(words, k, high << 6, t, x, y, p, at)
                k, at = k + TOGETHER, at + TOGETHER
            else:
                together = False
        if k == len(words):
            break
        word = np.int64(words[k])
        kind = word >> 28
        if kind <= ON:
            if high < 0:
                numbers[EARLY] += 1
                continue
            if at >= len(t):
                used = k
                break
            column, row = (word >> 11) & 0x7FF, word & 0x7FF
            if column >= width or row >= height:
                numbers[BAD], numbers[BAD_X], numbers[BAD_Y] = 1, column, row
                used = k
                break
            t[at] = (high << 6) | ((word >> 22) & 63)
            x[at] = column
            y[at] = row
            p[at] = kind == ON
            at += 1
            continue
        # What has kept those before it from being read together is here.
        together = True
        if kind == TIME_HIGH:
            high = following(high, word & 0xFFFFFFF)
        elif kind == TRIGGER and high >= 0:
            if not edge((high << 6) | ((word >> 22) & 63), (word >> 8) & 31, word & 1, numbers, edges):
                used = k
                break
        else:
            numbers[LEFT_OUT] += 1
    numbers[HIGH] = high
    return used, at


@njit(cache=True, nogil=True)
def _all_events(words, first, width, height):  # type: ignore[no-untyped-def]
    """Say whether words from number `first` on are all events, at pixels of the sensor; without branches."""
    kinds, column, row = np.int64(0), np.int64(0), np.int64(0)
    for k in range(np.uint64(first), np.uint64(first) + np.uint64(TOGETHER)):
        word = np.int64(words[k])
        kinds |= word
        column = max(column, (word >> 11) & 0x7FF)
        row = max(row, word & 0x7FF)
    return kinds >> 28 <= ON and column < width and row < height


@njit(cache=True, nogil=True)
def _events(words, first, begin, t, x, y, p, at):  # type: ignore[no-untyped-def]
    # Unsigned numbers need no look for negative ones, so that the compiler takes several words at once.
    begin, first, at = np.uint64(begin), np.uint64(first), np.uint64(at)
    for k in range(np.uint64(TOGETHER)):
        word = np.uint64(words[first + k])
        t[at + k] = begin | ((word >> np.uint64(22)) & np.uint64(63))
        x[at + k] = (word >> np.uint64(11)) & np.uint64(0x7FF)
        y[at + k] = word & np.uint64(0x7FF)
        p[at + k] = (word >> np.uint64(28)) != np.uint64(0)


@njit(cache=True, nogil=True)
def following(high, told):  # type: ignore[no-untyped-def]
    """Return the high part of the time with its rounds, when `told` is read after `high` (-1: nothing was)."""
    if high < 0:
        return told
    rounds = high >> BITS
    if (high & 0xFFFFFFF) - told > HALF:
        rounds += 1
    return (rounds << BITS) | told


@njit(cache=True, nogil=True)
def _encode(t, x, y, p, words, numbers):  # type: ignore[no-untyped-def]
    high, count = numbers[HIGH], 0
    used = len(t)
    for k in range(len(t)):
        aim = t[k] >> 6
        numbers[REFUSED] = refusal(high, aim, BITS)
        if numbers[REFUSED]:
            used = k
            break
        while high != aim and count < len(words):
            high = onward(high, aim, BITS)
            words[count] = (TIME_HIGH << 28) | (high & 0xFFFFFFF)
            count += 1
        if count == len(words):
            used = k
            break
        words[count] = (np.int64(p[k]) << 28) | ((t[k] & 63) << 22) | (np.int64(x[k]) << 11) | np.int64(y[k])
        count += 1
    numbers[HIGH] = high
    return used, count
