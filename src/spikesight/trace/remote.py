"""The questions of a trace answered elsewhere: the same SQL, translated, over the same segments and unsealed rows.

Which segments a question needs is decided here; places only read them. Aggregates are of no use there: every number is
counted from rows.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple
from uuid import uuid4

import numpy as np

from spikesight.base.errors import TraceError
from spikesight.base.optional import require
from spikesight.trace.frames import Columns, rows_of
from spikesight.trace.places import EXTRA, Place
from spikesight.trace.schema import Column, columns_of
from spikesight.trace.segments import Relation, no_rows
from spikesight.trace.source import Span
from spikesight.trace.store import Store

_VIEWS_KEPT: Final = 64


class Remote:
    """Answers queries over what the store `near` saw last, at a `place`. Safe to use from several threads."""

    def __init__(self, near: Store, place: Place) -> None:
        self.near, self.place = near, place
        self._views = _Views(place)

    def refresh(self) -> bool:
        """Look at the folder again: see `Source`."""
        return self.near.refresh()

    def tables(self) -> list[str]:
        """Return the names of the tables that have rows."""
        return self.near.tables()

    def extent(self) -> Span | None:
        """Return the first and the last tick of all rows: see `Source`."""
        return self.near.extent()

    def query(
        self,
        table: str,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        t: Span | None = None,
        stim: Span | None = None,
        last: int | None = None,
        beside: str | None = None,
    ) -> Columns:
        """Answer the SQL `query` over the relation `rows` of `table`: see `Source`."""
        return answered(self.place, self.statement(table, query, parameters, t=t, stim=stim, last=last, beside=beside))

    def statement(
        self,
        table: str,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        t: Span | None = None,
        stim: Span | None = None,
        last: int | None = None,
        beside: str | None = None,
    ) -> str:
        """Return what `query` asks of the place: SQL with its parameters in it, over views that are there now."""
        relations = {"rows": Relation(table, *self.near.parts(table, t=t, stim=stim, last=last))}
        if beside is not None:
            relations["beside"] = Relation(beside, *self.near.parts(beside))
        parts = [f"{name} AS ({self._views.rows_of(relation)})" for name, relation in relations.items()]
        return bound(f"WITH {', '.join(parts)} {query}", parameters or {})

    def close(self) -> None:
        """Drop the views and let go of the folder; the place stays open."""
        self._views.close()
        self.near.close()


def answered(place: Place, sql: str) -> Columns:
    """Return the answer of `place` to `sql`.   Errors: TraceError for whatever goes wrong there."""
    with _answers():
        table = place.run(sql)
    return {name: _as_numpy(table.column(name)) for name in table.column_names}


def bound(query: str, parameters: Mapping[str, Any]) -> str:
    """Return `query` (DuckDB's dialect) with each $name replaced by the literal of its value.

    Values become literals in the syntax tree, never in text, so a name with a quote in it stays a name.
    """
    sqlglot = require("sqlglot", EXTRA)

    def literal(node: Any) -> Any:
        if not isinstance(node, sqlglot.exp.Placeholder):
            return node
        value = sqlglot.exp.convert(parameters[node.name])
        # An empty list has no type of its own, and Spark compares nothing with nothing.
        return sqlglot.exp.cast(value, "INT[]") if isinstance(value, sqlglot.exp.Array) else value

    return str(sqlglot.parse_one(query, read="duckdb").transform(literal).sql(dialect="duckdb"))


class _Views:
    """Names by which a place knows files and unsealed rows; those asked for last are kept."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lock = Lock()
        self._views: OrderedDict[Hashable, _View] = OrderedDict()

    def rows_of(self, relation: Relation) -> str:
        """Return SQL for the rows of `relation`.   Errors: TraceError where a file is gone or damaged."""
        columns = columns_of(relation.table)
        views = []
        with self._lock:
            if relation.files:
                views.append(self._of_files(columns, tuple(relation.files)))
            if relation.tail is not None and rows_of(relation.tail):
                views.append(self._of_rows(columns, relation.tail))
        names = ", ".join(column.name for column in columns)
        return " UNION ALL ".join(f"SELECT {names} FROM {view}" for view in views) or no_rows(relation.table)

    def close(self) -> None:
        """Drop all views."""
        with self._lock:
            while self._views:
                self._drop_oldest()

    def _of_files(self, columns: Sequence[Column], files: tuple[Path, ...]) -> str:
        gone = [file for file in files if not file.exists()]
        if gone:
            raise TraceError(f"{gone[0]} is gone. If the run was resumed meanwhile, refresh the trace")
        return self._view(files, files, lambda name: self._place.view_of_files(name, files, columns))

    def _of_rows(self, columns: Sequence[Column], tail: Columns) -> str:
        # The rows are kept with their view, so that no others can get their identity.
        return self._view(id(tail), tail, lambda name: self._place.view_of_rows(name, _arrow(columns, tail)))

    def _view(self, key: Hashable, kept: object, make: Callable[[str], str]) -> str:
        if key not in self._views:
            name = f"spikesight_{uuid4().hex}"
            with _answers():
                self._views[key] = _View(name, make(name), kept)
        self._views.move_to_end(key)
        while len(self._views) > _VIEWS_KEPT:
            self._drop_oldest()
        return self._views[key].sql

    def _drop_oldest(self) -> None:
        _, view = self._views.popitem(last=False)
        self._place.forget(view.name)


class _View(NamedTuple):
    name: str
    sql: str
    kept: object


def _arrow(columns: Sequence[Column], rows: Columns) -> Any:
    pyarrow = require("pyarrow", EXTRA)
    types = {
        "BIGINT": pyarrow.int64(),
        "INTEGER": pyarrow.int32(),
        "FLOAT": pyarrow.float32(),
        "DOUBLE": pyarrow.float64(),
        "BOOLEAN": pyarrow.bool_(),
        "VARCHAR": pyarrow.string(),
        "BIGINT[]": pyarrow.list_(pyarrow.int64()),
    }
    arrays = {}
    for column in columns:
        values = rows[column.name]
        if column.sql == "BIGINT[]":
            arrays[column.name] = pyarrow.array([json.loads(text) for text in values], types[column.sql])
        else:
            mask = np.ma.getmaskarray(values) if np.ma.isMaskedArray(values) else None
            arrays[column.name] = pyarrow.array(np.ma.getdata(values), types[column.sql], mask=mask)
    return pyarrow.table(arrays)


def _as_numpy(column: Any) -> np.ndarray:
    """Return an Arrow column the way DuckDB returns it: masked where there are NULLs, lists and text as objects."""
    pyarrow = require("pyarrow", EXTRA)
    if pyarrow.types.is_decimal(column.type):
        column = column.cast(pyarrow.float64())
    if pyarrow.types.is_nested(column.type) or pyarrow.types.is_string(column.type) or not column.null_count:
        values: np.ndarray = column.to_numpy()
        return values
    filled = column.fill_null(pyarrow.scalar(0).cast(column.type))
    return np.ma.MaskedArray(filled.to_numpy(), mask=column.is_null().to_numpy())


@contextmanager
def _answers() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # every engine has its own kinds
        lines = [line for line in str(error).splitlines() if line.strip()] or [repr(error)]
        causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
        raise TraceError(f"the place that was asked cannot answer: {[lines[0], *causes][-1]}") from error
