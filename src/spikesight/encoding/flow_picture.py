"""Flow pictures: a session of network traffic as counts of packets, by arrival time and by size, in two directions.

Time is axis 0: a picture is a sequence of steps, each with a line per size of packet. Payloads are never looked at, so
that encrypted traffic gives pictures too.   Source: Shapira & Shavitt 2019 (FlowPic); Rasteh et al. 2022.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError

STEPS, SIZES = 300, 300
"""Of a picture: steps of a fifth of a second, and cells of packet sizes, half of them for each direction."""

EDGES = np.concatenate([[0], np.arange(40, 90), np.arange(90, 590, 10), np.arange(590, 1571, 20)])
"""Bytes at which cells of packets of one direction begin, as published: one byte wide from 40, then 10, then 20."""

LARGEST = 1589
"""Bytes; larger packets have no cell."""

SECOND = 1590
"""By so much the published code shifts sizes of packets that go back, to put both directions on one axis."""

Picture = NDArray[np.uint16]
Counts = TypeVar("Counts", NDArray[np.uint8], NDArray[np.uint16])


class FlowEncoder(Protocol):
    """What makes a picture of packets."""

    def __call__(self, t: ArrayLike, size: ArrayLike, forward: ArrayLike) -> Picture:
        """Return counts (300, 300) of packets (n,): seconds, bytes, and whether they go from who began the session."""


@dataclass(frozen=True)
class FlowPicture:
    """Windows of `seconds` in 300 equal steps; 150 cells for each direction, by the same table for both.

    Packets below 40 bytes share the first cell; those above 1589 bytes, and outside of 0 to `seconds`, have none. The
    published table with its two mistakes mended: directions that were resolved differently, and time that was stretched
    to what the packets span (`PublishedFlowPicture`).
    """

    seconds: float = 60.0

    def __post_init__(self) -> None:
        if not 0.0 < self.seconds < np.inf:
            raise InputError(f"a window is some seconds long, got {self.seconds}")

    def __call__(self, t: ArrayLike, size: ArrayLike, forward: ArrayLike) -> Picture:
        """See `FlowEncoder`; t is in seconds since the window began. A cell counts to 65,535 at most.

        Errors: InputError for lengths that differ, NaN, and sizes below 0.
        """
        times, sizes, ahead = checked_packets(t, size, forward)
        step = np.floor(times * (STEPS / self.seconds)).astype(np.int64)
        cell = np.maximum(np.searchsorted(EDGES, sizes, "right") - 2, 0) + np.where(ahead, 0, SIZES // 2)
        seen = (sizes <= LARGEST) & (step >= 0) & (step < STEPS)
        return _counted(step[seen], cell[seen])


@dataclass(frozen=True)
class PublishedFlowPicture:
    """Pictures as the published code makes them: 300 cells of one axis, on which sizes of packets back are 1590 larger.

    A packet back is thus resolved finely from 0 bytes on, not from 40, and has no cell above 1530 bytes. Steps divide
    the time from the first to the last packet. A missing direction gets a packet of 0 bytes at time 0.
    """

    def __call__(self, t: ArrayLike, size: ArrayLike, forward: ArrayLike) -> Picture:
        """See `FlowEncoder`; t is in seconds since the session began.   Errors: as `FlowPicture`."""
        times, sizes, ahead = checked_packets(t, size, forward)
        for direction in (True, False):
            if not (ahead == direction).any():
                times, sizes, ahead = np.append(times, 0.0), np.append(sizes, 0), np.append(ahead, direction)
        edges = np.concatenate([EDGES, SECOND + np.r_[0:50, 50:550:10, 550:1531:20]])
        span = (times.min(), times.max() if times.max() > times.min() else times.min() + 1.0)
        places = np.where(ahead, sizes, sizes + SECOND)
        counts, _, _ = np.histogram2d(times, places, bins=(np.linspace(*span, STEPS + 1), edges))
        return np.minimum(counts, np.iinfo(np.uint16).max).astype(np.uint16)


def both_ways_together(pictures: ArrayLike) -> Picture:
    """Return pictures (..., 300) of `FlowPicture` that do not tell directions: all counts in the first half."""
    counts = np.asarray(pictures)
    summed = counts[..., : SIZES // 2].astype(np.int64) + counts[..., SIZES // 2 :]
    out = np.zeros(counts.shape, np.uint16)
    out[..., : SIZES // 2] = np.minimum(summed, np.iinfo(np.uint16).max)
    return out


def steps_shuffled(pictures: Counts, random: np.random.Generator) -> Counts:
    """Return pictures (B, 300, 300), each with its steps in another order: left is which sizes come together."""
    order = np.argsort(random.random(pictures.shape[:2]), axis=1)
    return np.take_along_axis(pictures, order[:, :, None], axis=1)


def checked_packets(
    t: ArrayLike, size: ArrayLike, forward: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return packets as arrays.   Errors: InputError for lengths that differ, NaN, and sizes below 0."""
    times, sizes, ahead = np.asarray(t, np.float64), np.asarray(size), np.asarray(forward, np.bool_)
    if not (times.ndim == 1 and times.shape == sizes.shape == ahead.shape):
        raise InputError(
            f"packets have a time, a size and a direction each: got {times.shape}, {sizes.shape} and {ahead.shape}"
        )
    if not np.isfinite(times).all() or (sizes < 0).any():
        raise InputError("packets arrive at times in seconds and have sizes of 0 bytes or more")
    return times, sizes.astype(np.int64), ahead


def _counted(step: NDArray[np.int64], cell: NDArray[np.int64]) -> Picture:
    counts = np.bincount(step * SIZES + cell, minlength=STEPS * SIZES).reshape(STEPS, SIZES)
    return np.minimum(counts, np.iinfo(np.uint16).max).astype(np.uint16)
