"""A part of a trace: which of its rows are taken, and how far they are moved. What merging and cutting are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np

from spikesight.base.errors import InputError, TraceError
from spikesight.trace.frames import Columns
from spikesight.trace.schema import Column, columns_of
from spikesight.trace.segments import select
from spikesight.trace.store import Store

_TIMES: Final = ("t", "t_start", "t_end")
_ORDER: Final = ("t", "t_start", "unit", "stim")


@dataclass(frozen=True)
class Part:
    """Rows of the trace that `store` shows: ticks ticks[0] <= t < ticks[1], stimuli likewise; None for all.

    Where both are given, tables that have stimulus numbers are cut by these, the others by time; a stimulus belongs to
    the window in which it begins. Times are moved by `later` ticks, stimulus numbers by `further`; a negative number
    stands for no stimulus and stays.
    """

    store: Store
    ticks: tuple[int, int] | None = None
    stim: tuple[int, int] | None = None
    later: int = 0
    further: int = 0

    def rows(self, table: str, connection: duckdb.DuckDBPyConnection) -> Iterator[Columns]:
        """Yield the rows of `table` in pieces, each in the order of time: one a segment, one of what is not sealed.

        Errors: TraceError where a file is gone or damaged, InputError where moved times or numbers grow too large.
        """
        names = [column.name for column in columns_of(table)]
        by, window = self._window(names)
        shown = ", ".join(_text(column) for column in columns_of(table))
        order = ", ".join(name for name in _ORDER if name in names)
        bounds = f"{by} >= $first AND {by} < $stop" if window else "true"
        query = f"SELECT {shown} FROM rows WHERE {bounds} ORDER BY {order}"
        parameters = {"first": window[0], "stop": window[1]} if window else {}
        span = (window[0], window[1] - 1) if window else None
        files, tail = self.store.parts(table, t=None if by == "stim" else span, stim=span if by == "stim" else None)
        for file in files:
            yield self._moved(table, select(connection, table, [file], None, query, parameters))
        if tail is not None:
            yield self._moved(table, select(connection, table, [], tail, query, parameters))

    def _window(self, names: list[str]) -> tuple[str, tuple[int, int] | None]:
        if self.stim is not None and "stim" in names:
            return "stim", self.stim
        return "t" if "t" in names else "t_start", self.ticks

    def _moved(self, table: str, columns: Columns) -> Columns:
        if any(np.ma.is_masked(columns[one.name]) for one in columns_of(table) if not one.nullable):
            raise cannot_be(table, "with NULL in them")
        for column in columns_of(table):
            if column.name in _TIMES:
                columns[column.name] = _added(table, column, columns[column.name], self.later)
            elif column.name == "stim":
                moved = _added(table, column, columns["stim"], self.further)
                columns["stim"] = np.where(columns["stim"] < 0, columns["stim"], moved)
        return columns


def cannot_be(table: str, why: str) -> TraceError:
    """Return the answer where rows of `table` are damaged, `why` in words."""
    return TraceError(
        f"'{table}' has rows {why}: `spikesight trace check --deep` says where, and `spikesight trace repair` goes on "
        "without them"
    )


def _added(table: str, column: Column, numbers: np.ndarray, more: int) -> np.ndarray:
    limit = np.iinfo(column.dtype)
    if len(numbers) and not limit.min <= int(numbers.min()) + more <= int(numbers.max()) + more <= limit.max:
        raise InputError(
            f"table '{table}': '{column.name}' moved by {more} would leave what {limit.bits} bits can hold: "
            "merge fewer or shorter traces"
        )
    return np.asarray(numbers + more, column.dtype)


def _text(column: Column) -> str:
    # Lists travel as text here, as they do in logs.
    return f"CAST({column.name} AS VARCHAR) AS {column.name}" if column.sql.endswith("[]") else column.name
