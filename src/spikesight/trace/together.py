"""Many traces asked at once: what each of them would ask of a place on its own goes there as one query.

Every trace's question runs in a thread of its own. When all of them wait for an answer, the statements that are the
same but for numbers are joined into one, with a column that says whose row it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import Condition
from typing import Any, Final

import numpy as np

from spikesight.base.optional import require
from spikesight.trace.frames import Columns
from spikesight.trace.places import EXTRA, Place
from spikesight.trace.remote import Remote, answered
from spikesight.trace.schema import kind_of
from spikesight.trace.source import Span

MOST: Final = 64
"""Statements that are joined into one: planning a query takes longer the more parts it has."""

_ASKER: Final = "asker"


class Together:
    """Where threads wait until all `asking` of them have asked, or have ended."""

    def __init__(self, place: Place, asking: int) -> None:
        self._place, self._asking = place, asking
        self._changed = Condition()
        self._waiting: dict[int, tuple[str, str]] = {}
        self._answers: dict[int, Columns | BaseException] = {}

    def ask(self, asker: int, alike: str, statement: str) -> Columns:
        """Return the answer to `statement`, once all have asked; those with the same `alike` go out as one."""
        with self._changed:
            self._waiting[asker] = (alike, statement)
            self._answer_if_all_wait()
            self._changed.wait_for(lambda: asker in self._answers)
            answer = self._answers.pop(asker)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def leave(self) -> None:
        """Say that one of those who asked has no more questions."""
        with self._changed:
            self._asking -= 1
            self._answer_if_all_wait()

    def _answer_if_all_wait(self) -> None:
        if not self._waiting or len(self._waiting) < self._asking:
            return
        alike: dict[str, dict[int, str]] = {}
        for asker, (kind, statement) in self._waiting.items():
            alike.setdefault(kind, {})[asker] = statement
        self._waiting.clear()
        for statements in alike.values():
            for some in _groups(statements):
                self._answers |= self._answered(some)
        self._changed.notify_all()

    def _answered(self, statements: Mapping[int, str]) -> dict[int, Columns | BaseException]:
        try:
            return dict(parted(answered(self._place, joined(statements)), list(statements)))
        except Exception as error:  # goes to all who asked, whatever it is
            return dict.fromkeys(statements, error)


class Asker:
    """The source of one of many traces: asks `remote`'s questions together with the others."""

    def __init__(self, remote: Remote, together: Together, number: int) -> None:
        self._remote, self._together, self._number = remote, together, number

    def refresh(self) -> bool:
        """Look at the folder again: see `Source`."""
        return self._remote.refresh()

    def tables(self) -> list[str]:
        """Return the names of the tables that have rows."""
        return self._remote.tables()

    def extent(self) -> Span | None:
        """Return the first and the last tick of all rows: see `Source`."""
        return self._remote.extent()

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
        """Answer the SQL `query` over the relation `rows` of `table`: see `Source`."""
        spans: dict[str, Any] = {"t": t, "stim": stim, "last": last, "beside": beside}
        statement = self._remote.statement(table, query, parameters, **spans)
        return self._together.ask(self._number, f"{kind_of(table)} {query}", statement)

    def close(self) -> None:
        """Do nothing: the one who made the remote closes it."""


def joined(statements: Mapping[int, str]) -> str:
    """Return one statement for all `statements`, by number: their rows with a column `asker`, in their order by asker.

    What the statements order by must be among their columns, for the order of a part of a union is lost.
    """
    sqlglot = require("sqlglot", EXTRA)
    trees = {asker: sqlglot.parse_one(statement, read="duckdb") for asker, statement in statements.items()}
    first = next(iter(trees.values()))
    order = [part.sql(dialect="duckdb") for part in (first.args.get("order") or sqlglot.exp.Order()).expressions]
    parts = []
    for asker, tree in trees.items():
        if not tree.args.get("limit"):
            tree.set("order", None)
        _own_names(tree, asker)
        parts.append(f"SELECT CAST({asker} AS INTEGER) AS {_ASKER}, * FROM ({tree.sql(dialect='duckdb')}) AS part")
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS parts ORDER BY {', '.join([_ASKER, *order])}"


def _own_names(tree: Any, asker: int) -> None:
    """Give what the WITH of `tree` defines names of its own: translators move all WITHs of a statement to its top."""
    sqlglot = require("sqlglot", EXTRA)
    defined = {part.alias: part for part in tree.ctes}
    for table in list(tree.find_all(sqlglot.exp.Table)):
        if table.name in defined and not table.db:
            table.replace(sqlglot.exp.to_table(f"{table.name}_{asker}").as_(table.alias or table.name))
    for name, part in defined.items():
        part.set("alias", sqlglot.exp.TableAlias(this=sqlglot.exp.to_identifier(f"{name}_{asker}")))


def parted(rows: Columns, askers: Sequence[int]) -> Iterator[tuple[int, Columns]]:
    """Yield each of `askers` with its rows among those of a joined statement, without the column `asker`."""
    whose = rows[_ASKER]
    for asker in askers:
        mine = slice(*np.searchsorted(whose, [asker, asker + 1]))
        yield asker, {name: column[mine] for name, column in rows.items() if name != _ASKER}


def _groups(statements: Mapping[int, str]) -> Iterator[dict[int, str]]:
    askers = list(statements)
    for start in range(0, len(askers), MOST):
        yield {asker: statements[asker] for asker in askers[start : start + MOST]}
