"""What answers the questions of a `Trace`: this process, or a cluster. The questions are the same SQL for both."""

from __future__ import annotations

from typing import Any, Protocol

from spikesight.trace.frames import Columns

Span = tuple[int, int]
"""A first and a last whole number, both within."""


class Source(Protocol):
    """The tables of a trace, sealed rows or not, as one relation each."""

    def refresh(self) -> bool:
        """Look at the folder again; whether anything changed.   Errors: TraceError for a damaged manifest."""

    def tables(self) -> list[str]:
        """Return the names of the tables that have rows."""

    def extent(self) -> Span | None:
        """Return the first and the last tick of all rows; None where there are none."""

    def query(
        self,
        table: str,
        query: str,
        parameters: dict[str, Any] | None = None,
        *,
        t: Span | None = None,
        stim: Span | None = None,
        last: int | None = None,
        beside: str | None = None,
    ) -> Columns:
        """Answer the SQL `query` (DuckDB's dialect, parameters as $name) over the relation `rows` of `table`.

        Where the name of a second table is given, its rows are the relation `beside`.
        Segments without rows in the spans `t` (ticks) and `stim`, or before the `last` rows, are not opened: the query
        must leave such rows out itself. Errors: TraceError where a file is gone or damaged.
        """

    def close(self) -> None:
        """Let go of what the source holds open."""
