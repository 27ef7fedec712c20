"""Events as text, a line each: time in seconds, x, y, polarity (0 or -1 is OFF). The Event Camera Dataset is such.

Between numbers are spaces, tabs, commas or semicolons. The first line may tell the sensor: two numbers, or a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ClassVar, Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

NUMBERS = 4
LARGEST = 1 << 52
"""Microseconds up to which times in seconds are exact as float64."""
SENSORS: Final = ((240, 180), (346, 260), (640, 480), (1280, 720))
"""The first that has room is taken where nothing tells the sensor."""
_SIZE = re.compile(rb"(?:# ?)?([1-9]\d{0,4})(?: x |[ \t,;]+)([1-9]\d{0,4})[ \t]*\r?\n")
_LINE = re.compile(rb"\s*[-+0-9.eE]+(?:[\s,;]+[0-9]+){2}[\s,;]+[-+]?[01]\s*")
_SPACES = bytes.maketrans(b",;", b"  ")
_LONGEST_LINE = 1 << 12


@dataclass(frozen=True)
class Text:
    """Files of a sensor of `width` x `height` pixels; where nothing is said, the first of `SENSORS` that has room.

    Source: Mueggler et al., The Event-Camera Dataset and Simulator, 2017.
    """

    width: int | None = None
    height: int | None = None

    name: ClassVar[str] = "txt"
    title: ClassVar[str] = "text of the Event Camera Dataset: t[s] x y p"
    suffixes: ClassVar[tuple[str, ...]] = (".txt",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where the first line is four numbers of which the last three are whole and the last is -1, 0 or 1.

        A size alone is a file without events.
        """
        beginning = source.beginning
        told = _SIZE.match(beginning)
        rest = beginning[told.end() if told else 0 :]
        if told and not rest:
            return Likeness.YES
        lines = rest.split(b"\n")
        first = next((line for line in lines if not line.startswith(b"#")), b"")
        return Likeness.YES if _LINE.fullmatch(first) else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read; times are rounded to microseconds. The first line tells the size before all else."""
        told = _SIZE.match(source.beginning)
        size = (int(told[1]), int(told[2])) if told else (self.width, self.height)
        return _Reading(source, "ECD text", *size)

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
    def sensor_of(self, width: int, height: int) -> tuple[int, int]:
        return next((size for size in SENSORS if width <= size[0] and height <= size[1]), (width, height))

    def pieces(self, events: int) -> Iterator[Columns]:
        told = _SIZE.match(self.source.beginning)
        offset = told.end() if told else 0
        with self.source.open() as file:
            file.seek(offset)
            while lines := list(islice(iter(lambda: file.readline(_LONGEST_LINE), b""), events)):
                rows = [line.translate(_SPACES) for line in lines if line.strip() and not line.startswith(b"#")]
                following = offset + sum(map(len, lines))
                short = bool(rows) and not rows[-1].endswith(b"\n") and len(rows[-1].split()) < NUMBERS
                last = rows.pop() if short and following == self.source.size else b""
                if rows:
                    yield self._columns(rows, offset)
                if last:
                    self.cut_off(following - len(last), "a line with fewer than four numbers")
                offset = following

    def _columns(self, lines: list[bytes], offset: int) -> Columns:
        try:
            table = np.loadtxt(lines, np.float64, ndmin=2, comments=None)
        except ValueError as error:
            raise self.source.damaged(offset, f"this is not a table of numbers: {error}") from error
        if table.shape[1] != NUMBERS:
            raise self.source.damaged(offset, f"{table.shape[1]} numbers in a line, events have 4: t[s] x y p")
        seconds, pixels, p = table[:, 0], table[:, 1:3], table[:, 3]
        if not (np.abs(seconds) <= LARGEST * 1e-6).all():
            raise self.source.damaged(offset, f"times in seconds are exact up to {LARGEST} us: NaN or others are here")
        size = (self.width or 1 << 16, self.height or 1 << 16)
        if (
            not ((pixels >= 0) & (pixels < size) & (pixels == np.floor(pixels))).all()
            or not np.isin(p, (-1, 0, 1)).all()
        ):
            raise self.source.damaged(
                offset, f"x and y are whole numbers within {size[0]} x {size[1]}, polarity is 0 or 1, or -1 or 1"
            )
        x, y = pixels.T.astype(np.uint16)
        return Columns(np.rint(seconds * 1e6).astype(np.int64), x, y, p > 0)


def _lines(piece: EventStream) -> bytes:
    if np.abs(piece.t).max(initial=0) > LARGEST:
        raise InputError(f"text in seconds is exact up to {LARGEST} us, got {piece.t.min()} to {piece.t.max()}")
    columns = (piece.t.tolist(), piece.x.tolist(), piece.y.tolist(), piece.p.astype(np.uint8).tolist())
    rows = zip(*columns, strict=True)
    sign = ("", "-")
    return "".join(
        f"{sign[t < 0]}{abs(t) // 1_000_000}.{abs(t) % 1_000_000:06d} {x} {y} {p}\n" for t, x, y, p in rows
    ).encode()
