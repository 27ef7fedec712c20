"""Looking at one file of a trace: what it holds, or why it cannot be read. Checking tells it, repairing acts on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
from safetensors import SafetensorError, safe_open

from spikesight.base.errors import TraceError
from spikesight.trace.frames import Columns, unpack
from spikesight.trace.layout import literal
from spikesight.trace.maintenance.tables import belongs, units_of
from spikesight.trace.manifest import Segment
from spikesight.trace.schema import Header, Projection, columns_of, kind_of
from spikesight.trace.segments import extent
from spikesight.trace.snapshots import load_snapshot
from spikesight.trace.store import FARTHEST

_BOUNDED: Final = ("t", "t_start", "t_end", "unit", "stim")


def segment_file(
    connection: duckdb.DuckDBPyConnection, folder: Path, header: Header, table: str, file: str, *, deep: bool = False
) -> Segment:
    """Return what the segment `file` of `table` holds: from what its end says of it, or `deep` from all its rows.

    A file without rows spans nothing, which is told as 0. Errors: TraceError saying what is wrong with it.
    """
    if not belongs(table, header):
        raise TraceError("the header knows no such layer or projection")
    if not (folder / file).is_file():
        raise TraceError("it is not there")
    path = {"file": literal(folder / file)}
    try:
        names = _columns(connection, table, path)
        rows, bounds = (_by_rows if deep else _by_row_groups)(connection, names, path)
    except duckdb.Error as error:
        raise TraceError(f"it cannot be read ({str(error).partition(chr(10))[0]})") from error
    if not rows:
        return Segment(table, file, 0, 0, 0, None, None)
    if (size := units_of(table, header)) is not None and not 0 <= bounds["unit"][0] <= bounds["unit"][1] < size:
        raise TraceError("it has units {} to {}, the layer has 0 to {}".format(*bounds["unit"], size - 1))
    times = extent({name: np.array(bounds[name]) for name in ("t", "t_start", "t_end") if name in bounds})
    _check_times(*times)
    return Segment(table, file, rows, *times, *bounds.get("stim", (None, None)))


def log_file(table: str, header: Header, path: Path) -> tuple[Columns, int]:
    """Return the whole batches of rows in the log `path` of `table`, and how many bytes at its end are none.

    Errors: TraceError where the batches hold what cannot be rows of the table.
    """
    if not belongs(table, header):
        raise TraceError("the header knows no such layer or projection")
    data = path.read_bytes()
    columns, used = unpack(table, data)
    size, unit = units_of(table, header), columns.get("unit", np.array([]))
    if size is not None and len(unit) and not 0 <= unit.min() <= unit.max() < size:
        raise TraceError(f"it has units {unit.min()} to {unit.max()}, the layer has 0 to {size - 1}")
    if len(next(iter(columns.values()))):
        _check_times(*extent(columns))
    return columns, len(data) - used


def _check_times(first: int, last: int) -> None:
    if max(-first, last) > FARTHEST:
        raise TraceError(f"it has times that no run reaches (ticks {first} to {last})")


def snapshot_file(path: Path, projection: Projection, *, deep: bool = False) -> None:
    """Make sure that `path` holds weights of `projection`.   Errors: TraceError saying what is wrong with it."""
    try:
        with safe_open(path, framework="np") as file:
            shape = tuple(file.get_slice("w").get_shape())
    except (OSError, SafetensorError) as error:
        raise TraceError("it is not there" if not path.exists() else f"it cannot be read ({error})") from error
    if shape != projection.shape:
        raise TraceError(f"it holds weights of shape {shape}, '{projection.name}' has {projection.shape}")
    if deep:
        load_snapshot(path)


def _columns(connection: duckdb.DuckDBPyConnection, table: str, path: dict[str, str]) -> list[str]:
    found = connection.execute("DESCRIBE SELECT * FROM read_parquet($file)", path).fetchall()
    types = {name: kind for name, kind, *_ in found}
    # Of older formats, tables of snapshots have fewer columns.
    known = [one for one in columns_of(table) if not (one.nullable and kind_of(table) == "weights")]
    wrong = [one.name for one in columns_of(table) if types.get(one.name, one.sql) != one.sql]
    wrong += [one.name for one in known if one.name not in types]
    if wrong:
        told = ", ".join(f"{name}: {types.get(name, 'missing')}" for name in wrong)
        raise TraceError(f"it has not the columns of table '{table}' ({told})")
    return [one.name for one in columns_of(table) if one.name in types]


def _by_row_groups(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], path: dict[str, str]
) -> tuple[int, dict[str, tuple[int, int]]]:
    rows = connection.execute("SELECT num_rows FROM parquet_file_metadata($file)", path).fetchall()[0][0]
    query = """SELECT path_in_schema, min(stats_min_value::BIGINT), max(stats_max_value::BIGINT)
               FROM parquet_metadata($file) WHERE list_contains($names, path_in_schema) GROUP BY path_in_schema"""
    asked = [name for name in names if name in _BOUNDED]
    found = connection.execute(query, {**path, "names": asked}).fetchall()
    bounds = {name: (int(low), int(high)) for name, low, high in found if None not in (low, high)}
    # Another writer need not say what its row groups span.
    return (int(rows), bounds) if len(bounds) == len(asked) else _by_rows(connection, names, path)


def _by_rows(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], path: dict[str, str]
) -> tuple[int, dict[str, tuple[int, int]]]:
    asked = ", ".join(f"min({name}), max({name}), count({name})" for name in names)
    # With a checksum over everything, so that nothing is answered from what the end of the file says.
    query = f"SELECT count(*), {asked}, bit_xor(hash({', '.join(names)})) FROM read_parquet($file)"
    rows, *found, _ = connection.execute(query, path).fetchall()[0]
    known = dict(zip(names, found[2::3], strict=True))
    if gaps := [name for name in _BOUNDED if known.get(name, rows) != rows]:
        raise TraceError(f"it has NULL in {', '.join(gaps)}")
    bounds = dict(zip(names, zip(found[::3], found[1::3], strict=True), strict=True))
    return int(rows), {name: bounds[name] for name in _BOUNDED if rows and name in bounds}


def wrong_with_stimuli(rows: Columns, classes: Sequence[str]) -> list[str]:
    """Return what cannot be in the columns stim, t_start, t_end and label of stimuli in the order of their numbers."""
    stim, start, end, label = (rows[name] for name in ("stim", "t_start", "t_end", "label"))
    found = []
    if twice := np.unique(stim[1:][stim[1:] == stim[:-1]]).tolist():
        found.append(f"numbers are given twice: {_some(twice)}")
    if backwards := stim[end < start].tolist():
        found.append(f"stimuli end before they start: {_some(backwards)}")
    if disordered := stim[1:][start[1:] < start[:-1]].tolist():
        found.append(f"stimuli start before the one with the number before: {_some(disordered)}")
    if classes and (unknown := stim[(label < -1) | (label >= len(classes))].tolist()):
        found.append(f"labels are none of the {len(classes)} classes: {_some(unknown)}")
    return found


def _some(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:5])) + (f" and {len(numbers) - 5} more" if len(numbers) > 5 else "")
