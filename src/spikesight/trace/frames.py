"""Batches of rows as bytes in a log: length and checksum first, so that a torn last batch is known and ignored.

Rows of the bulk kinds are columns of little-endian numbers, one after the other; the others are one row as JSON.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from spikesight.base.errors import TraceError
from spikesight.trace.schema import BULK, Column, columns_of, kind_of

Columns = dict[str, np.ndarray]
"""Arrays of one length (rows,) by the name of the column; masked arrays where a column is nullable."""

_HEAD: Final = struct.Struct("<4sIII")
_MAGIC: Final = b"SpkB"
_NOTHING_KNOWN: Final = {"?": False, "f4": np.nan, "f8": np.nan, "i8": 0}


def pack_columns(rows: int, columns: Sequence[bytes | memoryview]) -> bytes:
    """Return the batch of `rows` rows of a bulk table, given the bytes of every column."""
    return _frame(rows, columns)


def pack_row(row: Sequence[Any]) -> bytes:
    """Return the batch of a single row of a table that is not bulk."""
    return _frame(1, [json.dumps(row).encode()])


def unpack(table: str, data: bytes) -> tuple[Columns, int]:
    """Return the rows of the whole batches at the start of `data` and how many bytes they take; the rest is torn.

    Errors: TraceError where a whole batch holds what cannot be rows of `table`: none of our writers wrote it.
    """
    parts, used = _payloads(data)
    decode = _decode_arrays if kind_of(table) in BULK else _decode_rows
    try:
        return decode(columns_of(table), parts), used
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise TraceError(
            f"a log of '{table}' holds what are no rows of it ({error}): `spikesight trace repair` goes on without it"
        ) from error


def join(table: str, pieces: Sequence[Columns]) -> Columns:
    """Return the rows of `pieces` one after the other; no rows where there is no piece."""
    empty = unpack(table, b"")[0]
    return {name: _concatenate([none, *(piece[name] for piece in pieces)]) for name, none in empty.items()}


def rows_of(columns: Columns) -> int:
    """Return the number of rows in `columns`."""
    return len(next(iter(columns.values())))


def _concatenate(arrays: Sequence[np.ndarray]) -> np.ndarray:
    joined: np.ndarray = (np.ma if np.ma.isMaskedArray(arrays[0]) else np).concatenate(arrays)
    return joined


def _frame(rows: int, parts: Sequence[bytes | memoryview]) -> bytes:
    head = _HEAD.pack(_MAGIC, rows, sum(map(len, parts)), _checksum(rows, parts))
    return b"".join([head, *parts])


def _checksum(rows: int, parts: Sequence[bytes | memoryview]) -> int:
    checksum = rows  # begun with the number of rows, so that it covers that too
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return checksum


def _payloads(data: bytes) -> tuple[list[tuple[int, memoryview]], int]:
    parts: list[tuple[int, memoryview]] = []
    view, start = memoryview(data), 0
    while start + _HEAD.size <= len(data):
        magic, rows, length, checksum = _HEAD.unpack_from(data, start)
        body = view[start + _HEAD.size : start + _HEAD.size + length]
        if magic != _MAGIC or len(body) < length or _checksum(rows, [body]) != checksum:
            break
        parts.append((rows, body))
        start += _HEAD.size + length
    return parts, start


def _decode_arrays(columns: Sequence[Column], parts: Sequence[tuple[int, memoryview]]) -> Columns:
    # Joining slices before NumPy sees them keeps the cost of a batch of few rows near one microsecond.
    width = sum(np.dtype(column.dtype).itemsize for column in columns)
    if any(len(body) != rows * width for rows, body in parts):
        raise ValueError(f"a row takes {width} bytes")
    found, starts = {}, [0] * len(parts)
    for column in columns:
        dtype = np.dtype("<" + column.dtype)
        ends = [start + rows * dtype.itemsize for start, (rows, _) in zip(starts, parts, strict=True)]
        slices = [body[start:end] for start, end, (_, body) in zip(starts, ends, parts, strict=True)]
        found[column.name] = np.frombuffer(b"".join(slices), dtype)
        starts = ends
    return found


def _decode_rows(columns: Sequence[Column], parts: Sequence[tuple[int, memoryview]]) -> Columns:
    rows = json.loads(b"[" + b",".join([body for _, body in parts]) + b"]")
    # A row of an older format ends before the columns that came later: nothing is known of these.
    padded = [[*row, *[None] * (len(columns) - len(row))] for row in rows]
    return {column.name: _as_array(column, [row[place] for row in padded]) for place, column in enumerate(columns)}


def _as_array(column: Column, values: list[Any]) -> np.ndarray:
    if column.dtype == "O":
        # A list (a histogram) travels as its JSON text, which DuckDB casts.
        return np.array([value if isinstance(value, str) else json.dumps(value) for value in values], dtype=object)
    unknown = [value is None and column.nullable for value in values]
    filled = [_NOTHING_KNOWN[column.dtype] if empty else value for value, empty in zip(values, unknown, strict=True)]
    numbers = np.array(filled, dtype=column.dtype)
    if numbers.ndim != 1:
        raise ValueError(f"'{column.name}' is one value a row")
    return np.ma.MaskedArray(numbers, mask=unknown) if column.nullable else numbers
