"""What words of Prophesee's formats have in common: neighbours whose bits are set, and edges on the camera's input."""

from __future__ import annotations

from numba import njit

from spikesight.events.files.records import BAD, BAD_X, BAD_Y, EDGES


@njit(cache=True, nogil=True)
def ones(mask):  # type: ignore[no-untyped-def]
    """Return how many of 32 bits are set."""
    bits = mask - ((mask >> 1) & 0x55555555)
    bits = (bits & 0x33333333) + ((bits >> 2) & 0x33333333)
    bits = (bits + (bits >> 4)) & 0x0F0F0F0F
    return ((bits * 0x01010101) & 0xFFFFFFFF) >> 24


@njit(cache=True, nogil=True)
def neighbours(word, mask, on, high, numbers, t, x, y, p, at, width, height):  # type: ignore[no-untyped-def]
    """Write an event for each set bit of `mask`, bit i at i pixels to the right of the place that `word` tells.

    Returns the number of the next event. A pixel outside of the sensor ends it, and is told in `numbers`.
    """
    column, row = (word >> 11) & 0x7FF, word & 0x7FF
    while mask:
        if mask & 1:
            if column >= width or row >= height:
                numbers[BAD], numbers[BAD_X], numbers[BAD_Y] = 1, column, row
                break
            t[at] = (high << 6) | ((word >> 22) & 63)
            x[at] = column
            y[at] = row
            p[at] = on
            at += 1
        mask >>= 1
        column += 1
    return at


@njit(cache=True, nogil=True)
def edge(t, source, rising, numbers, edges):  # type: ignore[no-untyped-def]
    """Write an edge at `t`; returns whether there was room for it."""
    count = numbers[EDGES]
    if count == len(edges):
        return False
    edges[count, 0], edges[count, 1], edges[count, 2] = t, source, rising
    numbers[EDGES] = count + 1
    return True
