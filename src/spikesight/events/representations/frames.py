"""All events as one picture: how many of each polarity, whether there was one, or what their signs sum up to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class Histogram:
    """`histogram` as a value."""

    def __call__(self, events: EventStream) -> NDArray[np.uint32]:
        """Return counts (2, H, W)."""
        return histogram(events)


@dataclass(frozen=True)
class BinaryFrame:
    """`binary_frame` as a value."""

    def __call__(self, events: EventStream) -> NDArray[np.bool_]:
        """Return where events were, (2, H, W)."""
        return binary_frame(events)


@dataclass(frozen=True)
class SignedImage:
    """`signed_image` as a value."""

    def __call__(self, events: EventStream) -> NDArray[np.int32]:
        """Return sums of signs (H, W)."""
        return signed_image(events)


def histogram(events: EventStream) -> NDArray[np.uint32]:
    """Return how many OFF and ON events each pixel had, (2, H, W); the order of events does not matter.

    Counts are 32 bits wide: 16 run over where a pixel is hot.
    """
    counts = np.zeros((2, events.height, events.width), np.uint32)
    count(events.x, events.y, events.p, counts)
    return counts


def binary_frame(events: EventStream) -> NDArray[np.bool_]:
    """Return whether each pixel had an OFF event, and an ON event, (2, H, W)."""
    seen = np.zeros((2, events.height, events.width), np.bool_)
    mark(events.x, events.y, events.p, seen)
    return seen


def signed_image(events: EventStream) -> NDArray[np.int32]:
    """Return each pixel's number of ON events less that of its OFF events, (H, W)."""
    sums = np.zeros((events.height, events.width), np.int32)
    _add_signs(events.x, events.y, events.p, sums)
    return sums


@njit(cache=True, nogil=True)
def count(x, y, p, counts):  # type: ignore[no-untyped-def]
    """Add events (N,) to counts (2, H, W)."""
    height, width = counts.shape[1:]
    flat = counts.reshape(counts.size)
    for k in range(len(x)):
        flat[(p[k] * height + y[k]) * width + x[k]] += 1


@njit(cache=True, nogil=True)
def mark(x, y, p, seen):  # type: ignore[no-untyped-def]
    """Set True where events (N,) are, in (2, H, W)."""
    height, width = seen.shape[1:]
    flat = seen.reshape(seen.size)
    for k in range(len(x)):
        flat[(p[k] * height + y[k]) * width + x[k]] = True


@njit(cache=True, nogil=True)
def _add_signs(x, y, p, sums):  # type: ignore[no-untyped-def]
    width = sums.shape[1]
    flat = sums.reshape(sums.size)
    for k in range(len(x)):
        flat[y[k] * width + x[k]] += 2 * p[k] - 1
