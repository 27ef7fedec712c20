"""Sealed segments: Parquet files that DuckDB writes, and the SQL that reads them together with rows not sealed yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from spikesight.base.atomic import full_disk_answer, publish, storage, temporary_name
from spikesight.base.errors import NotEnoughMemory, TraceError
from spikesight.trace.frames import Columns, join, rows_of
from spikesight.trace.layout import literal, segment_name
from spikesight.trace.manifest import Segment
from spikesight.trace.packing import options, packed
from spikesight.trace.schema import Column, columns_of, kind_of


@dataclass(frozen=True)
class Relation:
    """Rows of `table`: those in the segments `files`, and those of `tail`."""

    table: str
    files: Sequence[Path]
    tail: Columns | None = None


def connect(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB that lives in memory, fetches nothing from the network and leaves no files behind."""
    config: dict[str, Any] = {"autoinstall_known_extensions": False, "temp_directory": ""}
    return duckdb.connect(config=config if threads is None else {**config, "threads": threads})


def write_segment(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: str, number: int, columns: Columns
) -> Segment:
    """Write `columns` as segment `number` of `table` in the trace `folder` and wait until the disk holds it.

    Errors: StorageFull, TraceError; then there is no such segment.
    """
    name = segment_name(table, number)
    _write(connection, folder / name, table, columns)
    return Segment(table, name, rows_of(columns), *extent(columns), *_stimuli(columns))


def write_empty_segment(connection: duckdb.DuckDBPyConnection, folder: Path, lost: Segment) -> Segment:
    """Put a segment without rows in the place of one whose rows are `lost`, so that none after it moves up.

    Errors: StorageFull, TraceError.
    """
    _write(connection, folder / lost.file, lost.table, join(lost.table, ()))
    return replace(lost, rows=0)


def _write(connection: duckdb.DuckDBPyConnection, path: Path, table: str, columns: Columns) -> None:
    temporary = temporary_name(path)
    try:
        with storage(path, TraceError):
            path.parent.mkdir(parents=True, exist_ok=True)
            _copy(connection, table, packed(table, columns), temporary)
            publish(temporary, path)
    except duckdb.Error as error:
        raise _answer(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def select(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    files: Sequence[Path],
    tail: Columns | None,
    query: str,
    parameters: dict[str, Any] | None = None,
) -> Columns:
    """Answer `query`, which reads the relation `rows`: the segments `files` of `table` and the rows of `tail`.

    Rows come in any order unless the query says which: DuckDB keeps none here, whatever its settings promise.
    Safe to call from several threads. Errors: TraceError where a file is gone or damaged.
    """
    return ask(connection, {"rows": Relation(table, files, tail)}, query, parameters)


def ask(
    connection: duckdb.DuckDBPyConnection,
    relations: Mapping[str, Relation],
    query: str,
    parameters: dict[str, Any] | None = None,
) -> Columns:
    """Answer `query`, which reads `relations` by their names; otherwise as `select`."""
    parts, values = [], dict(parameters or {})
    with closing(connection.cursor()) as cursor:
        for name, relation in relations.items():
            parts.append(f"{name} AS ({_union(cursor, name, relation, values)})")
        try:
            return dict(cursor.execute(f"WITH {', '.join(parts)} {query}", values).fetchnumpy())
        except (MemoryError, duckdb.OutOfMemoryException) as error:
            raise NotEnoughMemory(
                f"the rows of {_tables(relations)} that were asked for do not fit into memory: ask for less of the time"
            ) from error
        except (duckdb.Error, UnicodeError) as error:
            raise TraceError(
                f"table {_tables(relations)} cannot be read: {_first_line(error)}. If the run was resumed meanwhile, "
                "refresh the trace; otherwise restore the file from a copy"
            ) from error


def _tables(relations: Mapping[str, Relation]) -> str:
    return " and ".join(f"'{relation.table}'" for relation in relations.values())


def _union(cursor: duckdb.DuckDBPyConnection, name: str, relation: Relation, values: dict[str, Any]) -> str:
    parts = []
    if relation.files:
        # With their types: a cast to the type that a file has costs nothing, and another file may say anything.
        names = ", ".join(f"CAST({one.name} AS {one.sql}) AS {one.name}" for one in columns_of(relation.table))
        parts.append(f"SELECT {names} FROM {stored(relation.table, f'${name}_files')}")
        values[f"{name}_files"] = [literal(file) for file in relation.files]
    if relation.tail is not None and rows_of(relation.tail):
        cursor.register(f"{name}_tail", relation.tail)
        parts.append(f"SELECT {casts(relation.table)} FROM {name}_tail")
    return " UNION ALL ".join(parts) or no_rows(relation.table)


def stored(table: str, files: str) -> str:
    """Return SQL for the rows of `table` in segments of any format version; `files` is SQL for a list of them."""
    if kind_of(table) != "weights":
        return f"read_parquet({files})"
    # Segments of format version 1 have fewer columns: what they lack is not known.
    return f"(SELECT * FROM read_parquet({files}, union_by_name = true) UNION ALL BY NAME {no_rows(table)})"


def extent(columns: Columns) -> tuple[int, int]:
    """Return the first and the last tick in `columns`, which has at least one row."""
    if "t_start" in columns:
        return int(columns["t_start"].min()), int(columns["t_end"].max()) - 1
    return int(columns["t"].min()), int(columns["t"].max())


def _copy(connection: duckdb.DuckDBPyConnection, table: str, columns: Columns, path: Path) -> None:
    connection.register("segment", columns)
    target = str(path).replace("'", "''")
    try:
        connection.execute(f"COPY (SELECT {casts(table)} FROM segment) TO '{target}' ({options(table)})")
    finally:
        connection.unregister("segment")


def casts(table: str) -> str:
    """Return the columns of `table` as SQL that gives them their types, whatever arrays they come from."""
    return ", ".join(f"{_cast(column)} AS {column.name}" for column in columns_of(table))


def _cast(column: Column) -> str:
    cast = f"CAST({column.name} AS {column.sql})"
    # DuckDB takes NaN in a NumPy array for NULL; a number that was recorded as NaN stays one.
    return f"coalesce({cast}, 'nan')" if column.dtype in ("f4", "f8") and not column.nullable else cast


def no_rows(table: str) -> str:
    """Return SQL for the columns of `table` without any row."""
    nulls = ", ".join(f"CAST(NULL AS {column.sql}) AS {column.name}" for column in columns_of(table))
    return f"SELECT {nulls} WHERE false"


def _stimuli(columns: Columns) -> tuple[int, int] | tuple[None, None]:
    if "stim" not in columns:
        return None, None
    return int(columns["stim"].min()), int(columns["stim"].max())


def _answer(path: Path, error: duckdb.Error) -> TraceError:
    message = _first_line(error)
    return full_disk_answer(path, message) or TraceError(f"cannot write {path}: {message}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]  # what follows shows the SQL
