"""A trace as tables, one file each: the writers of Parquet and CSV differ in a word to DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np

from spikesight.base.atomic import full_disk_answer, storage
from spikesight.base.errors import TraceError
from spikesight.base.whole_folder import whole_folder
from spikesight.trace.exporters.contract import Array, Content
from spikesight.trace.schema import TABLES
from spikesight.trace.segments import connect

Columns = Mapping[str, Array]


def write_tables(content: Content, to: Path, ending: str, options: str) -> list[str]:
    """Write every table as `<table>.<ending>` into the new folder `to`, with DuckDB's `options` of COPY.

    Return the tables that were left out: those of layers of which only counts were kept.
    Times are seconds, units have their original numbers, weights are .npy files (n_pre, n_post) float32.
    Errors: TraceError where `to` is there already, StorageFull.
    """
    with whole_folder(to, TraceError) as folder, closing(connect()) as connection:
        for name, parts in _tables(content):
            _write(connection, folder / f"{name}.{ending}", parts, options)
        for projection in content.trace.header.projections:
            _write_weights(content, projection.name, folder)
    return content.left_out(TABLES.keys() - {"counts"})


def _tables(content: Content) -> Iterator[tuple[str, Iterator[Columns]]]:
    trace = content.trace
    for layer in content.layers:
        yield f"spikes.{layer.name}", _spikes(content, layer.name)
    for name, variable in content.variables():
        yield f"values.{name}.{variable}", _values(content, name, variable)
    if "stimuli" in trace.tables:
        yield "stimuli", iter([trace.stimuli()])
    if "scalars" in trace.tables:
        yield "scalars", (_scalars(content, name) for name in trace.scalar_names())
    if "marks" in trace.tables:
        yield "marks", iter([trace.marks()])
    for projection in trace.header.projections:
        told = trace.snapshots(projection.name)
        yield f"weights.{projection.name}", iter([{name: told[name] for name in told if name != "histogram"}])


def _spikes(content: Content, layer: str) -> Iterator[Columns]:
    numbers = content.ids[layer]
    none = np.zeros(0, np.int64)
    yield {"t": none.astype(np.float64), "unit": none, "stim": none.astype(np.int32)}
    for found in content.spikes(layer):
        yield {"t": found.t, "unit": numbers[found.unit], "stim": found.stim}


def _values(content: Content, layer: str, variable: str) -> Iterator[Columns]:
    numbers = content.ids[layer]
    for found in content.values(layer, variable):
        yield {"t": found.t, "unit": numbers[found.unit], "value": found.value}


def _scalars(content: Content, name: str) -> Columns:
    t, value = content.trace.scalars(name)
    return {"t": t, "name": np.full(len(t), name, dtype=object), "value": value}


def _write(connection: duckdb.DuckDBPyConnection, path: Path, parts: Iterator[Columns], options: str) -> None:
    with TemporaryDirectory(dir=path.parent, prefix=".parts-") as beside, storage(path, TraceError):
        files = []
        for number, columns in enumerate(parts):
            files.append(f"{beside}/{number:06d}.parquet")
            _copy(connection, "SELECT * FROM part", files[-1], "FORMAT parquet", {"part": columns})
        listed = ", ".join(_quoted(file) for file in files)
        _copy(connection, f"SELECT * FROM read_parquet([{listed}])", str(path), options, {})


def _copy(
    connection: duckdb.DuckDBPyConnection, query: str, path: str, options: str, tables: Mapping[str, Any]
) -> None:
    try:
        for name, columns in tables.items():
            # Copies, as DuckDB reads no array backwards, which those of `stimuli` are.
            connection.register(name, {one: column.copy() for one, column in columns.items()})
        connection.execute(f"COPY ({query}) TO {_quoted(path)} ({options})")
        for name in tables:
            connection.unregister(name)
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise full_disk_answer(Path(path), reason) or TraceError(f"cannot write {path}: {reason}") from error


def _quoted(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"


def _write_weights(content: Content, projection: str, folder: Path) -> None:
    for number in range(len(content.trace.snapshots(projection)["t"])):
        with storage(folder, TraceError):
            np.save(folder / f"weights.{projection}.{number:06d}.npy", content.trace.weights(projection, number))
