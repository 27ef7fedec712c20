"""The bytes of Event Stream records: each begins with the time that has passed since the one before."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

DVS, ATIS, COLOUR = 1, 2, 4
LONGEST: Final = 8
"""Bytes of the longest record of a camera."""
STEP: Final = 127
"""Microseconds that a byte of all ones lets pass in a file of a DVS."""


@njit(cache=True, nogil=True)
def decode(data, kind, wanted, now, t, x, y, p, extra):  # type: ignore[no-untyped-def]
    """Decode records of `data` (n,) uint8 until events fill `t`, `x`, `y`, `p` (N,) and `extra` (N, 3) uint8 (colours).

    Of an ATIS those whose exposure flag is `wanted` are kept.
    Return the events, the bytes that are done, the time (us), and the records that were passed over.
    """
    at, n, passed, size = 0, 0, 0, len(data)
    rest = 7 if kind == COLOUR else 4
    while at < size and n < len(t):
        first = data[at]
        if kind == ATIS and first & 0xFC == 0xFC:
            now += 63 * (first & 3)
            at += 1
            continue
        if kind != ATIS and first >= 0xFE:
            now += 0 if first == 0xFE else (127 if kind == DVS else 254)
            at += 1
            continue
        if at + rest >= size:
            break
        shift = 1 if kind == DVS else (2 if kind == ATIS else 0)
        now += first >> shift
        if kind == ATIS and (first & 1) != wanted:
            passed += 1
            at += 1 + rest
            continue
        t[n] = now
        x[n] = data[at + 1] | np.uint16(data[at + 2]) << 8
        y[n] = data[at + 3] | np.uint16(data[at + 4]) << 8
        p[n] = first & 1 == 1 if kind == DVS else (first & 2 == 2 if kind == ATIS else True)
        if kind == COLOUR:
            extra[n, 0], extra[n, 1], extra[n, 2] = data[at + 5], data[at + 6], data[at + 7]
        n += 1
        at += 1 + rest
    return n, at, now, passed


def decode_plainly(data: bytes, kind: int, wanted: int = 0) -> list[tuple[int, int, int, bool]]:
    """Return (t, x, y, p) of all records, one at a time: what `decode` is compared with."""
    found, now, at, rest = [], 0, 0, 7 if kind == COLOUR else 4
    while at < len(data):
        first, at = data[at], at + 1
        if kind == ATIS and first & 0xFC == 0xFC:
            now += 63 * (first & 3)
        elif kind != ATIS and first >= 0xFE:
            now += {0xFE: 0, 0xFF: 127 if kind == DVS else 254}[first]
        elif at + rest > len(data):
            break
        else:
            now += first >> {DVS: 1, ATIS: 2, COLOUR: 0}[kind]
            x, y = (int.from_bytes(data[at + k : at + k + 2], "little") for k in (0, 2))
            on = {DVS: first & 1, ATIS: first >> 1 & 1, COLOUR: 1}[kind]
            if kind != ATIS or first & 1 == wanted:
                found.append((now, x, y, bool(on)))
            at += rest
    return found


@njit(cache=True, nogil=True)
def encode(t, x, y, p, k, now, out):  # type: ignore[no-untyped-def]
    """Write records of a DVS from event `k` on into `out` (n,) uint8 until it is full, the last written at `now` (us).

    Return the next event, the time, and the bytes written. Times must not step back.
    """
    at = 0
    while k < len(t) and at + 5 <= len(out):
        gap = t[k] - now
        if gap >= STEP:
            out[at] = 0xFF
            now += STEP
            at += 1
            continue
        out[at] = gap << 1 | (1 if p[k] else 0)
        out[at + 1], out[at + 2] = x[k] & 0xFF, x[k] >> 8
        out[at + 3], out[at + 4] = y[k] & 0xFF, y[k] >> 8
        now = t[k]
        at += 5
        k += 1
    return k, now, at


def messages_of(data: bytes) -> tuple[NDArray[np.int64], list[bytes], int]:
    """Return times (N,) in us and payloads of generic records, and the byte at which one is cut off (or the end)."""
    times, payloads, now, at = list[int](), list[bytes](), 0, 0
    while at < len(data):
        begin, first, at = at, data[at], at + 1
        if first >= 0xFE:
            now += 254 if first == 0xFF else 0
            continue
        size = shift = 0
        more: Any = 1
        while more and at < len(data):
            size |= (data[at] >> 1) << shift
            more, shift, at = data[at] & 1, shift + 7, at + 1
        if more or at + size > len(data):
            return np.array(times, np.int64), payloads, begin
        now += first
        times.append(now)
        payloads.append(data[at : at + size])
        at += size
    return np.array(times, np.int64), payloads, at
