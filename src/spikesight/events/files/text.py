"""Events as text, a line each: time in seconds, x, y, polarity (0 or 1). The Event Camera Dataset is written so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

import numpy as np

from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.source import Source

NUMBERS = 4
_LINE = re.compile(rb"\s*[-+0-9.eE]+(\s+[0-9]+){2}\s+[01]\s*")


@dataclass(frozen=True)
class Text:
    """Files of a sensor of `width` x `height` pixels; those of a DAVIS240 where nothing is said.

    Source: Mueggler et al., The Event-Camera Dataset and Simulator, 2017.
    """

    width: int = 240
    height: int = 180

    name: ClassVar[str] = "txt"
    title: ClassVar[str] = "text of the Event Camera Dataset: t[s] x y p"
    suffixes: ClassVar[tuple[str, ...]] = (".txt",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where the first line is four numbers of which the last three are whole and the last is 0 or 1."""
        first = source.beginning.split(b"\n", 1)[0]
        return Likeness.YES if _LINE.fullmatch(first) else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read; times are rounded to microseconds."""
        return _Reading(source, "ECD text", self.width, self.height)


class _Reading(Reading):
    def pieces(self, events: int) -> Iterator[Columns]:
        offset = 0
        with self.source.open() as file:
            while lines := list(islice(file, events)):
                yield self._columns(lines, offset)
                offset += sum(map(len, lines))

    def _columns(self, lines: list[bytes], offset: int) -> Columns:
        try:
            table = np.loadtxt(lines, np.float64, ndmin=2)
        except ValueError as error:
            raise self.source.damaged(offset, f"this is not a table of numbers: {error}") from error
        if table.shape[1] != NUMBERS:
            raise self.source.damaged(offset, f"{table.shape[1]} numbers in a line, events have 4: t[s] x y p")
        if not np.isfinite(table).all():
            raise self.source.damaged(offset, "NaN or infinite numbers")
        whole = table[:, 1:].astype(np.int64)
        right = np.array_equal(whole, table[:, 1:]) and np.isin(whole[:, 2], (0, 1)).all()
        if not right or (whole < 0).any() or (whole[:, :2] >= np.array((self.width, self.height))).any():
            raise self.source.damaged(
                offset, f"x and y are whole numbers within {self.width} x {self.height}, polarity is 0 or 1"
            )
        t = np.rint(table[:, 0] * 1e6).astype(np.int64)
        return Columns(t, whole[:, 0].astype(np.uint16), whole[:, 1].astype(np.uint16), whole[:, 2].astype(bool))
