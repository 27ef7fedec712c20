"""The MATLAB 5 files of ST-MNIST: what 10 x 10 touch sensors felt of a digit written on them.

The one variable `spiketrain` is a matrix of 101 rows: 100 taxels, each -1, 0 or +1, and the time in seconds.
A column is an instant. MATLAB keeps columns together, so that the file is read column by column, in bounded memory,
and a file cut off gives what comes before; nothing but numbers is read from it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.source import EventFileError, Source

SIDE = 10
TAXELS = SIDE * SIDE
ROWS = TAXELS + 1
HEAD = 128
VARIABLE = b"spiketrain"
COMPRESSED, MATRIX = 15, 14
NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8"}
_AT_ONCE = 1 << 16
_LATEST = 2.0**62 * 1e-6


class _CutOff(Exception):
    """The file ends before what it announces."""


@dataclass(frozen=True)
class StMnist:
    """Files of ST-MNIST. Taxels are taken row by row: number k is at x = k mod 10, y = k div 10.

    The data set does not say which way they are counted. Several taxels of one instant come in the order of their
    numbers.   Source: See et al., ST-MNIST - the spiking tactile MNIST neuromorphic dataset, 2020.
    """

    name: ClassVar[str] = "st-mnist"
    title: ClassVar[str] = "ST-MNIST, MATLAB 5 files of touch sensors"
    suffixes: ClassVar[tuple[str, ...]] = (".mat",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, for a MATLAB 5 file whose first variable is `spiketrain`, or which is damaged before its name."""
        if _order(source.beginning) is None:
            return Likeness.NO
        try:
            with source.open() as file:
                name = _announced(source, file)[1].name
        except (EventFileError, _CutOff):
            return Likeness.YES
        return Likeness.YES if name == VARIABLE else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read.   Errors: EventFileError where it is no MATLAB 5 file."""
        if _order(source.beginning) is None:
            raise source.damaged(0, "this is no MATLAB 5 file: bytes 124 to 127 are version 0x0100 and 'IM' or 'MI'")
        return _Reading(source, "MATLAB 5", SIDE, SIDE)


class _Matrix(NamedTuple):
    """What a variable announces: its name, how many columns, and how its numbers are written."""

    name: bytes
    columns: int
    kind: np.dtype[np.generic]


class _Reading(Reading):
    def pieces(self, events: int) -> Iterator[Columns]:
        with self.source.open() as file:
            try:
                stream, matrix = _announced(self.source, file)
            except _CutOff:
                self.cut_off(self.source.size, "the variable is not yet announced")
                return
            if matrix.name != VARIABLE:
                raise self.source.damaged(HEAD, f"the first variable is {matrix.name!r}, not {VARIABLE!r}")
            yield from self._columns(stream, matrix, events)

    def _columns(self, stream: _Bytes, matrix: _Matrix, events: int) -> Iterator[Columns]:
        at_once = max(1, min(events, _AT_ONCE) // TAXELS)
        for first in range(0, matrix.columns, at_once):
            offset = stream.offset
            wanted = min(at_once, matrix.columns - first)
            raw = stream.at_most(wanted * ROWS * matrix.kind.itemsize)
            whole = len(raw) // (ROWS * matrix.kind.itemsize)
            table = np.frombuffer(raw, matrix.kind, whole * ROWS).reshape(whole, ROWS).astype(np.float64)
            if whole:
                decoded = self._decoded(table, offset)
                for begin in range(0, len(decoded.t), events):
                    yield decoded.own(begin, begin + events)
            if whole < wanted:
                self.cut_off(self.source.size, f"{matrix.columns} instants are announced, {first + whole} are there")
                return

    def _decoded(self, table: NDArray[np.float64], offset: int) -> Columns:
        """Events of instants (n, 101)."""
        felt, seconds = table[:, :TAXELS], table[:, TAXELS]
        if not np.isin(felt, (-1.0, 0.0, 1.0)).all():
            raise self.source.damaged(offset, "taxels are -1, 0 or +1, and others are here")
        if not (np.abs(seconds) < _LATEST).all():
            raise self.source.damaged(offset, "times are seconds, and NaN or endless ones are here")
        instant, taxel = np.nonzero(felt)
        y, x = np.divmod(taxel.astype(np.uint16), np.uint16(SIDE))
        return Columns(np.rint(seconds[instant] * 1e6).astype(np.int64), x, y, felt[instant, taxel] > 0)


class _Bytes:
    """The bytes of the first variable, decompressed where they are, never more at a time than asked for.

    `offset` is how far the file was read.
    """

    def __init__(self, source: Source, file: BinaryIO, compressed: bool) -> None:
        self._source, self._file = source, file
        self._unpack = zlib.decompressobj() if compressed else None
        self._waiting = b""
        self.offset = file.tell()

    def at_most(self, number: int) -> bytes:
        """Return so many bytes, or fewer where the file ends.   Errors: EventFileError where they do not decompress."""
        parts, left = [], number
        while left > 0 and (part := self._some(left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def exactly(self, number: int) -> bytes:
        """Return so many bytes.   Errors: _CutOff where there are fewer."""
        got = self.at_most(number)
        if len(got) < number:
            raise _CutOff
        return got

    def _some(self, number: int) -> bytes:
        if self._unpack is None:
            part = self._file.read(min(number, _AT_ONCE))
            self.offset = self._file.tell()
            return part
        while not self._unpack.eof:
            packed = self._waiting or self._file.read(_AT_ONCE)
            self.offset = self._file.tell() - len(packed)
            try:
                part = self._unpack.decompress(packed, min(number, _AT_ONCE))
            except zlib.error as error:
                raise self._source.damaged(self.offset, f"this does not decompress ({error})") from error
            self._waiting = self._unpack.unconsumed_tail
            if part or not packed:
                return part
        return b""


def _order(beginning: bytes) -> str | None:
    """The order of bytes of a MATLAB 5 file; None for any other."""
    return {b"\x00\x01IM": "<", b"\x01\x00MI": ">"}.get(beginning[124:HEAD])


def _announced(source: Source, file: BinaryIO) -> tuple[_Bytes, _Matrix]:
    """Read up to the numbers of the first variable.   Errors: EventFileError; _CutOff."""
    order = _order(source.beginning)
    file.seek(HEAD)
    stream = _Bytes(source, file, compressed=False)
    kind, _ = _tag(stream, order)
    if kind == COMPRESSED:
        stream = _Bytes(source, file, compressed=True)
        kind, _ = _tag(stream, order)
    if kind != MATRIX:
        raise source.damaged(HEAD, f"the first variable is of kind {kind}, a matrix is of kind {MATRIX}")
    stream.exactly(16)  # flags
    axes = _element(source, stream, order, 5)
    shape = np.frombuffer(axes, f"{order}i4", len(axes) // 4)
    name = _element(source, stream, order, 1)
    kind, size = _tag(stream, order)
    if kind not in NUMBERS or len(axes) != 8 or shape[0] != ROWS or shape[1] < 0:
        raise source.damaged(
            stream.offset, f"numbers of kind {kind} in shape {shape.tolist()}, instants are {ROWS} x n real numbers"
        )
    numbers = np.dtype(f"{order}{NUMBERS[kind]}")
    if size != ROWS * int(shape[1]) * numbers.itemsize:
        raise source.damaged(stream.offset, f"{size} bytes are announced for {ROWS} x {shape[1]} numbers of {numbers}")
    return stream, _Matrix(name, int(shape[1]), numbers)


def _tag(stream: _Bytes, order: str | None) -> tuple[int, int]:
    kind, size = struct.unpack(f"{order}2I", stream.exactly(8))
    return kind, size


def _element(source: Source, stream: _Bytes, order: str | None, expected: int) -> bytes:
    """A short element: its data may share the eight bytes of its tag; after longer data comes padding to eight."""
    tag = stream.exactly(8)
    kind, size = struct.unpack(f"{order}2I", tag)
    if kind >> 16:
        kind, size, data = kind & 0xFFFF, kind >> 16, tag[4:]
    elif size <= HEAD:
        data = stream.exactly(-(-size // 8) * 8)
    if kind != expected or size > HEAD or size > len(data):
        raise source.damaged(stream.offset, f"an element of kind {kind} with {size} bytes, expected kind {expected}")
    return data[:size]
