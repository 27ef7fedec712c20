"""NumPy archives of events: columns t, x, y, p, and the size of the sensor.

What is written is not compressed, so that reading it whole maps the file: it may be larger than memory. Archives of
others are read where they hold columns under usual names, or one structured array of such fields.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, ClassVar, Final, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.source import Source
from spikesight.events.stream import COLUMNS, EventStream

NAMES: Final = {
    "t": ("t", "ts", "time", "timestamp", "timestamps"),
    "x": ("x", "xs", "x_pos"),
    "y": ("y", "ys", "y_pos"),
    "p": ("p", "ps", "pol", "polarity", "on"),
}
"""Names of columns that are understood, beside our own, which come first."""
_MOVED = 1 << 20
_LOCAL_HEAD = 30
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OSError,
    SyntaxError,
)


class _Column(NamedTuple):
    member: str
    field: str | None
    dtype: np.dtype[Any]
    length: int


@dataclass(frozen=True)
class Npz:
    """Archives whose times are whole microseconds, or, with `seconds`, seconds of any number type."""

    seconds: bool = False

    name: ClassVar[str] = "npz"
    title: ClassVar[str] = "NumPy archive: t, x, y, p, width, height"
    suffixes: ClassVar[tuple[str, ...]] = (".npz",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, for a zip archive whose first member is an array."""
        head = source.beginning
        name = head[_LOCAL_HEAD : _LOCAL_HEAD + int.from_bytes(head[26:28], "little")]
        return Likeness.YES if head.startswith(b"PK\x03\x04") and name.endswith(b".npy") else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read.   Errors: EventFileError where the archive is damaged, or holds no events."""
        with _answering(source), source.open() as file, zipfile.ZipFile(file) as archive:
            heads = {one.filename.removesuffix(".npy"): _head(archive, one) for one in archive.infolist()}
            sizes = [_scalar(archive, name, heads) for name in ("width", "height")]
        columns = _columns(source, heads)
        return _Reading(source, columns, sizes if all(sizes) else [None, None], self.seconds)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write events; columns wait in files beside `path` until all are known."""
        told: tuple[str, ...] = ()
        with ExitStack() as stack:
            parts = {name: stack.enter_context(TemporaryFile(dir=path.parent)) for name in COLUMNS}
            for piece in pieces:
                told = told or piece.provenance
                for name, part in parts.items():
                    part.write(np.ascontiguousarray(getattr(piece, name)).data)
            archive = stack.enter_context(zipfile.ZipFile(path, "w"))
            for name, part in parts.items():
                _store(archive, name, COLUMNS[name], part)
            for name, value in {"width": width, "height": height, "provenance": np.array(told or ("",))}.items():
                with archive.open(f"{name}.npy", "w") as member:
                    npy.write_array(member, np.asarray(value), allow_pickle=False)


class _Reading(Reading):
    def __init__(self, source: Source, columns: dict[str, _Column], sizes: list[int | None], seconds: bool) -> None:
        super().__init__(source, "npz", *sizes)
        self._columns, self._seconds = columns, seconds

    def pieces(self, events: int) -> Iterator[Columns]:
        with _answering(self.source), ExitStack() as stack:
            archive = zipfile.ZipFile(stack.enter_context(self.source.open()))
            members = {
                one.member: stack.enter_context(archive.open(f"{one.member}.npy")) for one in self._columns.values()
            }
            for member in members.values():
                _skip_head(member)
            left = next(iter(self._columns.values())).length
            while left:
                n = min(left, events)
                left -= n
                kinds = {one.member: one.dtype for one in self._columns.values()}
                rows = {name: _rows(members[name], kind, n) for name, kind in kinds.items()}
                yield self._checked({k: one.of(rows[one.member]) for k, one in self._fields().items()})

    def whole(self) -> Columns:
        """Return all events: columns of our own types lie in the file, mapped; a damaged value there is not noticed."""
        maps = {name: self._map(one) for name, one in self._columns.items()}
        if any(one is None for one in maps.values()):
            return super().whole()
        return self._checked({name: one for name, one in maps.items() if one is not None})

    def _fields(self) -> dict[str, _Field]:
        return {name: _Field(one.member, one.field) for name, one in self._columns.items()}

    def _map(self, column: _Column) -> NDArray[Any] | None:
        """The column where it lies; None where it is compressed."""
        with self.source.open() as file, zipfile.ZipFile(file) as archive:
            info = archive.getinfo(f"{column.member}.npy")
            if info.compress_type != zipfile.ZIP_STORED:
                return None
            file.seek(info.header_offset + 26)
            lengths = np.frombuffer(file.read(4), "<u2").astype(int)
            with archive.open(info) as member:
                head = _skip_head(member)
        begin = info.header_offset + _LOCAL_HEAD + int(lengths.sum()) + head
        if not column.length:
            rows = np.empty(0, column.dtype)
        elif begin + column.length * column.dtype.itemsize > self.source.size:
            raise self.source.damaged(info.header_offset, f"column {column.member} does not lie within the file")
        elif self.source.path is None:
            rows = np.frombuffer(self.source.data, column.dtype, column.length, begin)
        else:
            rows = np.memmap(self.source.path, column.dtype, "r", begin, (column.length,))
        return rows if column.field is None else rows[column.field]

    def _checked(self, found: dict[str, NDArray[Any]]) -> Columns:
        t = _times(self.source, found["t"], self._seconds)
        x, y = (_whole(self.source, found[axis], axis, 0, 0xFFFF, np.uint16) for axis in "xy")
        p = found["p"]
        if p.dtype != np.bool_:
            p = _whole(self.source, p, "p", -1, 1, np.int8) > 0
        for values, size, axis in ((x, self.width, "x"), (y, self.height, "y")):
            if size is not None and len(values) and values.max() >= size:
                raise self.source.damaged(
                    0, f"a sensor of {self.width} x {self.height} pixels has no {axis} = {values.max()}"
                )
        return Columns(t, x, y, p)


class _Field(NamedTuple):
    member: str
    field: str | None

    def of(self, rows: NDArray[Any]) -> NDArray[Any]:
        return rows if self.field is None else rows[self.field]


def _columns(source: Source, heads: dict[str, tuple[np.dtype[Any], tuple[int, ...]]]) -> dict[str, _Column]:
    """Which array, or field of one, holds each column.   Errors: EventFileError where one is missing, or is longer."""
    lists = {name: one for name, one in heads.items() if len(one[1]) == 1}
    found: dict[str, _Column] = {}
    for name, known in NAMES.items():
        for member, (kind, shape) in lists.items():
            fields = kind.names or ()
            if kind.names is None and member.lower() in known:
                found.setdefault(name, _Column(member, None, kind, shape[0]))
            for field in fields:
                if field.lower() in known:
                    found.setdefault(name, _Column(member, field, kind, shape[0]))
    missing = [name for name in NAMES if name not in found]
    if missing:
        raise source.damaged(0, f"no column {', '.join(missing)} among the arrays {', '.join(heads) or 'none'}")
    if len({one.length for one in found.values()}) > 1:
        raise source.damaged(0, f"columns are equally long, got { {k: one.length for k, one in found.items()} }")
    return {name: found[name] for name in COLUMNS}


def _head(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[np.dtype[Any], tuple[int, ...]]:
    if not info.filename.endswith(".npy"):
        return np.dtype(np.uint8), ()
    with archive.open(info) as member:
        kind, shape, length = _read_head(member)
    if kind.hasobject or min(shape, default=0) < 0:
        return np.dtype(np.uint8), ()
    if int(np.prod(shape, dtype=object)) * kind.itemsize + length != info.file_size:
        raise ValueError(f"array {info.filename} of {kind} in shape {shape} has {info.file_size} bytes")
    return kind, shape


def _read_head(member: IO[bytes]) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    version = npy.read_magic(member)
    reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, kind = reader(member)
    if fortran and len(shape) > 1:
        shape = (0, *shape)
    return kind, shape, member.tell()


def _skip_head(member: IO[bytes]) -> int:
    return _read_head(member)[2]


def _rows(member: IO[bytes], kind: np.dtype[Any], rows: int) -> NDArray[Any]:
    data = member.read(rows * kind.itemsize)
    if len(data) < rows * kind.itemsize:
        raise EOFError("an array ends too early")
    return np.frombuffer(bytearray(data), kind)


def _scalar(archive: zipfile.ZipFile, name: str, heads: dict[str, tuple[np.dtype[Any], tuple[int, ...]]]) -> int | None:
    if name not in heads or heads[name][1] != () or heads[name][0].kind not in "iu":
        return None
    with archive.open(f"{name}.npy") as member:
        value = int(npy.read_array(member, allow_pickle=False))
    return value if 0 < value <= 1 << 16 else None


def _store(archive: zipfile.ZipFile, name: str, kind: type[Any], part: IO[bytes]) -> None:
    length = part.tell() // np.dtype(kind).itemsize
    part.seek(0)
    with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
        head = {"descr": npy.dtype_to_descr(np.dtype(kind)), "fortran_order": False, "shape": (length,)}
        npy.write_array_header_1_0(member, head)
        while data := part.read(_MOVED):
            member.write(data)


def _times(source: Source, t: NDArray[Any], seconds: bool) -> NDArray[np.int64]:
    if t.dtype == np.int64 and not seconds:
        return t
    if not seconds:
        return _whole(source, t, "t", -(1 << 63), (1 << 63) - 1, np.int64)
    if t.dtype.kind not in "fiu" or not np.isfinite(t).all() or (np.abs(t.astype(np.float64)) > 9e12).any():
        raise source.damaged(0, f"times in seconds are numbers, got {t.dtype} or some beyond 64 bits of microseconds")
    return np.rint(t.astype(np.float64) * 1e6).astype(np.int64)


def _whole(source: Source, values: NDArray[Any], name: str, low: int, high: int, kind: Any) -> NDArray[Any]:
    if values.dtype == kind and kind == np.uint16:
        return values
    right = values.dtype.kind in "iubf"
    if right and values.dtype.kind == "f":
        right = bool(np.isfinite(values).all() and (values == np.rint(values)).all() and (np.abs(values) < 2**53).all())
    if not right or (len(values) and (int(values.min()) < low or int(values.max()) > high)):
        advice = ": Npz(seconds=True) reads seconds" if name == "t" else ""
        raise source.damaged(0, f"column {name} has whole numbers from {low} to {high}, got {values.dtype}{advice}")
    return values.astype(kind)


@contextmanager
def _answering(source: Source) -> Iterator[None]:
    from spikesight.events.files.source import EventFileError

    try:
        yield
    except EventFileError:
        raise
    except _DAMAGE as error:
        raise source.damaged(0, f"this archive of arrays is damaged: {error}") from error
