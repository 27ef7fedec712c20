"""Tables of events as text: a line that names the columns in any order, then a line for each event.

Lines before it that begin with # or % are remarks; one may tell the size of the sensor (`# 640 x 480`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.npz import NAMES
from spikesight.events.files.source import BEGINNING, Source
from spikesight.events.stream import EventStream

_SIZE = re.compile(rb"(\d{1,5})\s*[x, ]\s*(\d{1,5})")
_LONGEST_LINE = 1 << 16
_PIXEL: Final = (0, 0xFFFF)


@dataclass(frozen=True)
class Csv:
    """Tables whose times are whole microseconds, or, with `seconds`, seconds, rounded to microseconds."""

    seconds: bool = False

    name: ClassVar[str] = "csv"
    title: ClassVar[str] = "table as text, columns named"
    suffixes: ClassVar[tuple[str, ...]] = (".csv",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where the first line that is no remark names t, x, y and p."""
        for line in source.beginning.split(b"\n"):
            if not line.startswith((b"#", b"%")):
                return Likeness.YES if len(_named(line)) == len(NAMES) else Likeness.NO
        return Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read.   Errors: EventFileError where no line names the columns."""
        size: tuple[int, int] | tuple[None, None] = (None, None)
        with source.open() as file:
            line = file.readline(BEGINNING)
            while line.startswith((b"#", b"%")):
                if found := _SIZE.search(line):
                    size = max(1, int(found[1])), max(1, int(found[2]))
                line = file.readline(BEGINNING)
            first = file.tell()
        if len(_named(line)) < len(NAMES):
            raise source.damaged(first - len(line), f"a line names the columns t, x, y, p; got {line[:80]!r}")
        return _Reading(source, size, _named(line), first, self.seconds)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write the size, the names, and a line for each event."""
        with path.open("wb") as file:
            file.write(f"# {width} x {height}\nt,x,y,p\n".encode())
            for piece in pieces:
                for part in piece.pieces(1 << 16):
                    rows = zip(*(getattr(part, name).astype(np.int64).tolist() for name in NAMES), strict=True)
                    file.write("".join(f"{t},{x},{y},{p}\n" for t, x, y, p in rows).encode())


class _Reading(Reading):
    def __init__(
        self,
        source: Source,
        size: tuple[int, int] | tuple[None, None],
        places: dict[str, int],
        first: int,
        seconds: bool,
    ) -> None:
        super().__init__(source, "CSV", *size)
        self._places, self._first, self._seconds = places, first, seconds

    def pieces(self, events: int) -> Iterator[Columns]:
        offset = self._first
        with self.source.open() as file:
            file.seek(offset)
            while lines := list(islice(_lines(file), events)):
                rows = [line for line in lines if line.strip()]
                following = offset + sum(map(len, lines))
                last = rows.pop() if following == self.source.size and rows and self._is_short(rows[-1]) else b""
                if rows:
                    yield self._columns(rows, offset)
                if last:
                    self.cut_off(following - len(last), "a line that lacks columns")
                offset = following

    def _is_short(self, line: bytes) -> bool:
        """Whether a line, the last one of a file, ends before its columns do."""
        values = line.split(_separator(line).encode())
        return not line.endswith(b"\n") and (len(values) <= max(self._places.values()) or not values[-1].strip())

    def _columns(self, lines: list[bytes], offset: int) -> Columns:
        try:
            table = self._table(lines)
        except (ValueError, OverflowError) as error:
            raise self.source.damaged(offset, f"this is not a table of numbers: {error}") from error
        (t, x, y), p = (table[name] for name in "txy"), table["p"]
        limits = {"x": (x, 0, (self.width or 1 << 16) - 1), "y": (y, 0, (self.height or 1 << 16) - 1), "p": (p, -1, 1)}
        for name, (values, low, high) in limits.items():
            if values.min() < low or values.max() > high:
                raise self.source.damaged(
                    offset, f"{name} is from {low} to {high}, got {values.min()} to {values.max()}"
                )
        return Columns(t, x.astype(np.uint16), y.astype(np.uint16), p > 0)

    def _table(self, lines: list[bytes]) -> dict[str, NDArray[np.int64]]:
        places = [self._places[name] for name in NAMES]
        separator = _separator(lines[0])
        if not self._seconds:
            whole = np.loadtxt(lines, np.int64, delimiter=separator, usecols=places, ndmin=2, comments=None)
            return {name: whole[:, k].copy() for k, name in enumerate(NAMES)}
        table = np.loadtxt(lines, np.float64, delimiter=separator, usecols=places, ndmin=2, comments=None)
        if not (np.abs(table) < 9e12).all() or (table[:, 1:] != np.rint(table[:, 1:])).any():
            raise ValueError("NaN, infinite or fractional numbers")
        micro = np.rint(table[:, 0] * 1e6).astype(np.int64)
        return {"t": micro, **{name: table[:, k].astype(np.int64) for k, name in enumerate("xyp", 1)}}


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        yield line


def _separator(line: bytes) -> str:
    return next((one for one in (",", ";", "\t") if one.encode() in line), ",")


def _named(line: bytes) -> dict[str, int]:
    """The place of each column that the line names."""
    names = [one.strip().strip('"').lower() for one in line.decode("latin-1").split(_separator(line))]
    known = {name: [k for k, one in enumerate(names) if one in aliases] for name, aliases in NAMES.items()}
    return {name: found[0] for name, found in known.items() if found}
