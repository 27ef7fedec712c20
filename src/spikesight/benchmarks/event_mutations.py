"""What may happen to the bytes of an event file: bits flip, ends and parts are lost, parts come twice, lengths lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

Random = np.random.Generator
HEAD: Final = 256
LIES: Final = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, (1 << 63) - 1, (1 << 64) - 1)
NUMBERS: Final = (b"0", b"-1", b"65536", b"4294967296", b"9" * 30, b"1e308", b"nan", b"", b"0.5", b"\xff")


def flipped(data: bytes, random: Random) -> bytes:
    """Flip 1 to 16 bits anywhere."""
    return _flipped(data, random, len(data))


def head_flipped(data: bytes, random: Random) -> bytes:
    """Flip 1 to 16 bits of the head."""
    return _flipped(data, random, HEAD)


def cut(data: bytes, random: Random) -> bytes:
    """Lose the end."""
    return data[: random.integers(len(data) + 1)]


def inserted(data: bytes, random: Random) -> bytes:
    """Gain 1 to 64 bytes somewhere."""
    place = random.integers(len(data) + 1)
    return data[:place] + random.bytes(int(random.integers(1, 65))) + data[place:]


def lost(data: bytes, random: Random) -> bytes:
    """Lose 1 to 64 bytes somewhere."""
    place = random.integers(len(data) + 1)
    return data[:place] + data[place + random.integers(1, 65) :]


def spliced(data: bytes, random: Random) -> bytes:
    """Put a part of the file somewhere else, over what is there or between it."""
    first, last = np.sort(random.integers(len(data) + 1, size=2))
    place = random.integers(len(data) + 1)
    part = data[first:last]
    return data[:place] + part + data[place + (len(part) if random.random() < 0.5 else 0) :]


def lying(data: bytes, random: Random) -> bytes:
    """Write an extreme number of 2, 4 or 8 bytes somewhere, mostly in the head, little or big end first."""
    size = int(random.choice([2, 4, 8]))
    number = LIES[random.integers(len(LIES))] & ((1 << 8 * size) - 1)
    place = int(random.integers(min(len(data), HEAD if random.random() < 0.7 else len(data)) + 1))
    written = number.to_bytes(size, "little" if random.random() < 0.7 else "big")
    return data[:place] + written + data[place + size :]


def other_number(data: bytes, random: Random) -> bytes:
    """Write another number where digits are, as in heads and lines of text."""
    digits = [k for k, byte in enumerate(data[: 4 * HEAD]) if 0x30 <= byte <= 0x39]
    if not digits:
        return lying(data, random)
    place = digits[random.integers(len(digits))]
    return data[:place] + NUMBERS[random.integers(len(NUMBERS))] + data[place + 1 :]


MUTATIONS: Final[tuple[Callable[[bytes, Random], bytes], ...]] = (
    flipped,
    head_flipped,
    cut,
    inserted,
    lost,
    spliced,
    lying,
    other_number,
)


def mutated(data: bytes, random: Random) -> bytes:
    """Return the bytes after one mutation, at times after two or three."""
    for _ in range(int(random.choice([1, 1, 1, 2, 3]))):
        data = MUTATIONS[random.integers(len(MUTATIONS))](data, random)
    return data


def _flipped(data: bytes, random: Random, within: int) -> bytes:
    if not data:
        return data
    flipped = bytearray(data)
    for _ in range(random.integers(1, 17)):
        flipped[random.integers(min(within, len(data)))] ^= 1 << int(random.integers(8))
    return bytes(flipped)
