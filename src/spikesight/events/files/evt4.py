"""Prophesee EVT4: a word of 32 bits for an event, or two for up to 32 events of a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numba import njit

from spikesight.events.files.event_words import edge, neighbours, ones
from spikesight.events.files.evt2 import following
from spikesight.events.files.format import Likeness, Reading
from spikesight.events.files.prophesee import SENSORS, announced, head, is_of
from spikesight.events.files.records import (
    BAD,
    EARLY,
    LEFT_OUT,
    OWN,
    REFUSED,
    WAITING,
    Decoder,
    Encoder,
    Records,
    written,
)
from spikesight.events.files.source import Source
from spikesight.events.files.time_words import REFUSALS, onward, refusal
from spikesight.events.stream import EventStream

WORDS: Final = "4.0"
BITS: Final = 28
TRIGGER, OFF, ON, VECTOR_OFF, VECTOR_ON, TIME_HIGH, PADDING = 0x9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF
HIGH, VECTOR = OWN, OWN + 1
"""The high part of the time with its rounds, -1 before it is told; the vector whose mask comes next."""


@dataclass(frozen=True)
class Evt4:
    """RAW files with `% evt 4.0` in their heading.   Source: Prophesee, EVT 4.0 format."""

    name: ClassVar[str] = "evt4"
    title: ClassVar[str] = "Prophesee EVT4"
    suffixes: ClassVar[tuple[str, ...]] = (".evt4",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where the heading says so."""
        return is_of(source, WORDS)

    def open(self, source: Source) -> Reading:
        """Begin to read."""
        found = head(source)
        decoder = Decoder(_decode, "<u4", (-1,), 32, _most)
        return Records(source, "EVT4", found.width, found.height, decoder, found.size, SENSORS)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events; three neighbours in the stream or more that fit into a vector share one, in their order."""
        encoder = Encoder(_encode, "<u4", (-1,), 4, 1 << 11, 1 << 11, REFUSALS)
        written(path, announced(WORDS, width, height), encoder, pieces, width, height)


@njit(cache=True, nogil=True)
def _most(words):  # type: ignore[no-untyped-def]
    """Return no fewer events than there are: a block may begin with a mask, which is counted as one and as an event."""
    total = ones(np.int64(words[0]))
    k = 0
    while k < len(words):
        kind = np.int64(words[k]) >> 28
        if kind in (OFF, ON):
            total += 1
        elif kind in (VECTOR_OFF, VECTOR_ON):
            total += ones(np.int64(words[k + 1])) if k + 1 < len(words) else 0
        k += 1
    return total


@njit(cache=True, nogil=True)
def _decode(words, numbers, t, x, y, p, at, width, height, edges):  # type: ignore[no-untyped-def]
    high = numbers[HIGH]
    used = len(words)
    room = len(t) - 32
    for k in range(len(words)):
        word = np.int64(words[k])
        kind, mask = word >> 28, 1
        if numbers[WAITING]:
            mask, word = word, numbers[VECTOR]  # type: ignore[assignment]
            kind = (word >> 28) - VECTOR_OFF + OFF
        elif kind in (VECTOR_OFF, VECTOR_ON):
            numbers[WAITING], numbers[VECTOR] = 1, word
            continue
        if kind in (OFF, ON):
            if mask and high >= 0 and at > room:
                used = k
                break
            numbers[WAITING] = 0
            if high < 0:
                numbers[EARLY] += ones(mask)
                continue
            at = neighbours(word, mask, kind == ON, high, numbers, t, x, y, p, at, width, height)
            if numbers[BAD]:
                used = k
                break
        elif kind == TIME_HIGH:
            high = following(high, word & 0xFFFFFFF)
        elif kind == TRIGGER and high >= 0:
            if not edge((high << 6) | ((word >> 22) & 63), (word >> 8) & 31, word & 1, numbers, edges):
                used = k
                break
        elif kind != PADDING:
            numbers[LEFT_OUT] += 1
    numbers[HIGH] = high
    return used, at


@njit(cache=True, nogil=True)
def _encode(t, x, y, p, words, numbers):  # type: ignore[no-untyped-def]
    high, count, k = numbers[HIGH], 0, 0
    while k < len(t):
        aim = t[k] >> 6
        numbers[REFUSED] = refusal(high, aim, BITS)
        if numbers[REFUSED]:
            break
        while high != aim and count < len(words):
            high = onward(high, aim, BITS)
            words[count] = (TIME_HIGH << 28) | (high & 0xFFFFFFF)
            count += 1
        if count + 2 > len(words):
            break
        base = np.int64(x[k]) & ~31
        end, last, mask = k, -1, 0
        while end < len(t) and t[end] == t[k] and y[end] == y[k] and p[end] == p[k]:
            bit = np.int64(x[end]) - base
            if bit <= last or bit > 31:
                break
            mask |= 1 << bit  # type: ignore[assignment]
            last = bit  # type: ignore[assignment]
            end += 1
        rest = ((t[k] & 63) << 22) | np.int64(y[k])
        if end - k > 2:
            words[count] = ((VECTOR_OFF + np.int64(p[k])) << 28) | rest | (base << 11)
            words[count + 1] = mask
            count += 2
            k = end
        else:
            words[count] = ((OFF + np.int64(p[k])) << 28) | rest | (np.int64(x[k]) << 11)
            count += 1
            k += 1
    numbers[HIGH] = high
    return k, count
