"""An order of the units of a picture in which neighbours in the order are neighbours in the picture."""

from __future__ import annotations

import math

import numpy as np

from spikesight.base.errors import InputError


def hilbert_order(height: int, width: int) -> np.ndarray:
    """Return the units of a picture, row by row, in the order of a Hilbert curve: (height * width,) int64.

    On a square whose side is a power of 2 each unit is followed by one of its four neighbours. Other pictures are cut
    out of such a square, and the curve jumps where it leaves them.   Errors: InputError for a side below 1.
    Source: D. Hilbert, Mathematische Annalen 38, 1891; the arithmetic on bits is the usual one.
    """
    if min(height, width) < 1:
        raise InputError(f"a picture has a height and a width of at least 1, got {height} x {width}")
    side = 1 << math.ceil(math.log2(max(height, width, 2)))
    y, x = np.divmod(np.arange(height * width), width)
    place = np.zeros(height * width, dtype=np.int64)
    quarter = side // 2
    while quarter:
        right, below = (x & quarter) > 0, (y & quarter) > 0
        place += quarter * quarter * ((3 * right) ^ below)
        x, y = _turned(x, y, right, below, side)
        quarter //= 2
    return np.argsort(place, kind="stable")


def _turned(
    x: np.ndarray, y: np.ndarray, right: np.ndarray, below: np.ndarray, side: int
) -> tuple[np.ndarray, np.ndarray]:
    """Turn the quarters of the square as the curve runs through them."""
    mirrored = right & ~below
    x, y = np.where(mirrored, side - 1 - x, x), np.where(mirrored, side - 1 - y, y)
    return np.where(below, x, y), np.where(below, y, x)
