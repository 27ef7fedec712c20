"""SQL of the person's own over a trace: statements that only read, from files of the trace only, for a while only."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any, Final

import duckdb

from spikesight.base.errors import InputError
from spikesight.trace.frames import Columns, rows_of
from spikesight.trace.header import read_header
from spikesight.trace.layout import literal
from spikesight.trace.schema import Header, columns_of, kind_of, owner_of
from spikesight.trace.segments import casts, connect, no_rows, stored
from spikesight.trace.store import Store

MOST_ROWS: Final = 5000
LONGEST_CELL: Final = 500
"""Characters."""
MEMORY: Final = "512MB"
SECONDS: Final = 10.0

OWNER: Final = {"spikes": "layer", "counts": "layer", "values": "layer", "weights": "projection"}
"""Kinds of tables of which there are several: all of a kind become one relation, told apart by this column."""
NAMES: Final = {"values": "samples"}
"""Relations called otherwise than the kind of their tables: `values` is a word of SQL."""


@dataclass(frozen=True)
class Found:
    """What a statement gave: `columns` are (name, type), `rows` plain values; `cut` where there were more rows."""

    columns: tuple[tuple[str, str], ...]
    rows: list[list[Any]]
    cut: bool
    seconds: float


def ask(folder: Path, statement: str, most: int = MOST_ROWS) -> Found:
    """Run one SELECT `statement` (SQL of DuckDB) over the trace in `folder` and return at most `most` rows.

    Relations: spikes, counts (of layers of which no single spikes were kept), samples, stimuli, scalars, marks,
    weights, layers, projections. `t` are ticks; `seconds` is beside it.
    Errors: InputError for anything but one SELECT, for what the database does not understand or may not do, and for
    what takes longer than `SECONDS`; TraceError for no trace.
    """
    header, store = read_header(folder), Store(folder)
    with closing(store), closing(connect(threads=2)) as database:
        try:
            _lock(database, folder)  # first: whatever a hostile trace brings into the views is locked in too
            _relate(database, header, store)
            _check_select(statement)
            started = time.perf_counter()
            with _in_time(database):
                answered = database.execute(statement)
                columns = tuple((str(name), str(kind)) for name, kind, *_ in answered.description)
                found = answered.fetchmany(most + 1)
        except duckdb.InterruptException:
            raise InputError(
                f"the statement took longer than {SECONDS:.0f} s and was stopped: ask for a shorter stretch of time, "
                "or use Trace and DuckDB in a script of your own"
            ) from None
        except duckdb.Error as error:
            raise InputError(f"SQL: {error}") from error
    rows = [[_plain(value) for value in row] for row in found[:most]]
    return Found(columns, rows, len(found) > most, time.perf_counter() - started)


def _lock(database: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """From here on: files of the trace only, little memory, and no way back."""
    database.execute(f"SET memory_limit = '{MEMORY}'")
    # By its name, and by the pattern that stands for it: both are looked at before a file is opened.
    names = ", ".join(_quoted(f"{name}/") for name in (folder.resolve(), literal(folder.resolve())))
    database.execute(f"SET allowed_directories = [{names}]")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")


def _check_select(statement: str) -> None:
    # COPY into an allowed directory would pass the lock: only what cannot write is let through.
    kinds = [one.type for one in duckdb.extract_statements(statement)]
    if kinds != [duckdb.StatementType.SELECT]:
        told = ", ".join(str(kind).rpartition(".")[2] for kind in kinds) or "nothing"
        raise InputError(f"the console runs one SELECT at a time, got {told}. A trace is never changed from here")


@contextmanager
def _in_time(database: duckdb.DuckDBPyConnection) -> Iterator[None]:
    timer = Timer(SECONDS, database.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _relate(database: duckdb.DuckDBPyConnection, header: Header, store: Store) -> None:
    by_kind: dict[str, list[str]] = {
        kind: [] for kind in ("spikes", "counts", "values", "stimuli", "scalars", "marks", "weights")
    }
    for number, table in enumerate(store.tables()):
        if kind_of(table) in by_kind:
            by_kind[kind_of(table)] += _selects(database, header, store, table, number)
    for kind, selects in by_kind.items():
        body = " UNION ALL ".join(selects) or _select(header, kind, kind, f"({no_rows(kind)})")
        database.execute(f"CREATE VIEW {NAMES.get(kind, kind)} AS {body}")
    layers = [f"({_quoted(one.name)}, {one.size}, {list(one.shape)})" for one in header.layers]
    _list(database, "layers(name, size, shape)", layers, "'', 0, [0]")
    ends = [f"({_quoted(p.name)}, {_quoted(p.pre)}, {_quoted(p.post)}, {p.fan_out!r})" for p in header.projections]
    _list(database, "projections(name, pre, post, fan_out)", ends, "'', '', '', 0.0")


def _list(database: duckdb.DuckDBPyConnection, named: str, rows: list[str], alike: str) -> None:
    """Make the view `named` of `rows`, which may be none: then its types are those of a row `alike`."""
    body = f"VALUES {', '.join(rows)}" if rows else f"SELECT {alike} WHERE false"
    database.execute(f"CREATE VIEW {named} AS {body}")


def _selects(
    database: duckdb.DuckDBPyConnection, header: Header, store: Store, table: str, number: int
) -> Iterator[str]:
    files, tail = store.parts(table)
    if files:
        names = ", ".join(_quoted(literal(file.resolve())) for file in files)
        yield _select(header, kind_of(table), table, stored(table, f"[{names}]"))
    if tail is not None and rows_of(tail):
        yield _select(header, kind_of(table), table, _registered(database, table, tail, number))


def _registered(database: duckdb.DuckDBPyConnection, table: str, tail: Columns, number: int) -> str:
    database.register(f"unsealed_{number}", tail)
    return f"(SELECT {casts(table)} FROM unsealed_{number})"


def _select(header: Header, kind: str, table: str, source: str) -> str:
    owner = owner_of(table)
    first = []
    if kind == "values":
        layer, _, variable = owner.rpartition(".")
        first = [f"{_quoted(layer)} AS layer", f"{_quoted(variable)} AS variable"]
    elif kind in OWNER:
        first = [f"{_quoted(owner)} AS {OWNER[kind]}"]
    names = [column.name for column in columns_of(kind)]
    times = "t" if "t" in names else "t_start"
    seconds = f"{times} * {header.tick_ns} / 1e9 AS seconds"
    return f"SELECT {', '.join([*first, seconds, *names])} FROM {source}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it; what is long is cut."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict):
        return [_plain(one) for one in list(value)[:LONGEST_CELL]]
    text = str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
