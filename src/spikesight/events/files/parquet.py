"""Parquet tables of events, by DuckDB: columns t, x, y, p; the size of the sensor stands in the file's own notes."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from spikesight.base.atomic import full_disk_answer
from spikesight.base.errors import InputError
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.regroup import regrouped
from spikesight.events.files.source import EventFileError, Source
from spikesight.events.stream import COLUMNS, EventStream

MAGIC = b"PAR1"
_GROUP = 1 << 17
"""Events of a row group, the part of a file that is read at once."""


@dataclass(frozen=True)
class Parquet:
    """Tables with columns t (microseconds), x, y, p of whole numbers."""

    name: ClassVar[str] = "parquet"
    title: ClassVar[str] = "Parquet table: t, x, y, p"
    suffixes: ClassVar[tuple[str, ...]] = (".parquet",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where it begins as Parquet does."""
        return Likeness.YES if source.beginning.startswith(MAGIC) else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read.   Errors: EventFileError where it is cut off or damaged, or has no such columns."""
        with _answering(source), _on_disk(source) as path, contextlib.closing(_connection()) as connection:
            told = connection.execute("SELECT key, value FROM parquet_kv_metadata(?)", [str(path)]).fetchall()
            names = connection.execute("SELECT name FROM parquet_schema(?)", [str(path)]).fetchall()
        missing = set(COLUMNS) - {name for (name,) in names}
        if missing:
            raise source.damaged(
                0, f"a table of events has columns t, x, y, p; {', '.join(sorted(missing))} is missing"
            )
        notes = {bytes(key): bytes(value) for key, value in told}
        sizes = [int(notes.get(name, b"0")) if notes.get(name, b"").isdigit() else 0 for name in (b"width", b"height")]
        return _Reading(source, "Parquet", *(sizes if min(sizes) > 0 else (None, None)))

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write a table; its parts wait beside `path` until all have come."""
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".parts-") as folder:
            parts = [f"{folder}/empty.parquet"]
            with _writing(path), contextlib.closing(_connection()) as connection:
                connection.execute(f"COPY (SELECT {_casts('0')} WHERE false) TO '{_quoted(parts[0])}'")
                for number, piece in enumerate(pieces):
                    parts.append(f"{folder}/{number:06d}.parquet")
                    columns = {name: np.array(getattr(piece, name)) for name in COLUMNS}
                    connection.register("piece", columns)
                    connection.execute(f"COPY (SELECT {_casts()} FROM piece) TO '{_quoted(parts[-1])}'")
                    connection.unregister("piece")
                listed = ", ".join(f"'{_quoted(part)}'" for part in parts)
                connection.execute(
                    f"COPY (SELECT * FROM read_parquet([{listed}])) TO '{_quoted(str(path))}' (FORMAT parquet, "
                    f"ROW_GROUP_SIZE {_GROUP}, KV_METADATA {{width: '{width}', height: '{height}'}})"
                )


class _Reading(Reading):
    def pieces(self, events: int) -> Iterator[Columns]:
        with _answering(self.source), _on_disk(self.source) as path:
            yield from regrouped(self._parts(path), events)

    def _parts(self, path: Path) -> Iterator[Columns]:
        with contextlib.closing(_connection()) as connection:
            count = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchall()[0][0]
            for first in range(0, count, _GROUP):
                found = connection.execute(
                    f"SELECT {_casts()} FROM read_parquet(?, file_row_number = true) "
                    "WHERE file_row_number >= ? AND file_row_number < ? ORDER BY file_row_number",
                    [str(path), first, first + _GROUP],
                ).fetchnumpy()
                yield self._checked(found)

    def _checked(self, found: dict[str, Any]) -> Columns:
        if any(np.ma.is_masked(one) for one in found.values()):
            raise self.source.damaged(0, "an event lacks a value")
        columns = Columns(*(np.asarray(found[name], kind) for name, kind in COLUMNS.items()))
        for values, size, axis in ((columns.x, self.width, "x"), (columns.y, self.height, "y")):
            if size is not None and len(values) and values.max() >= size:
                raise self.source.damaged(
                    0, f"a sensor of {self.width} x {self.height} pixels has no {axis} = {values.max()}"
                )
        return columns


def _connection() -> Any:
    import duckdb

    return duckdb.connect(config={"threads": 1})


def _casts(value: str | None = None) -> str:
    """The columns in their types; ON is 1 where a table has -1 and 1."""
    of = {name: value or name for name in COLUMNS}
    return (
        f"CAST({of['t']} AS BIGINT) AS t, CAST({of['x']} AS USMALLINT) AS x, CAST({of['y']} AS USMALLINT) AS y, "
        f"CAST({of['p']} AS TINYINT) > 0 AS p"
    )


def _quoted(path: str) -> str:
    return path.replace("'", "''")


@contextlib.contextmanager
def _on_disk(source: Source) -> Iterator[Path]:
    """DuckDB takes a path: bytes at hand are written to a file for as long."""
    if source.path is not None:
        yield source.path
        return
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(source.data)
        file.flush()
        yield Path(file.name)


@contextlib.contextmanager
def _answering(source: Source) -> Iterator[None]:
    import duckdb

    try:
        yield
    except EventFileError:
        raise
    except (duckdb.Error, ValueError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        raise source.damaged(0, f"this table cannot be read: {reason}") from error


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise full_disk_answer(path, reason) or InputError(f"cannot write {path}: {reason}") from error
