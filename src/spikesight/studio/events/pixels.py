"""Pixels of the sensor as pixels of a picture, and the windows that one picture may be made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.studio.events.recorded import Recorded
from spikesight.studio.shown import Empty

MOST_PIXELS = 1 << 21
"""Of a picture: 1920 x 1080 fit."""
MOST_EVENTS = 1 << 26
"""Of a picture, which takes a second or so."""
_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Grid:
    """A picture of `rows` x `columns`, a pixel of which stands for `side` x `side` of the sensor."""

    rows: int
    columns: int
    side: int

    @classmethod
    def of(cls, seen: Recorded) -> Grid:
        """Return the finest grid that is not too large: sensors of a damaged file may have any size."""
        side = 1
        while (-(-seen.width // side)) * (-(-seen.height // side)) > MOST_PIXELS:
            side += 1
        return cls(-(-seen.height // side), -(-seen.width // side), side)

    def places(self, seen: Recorded, begin: int, end: int) -> Iterator[tuple[slice, NDArray[np.int64]]]:
        """Go through the events from number `begin` up to `end`: which these are, and where each of them lies.

        Places count OFF row by row, then ON.   Errors: Empty where there are too many for one picture.
        """
        if end - begin > MOST_EVENTS:
            raise Empty(f"{end - begin:,} events are too many for one picture: choose a shorter window.")
        for first in range(begin, end, _AT_ONCE):
            part = slice(first, min(first + _AT_ONCE, end))
            x, y, p = (column[part].astype(np.int64) for column in seen.columns[1:])
            if self.side > 1:
                x, y = x // self.side, y // self.side
            yield part, (p * self.rows + y) * self.columns + x
