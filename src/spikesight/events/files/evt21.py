"""Prophesee EVT2.1: a word of 64 bits for up to 32 events of a row, at one time and of one polarity."""

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
    Decoder,
    Encoder,
    Records,
    written,
)
from spikesight.events.files.source import Source
from spikesight.events.files.time_words import REFUSALS, onward, refusal
from spikesight.events.stream import EventStream

WORDS: Final = "2.1"
BITS: Final = 28
ON, TIME_HIGH, TRIGGER = 0x1, 0x8, 0xA
HIGH, SWAPPED = OWN, OWN + 1
"""The high part of the time with its rounds, -1 before it is told; 1 where the halves of words are exchanged."""
_LOOKED_AT: Final = 1 << 13


@dataclass(frozen=True)
class Evt21:
    """RAW files with `% evt 2.1` in their heading. Early ones have the two halves of each word exchanged: `swapped`
    says so, or not; without it the heading does, or else the words of time at the beginning.

    Source: Prophesee, EVT 2.1 format.
    """

    swapped: bool | None = None

    name: ClassVar[str] = "evt2.1"
    title: ClassVar[str] = "Prophesee EVT2.1"
    suffixes: ClassVar[tuple[str, ...]] = (".evt21",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where the heading says so."""
        return is_of(source, WORDS)

    def open(self, source: Source) -> Reading:
        """Begin to read."""
        found = head(source)
        swapped = self.swapped
        if swapped is None:
            swapped = found.swapped or _looks_swapped(source, found.size)
        decoder = Decoder(_decode, "<u8", (-1, int(swapped)), 32, _count_swapped if swapped else _count)
        return Records(source, "EVT2.1", found.width, found.height, decoder, found.size, SENSORS)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events; neighbours in the stream that fit into one word share it, in their order."""
        encoder = Encoder(_encode, "<u8", (-1, int(self.swapped or False)), 4, 1 << 11, 1 << 11, REFUSALS)
        text = announced(WORDS, width, height)
        if self.swapped:
            text = text.replace(b"EVT21;", b"EVT21;endianness=legacy;")
        written(path, text, encoder, pieces, width, height)


def _looks_swapped(source: Source, first: int) -> bool:
    """Whether more words look like a time with halves exchanged than like one as it should be."""
    block = next(source.blocks(first, 8, _LOOKED_AT), np.zeros(0, np.uint8))
    low, high = block.view("<u4").reshape(-1, 2).T
    straight = np.count_nonzero((high >> 28 == TIME_HIGH) & (low == 0))
    return bool(np.count_nonzero((low >> 28 == TIME_HIGH) & (high == 0)) > straight)


@njit(cache=True, nogil=True)
def _count(words):  # type: ignore[no-untyped-def]
    total = 0
    for k in range(len(words)):
        if words[k] >> np.uint64(60) <= np.uint64(1):
            total += ones(np.int64(words[k] & np.uint64(0xFFFFFFFF)))
    return total


@njit(cache=True, nogil=True)
def _count_swapped(words):  # type: ignore[no-untyped-def]
    total = 0
    for k in range(len(words)):
        if (words[k] >> np.uint64(28)) & np.uint64(15) <= np.uint64(1):
            total += ones(np.int64(words[k] >> np.uint64(32)))
    return total


@njit(cache=True, nogil=True)
def _decode(words, numbers, t, x, y, p, at, width, height, edges):  # type: ignore[no-untyped-def]
    high, swapped = numbers[HIGH], numbers[SWAPPED]
    used = len(words)
    room = len(t) - 32
    for k in range(len(words)):
        word = np.int64(words[k] >> np.uint64(32))
        mask = np.int64(words[k] & np.uint64(0xFFFFFFFF))
        if swapped:
            word, mask = mask, word
        kind = word >> 28
        if kind <= ON:
            if high < 0:
                numbers[EARLY] += ones(mask)
                continue
            if mask and at > room:
                used = k
                break
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
        else:
            numbers[LEFT_OUT] += 1
    numbers[HIGH] = high
    return used, at


@njit(cache=True, nogil=True)
def _encode(t, x, y, p, words, numbers):  # type: ignore[no-untyped-def]
    high, swapped, count, k = numbers[HIGH], numbers[SWAPPED], 0, 0
    while k < len(t):
        aim = t[k] >> 6
        numbers[REFUSED] = refusal(high, aim, BITS)
        if numbers[REFUSED]:
            break
        while high != aim and count < len(words):
            high = onward(high, aim, BITS)
            words[count] = _word((TIME_HIGH << 28) | (high & 0xFFFFFFF), 0, swapped)
            count += 1
        if count == len(words):
            break
        base = np.int64(x[k]) & ~31
        first, last, mask = k, -1, 0
        while k < len(t) and t[k] == t[first] and y[k] == y[first] and p[k] == p[first]:
            bit = np.int64(x[k]) - base
            if bit <= last or bit > 31:
                break
            mask |= 1 << bit  # type: ignore[assignment]
            last = bit  # type: ignore[assignment]
            k += 1
        fields = (np.int64(p[first]) << 28) | ((t[first] & 63) << 22) | (base << 11) | np.int64(y[first])
        words[count] = _word(fields, mask, swapped)
        count += 1
    numbers[HIGH] = high
    return k, count


@njit(cache=True, nogil=True)
def _word(fields, mask, swapped):  # type: ignore[no-untyped-def]
    if swapped:
        return (np.uint64(mask) << np.uint64(32)) | np.uint64(fields)
    return (np.uint64(fields) << np.uint64(32)) | np.uint64(mask)
