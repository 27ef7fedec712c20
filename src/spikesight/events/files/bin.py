"""The 5-byte records of N-MNIST and N-Caltech101: x, y, then 24 bits, the polarity and 23 of microseconds.

Files have no head, so nothing tells one from any other file of 5 n bytes, except that pixels must fit the sensor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

RECORD = 5
OVERFLOW = 240
"""A record with this y is not an event: the camera's clock went over, and all that follow are `STEP` later."""
STEP = 1 << 13
LARGEST = (1 << 23) - 1


@dataclass(frozen=True)
class Bin:
    """Files of a sensor of `width` x `height` pixels; those of N-MNIST where nothing is said.

    Source: Orchard et al., Converting static image datasets to spiking neuromorphic datasets using saccades, 2015.
    """

    width: int = 34
    height: int = 34

    name: ClassVar[str] = "bin"
    title: ClassVar[str] = "N-MNIST and N-Caltech101 records of 5 bytes"
    suffixes: ClassVar[tuple[str, ...]] = (".bin",)

    def sniff(self, source: Source) -> Likeness:
        """Perhaps, where the first pixels fit the sensor."""
        head = np.frombuffer(source.beginning, np.uint8)
        x, y = (head[: len(head) - len(head) % RECORD].reshape(-1, RECORD).T[k] for k in (0, 1))
        fits = len(x) and bool((x < self.width).all()) and bool(((y < self.height) | (y == OVERFLOW)).all())
        return Likeness.PERHAPS if fits else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read."""
        return _Reading(source, "N-MNIST 40-bit", self.width, self.height)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events; overflow records carry times beyond 23 bits."""
        raise InputError("not yet")


class _Reading(Reading):
    """Every record is an event or an overflow; the count of overflows goes on from block to block."""

    def pieces(self, events: int) -> Iterator[Columns]:
        overflows, offset = 0, 0
        for block in self.source.blocks(0, RECORD, events):
            columns, overflows = _decode(block.reshape(-1, RECORD), overflows)
            self._check(columns, offset)
            offset += len(block)
            yield columns
        if offset < self.source.size:
            self.cut_off(offset, f"a record has {RECORD} bytes, and {self.source.size - offset} are left")

    def _check(self, columns: Columns, offset: int) -> None:
        for values, size, axis in ((columns.x, self.width, "x"), (columns.y, self.height, "y")):
            if size is not None and len(values) and values.max() >= size:
                raise self.source.damaged(
                    offset, f"a sensor of {self.width} x {self.height} pixels has no {axis} = {values.max()}"
                )


def _decode(records: NDArray[np.uint8], overflows: int) -> tuple[Columns, int]:
    x, y, high, middle, low = records.T.astype(np.int64)
    over = y == OVERFLOW
    count = overflows + np.cumsum(over)
    t = ((high & 0x7F) << 16 | middle << 8 | low) + STEP * count
    kept = ~over
    columns = Columns(t[kept], x[kept].astype(np.uint16), y[kept].astype(np.uint16), (high >> 7).astype(bool)[kept])
    return columns, int(count[-1])
