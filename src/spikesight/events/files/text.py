"""Events as text, a line each: time in seconds, x, y, polarity (0 or 1). The Event Camera Dataset is written so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ClassVar

import numpy as np

from spikesight.base.errors import InputError
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

NUMBERS = 4
LARGEST = 1 << 52
"""Microseconds up to which times in seconds are exact as float64."""
_SIZE = re.compile(rb"# ?(\d{1,5}) x (\d{1,5})\r?\n")
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
        beginning = source.beginning
        told = _SIZE.match(beginning)
        first = beginning[told.end() if told else 0 :].split(b"\n", 1)[0]
        return Likeness.YES if _LINE.fullmatch(first) else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read; times are rounded to microseconds. A remark (`# 640 x 480`) tells the size before all else."""
        told = _SIZE.match(source.beginning)
        width, height = (int(told[1]), int(told[2])) if told else (self.width, self.height)
        return _Reading(source, "ECD text", max(1, width), max(1, height))

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write the size as a remark, then a line for each event, its time with six digits.

        Errors: InputError for times of which a float64 does not tell microseconds apart.
        """
        with path.open("wb") as file:
            file.write(f"# {width} x {height}\n".encode())
            for piece in pieces:
                for part in piece.pieces(1 << 16):
                    file.write(_lines(part))


class _Reading(Reading):
    def pieces(self, events: int) -> Iterator[Columns]:
        told = _SIZE.match(self.source.beginning)
        offset = told.end() if told else 0
        with self.source.open() as file:
            file.seek(offset)
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


def _lines(piece: EventStream) -> bytes:
    if np.abs(piece.t).max(initial=0) > LARGEST:
        raise InputError(f"text in seconds is exact up to {LARGEST} us, got {piece.t.min()} to {piece.t.max()}")
    columns = (piece.t.tolist(), piece.x.tolist(), piece.y.tolist(), piece.p.astype(np.uint8).tolist())
    rows = zip(*columns, strict=True)
    sign = ("", "-")
    return "".join(
        f"{sign[t < 0]}{abs(t) // 1_000_000}.{abs(t) % 1_000_000:06d} {x} {y} {p}\n" for t, x, y, p in rows
    ).encode()
