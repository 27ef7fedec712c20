"""Hot pixels report without a reason, again and again: they stand out from the pixels around."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream


def hot_pixels(events: EventStream, times: float) -> NDArray[np.bool_]:
    """Return which pixels have more than `times` (1 + m) events, m the median of the eight around: (height, width).

    Compared with its surroundings, a pixel on a busy edge is not hot; up to three hot ones side by side are found.
    Errors: InputError for a number that is not positive.
    """
    if not 0.0 < times < np.inf:
        raise InputError(f"a hot pixel has so many times the events of others, got {times}")
    counts = events.counts
    around = np.pad(counts, 1, mode="edge")
    rows, columns = counts.shape
    shifted = [around[i : i + rows, j : j + columns] for i in range(3) for j in range(3) if (i, j) != (1, 1)]
    hot: NDArray[np.bool_] = counts > times * (1.0 + np.median(shifted, axis=0))
    return hot


def without_pixels(events: EventStream, mask: NDArray[np.bool_]) -> EventStream:
    """Return the events of pixels that a mask (height, width) does not name.   Errors: InputError for another shape."""
    if mask.shape != (events.height, events.width):
        raise InputError(f"a mask of pixels is (height, width) = {(events.height, events.width)}, got {mask.shape}")
    return events.of(~mask[events.y, events.x])


@dataclass(frozen=True)
class HotPixels:
    """Leave out the events of hot pixels; see `hot_pixels`. Whether a pixel is hot is told from the whole stream."""

    times: float = 10.0

    def __call__(self, events: EventStream) -> EventStream:
        """Return the events of all other pixels.   Errors: as `hot_pixels`."""
        return without_pixels(events, hot_pixels(events, self.times)).after(repr(self))
