"""The rows of the window that was looked at last, of each layer: a window is counted, drawn and listed.

A segment is read whole however short the window is, so each of the three would take as long as all together.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from spikesight.trace.aggregates.reading import Aggregates
from spikesight.trace.frames import Columns, rows_of
from spikesight.trace.store import FARTHEST, Store
from spikesight.trace.windows import Window

FEW: Final = 1 << 18
"""Rows that are kept of a layer at most: four megabytes."""

MARGIN: Final = 16
"""Pictures of a window begin and end at whole bins: this part of the window is read before and after it too."""

_QUERY: Final = f"SELECT t, unit, stim FROM rows WHERE t >= $first AND t < $stop LIMIT {FEW + 1}"


class _Kept(NamedTuple):
    seen: object
    window: Window
    rows: Columns


class Recent:
    """Remembers rows of `store` until it sees more. Safe to use from several threads."""

    def __init__(self, store: Store, aggregates: Aggregates) -> None:
        self._store, self._aggregates = store, aggregates
        self._kept: dict[str, _Kept] = {}

    def read(self, table: str, window: Window) -> Columns | None:
        """Return the rows of `table` in `window`, in any order, and keep them; None where there are many."""
        if (known := self.rows(table, window.first, window.stop)) is not None:
            return known
        margin = max(window.ticks // MARGIN, MARGIN)
        wider, seen = Window(window.first - margin, window.stop + margin), self._store.seen
        if max(-wider.first, wider.stop) > FARTHEST or self._aggregates.estimate(table, wider) > FEW:
            return None
        found = self._store.query(table, _QUERY, {"first": wider.first, "stop": wider.stop}, t=wider.span)
        if rows_of(found) > FEW:
            return None
        self._kept[table] = _Kept(seen, wider, found)
        return self.rows(table, window.first, window.stop)

    def rows(self, table: str, first: int, stop: int) -> Columns | None:
        """Return the rows of `table` with first <= t < stop, in any order, where they are at hand."""
        kept = self._kept.get(table)
        if kept is None or kept.seen is not self._store.seen:
            return None
        if first < kept.window.first or stop > kept.window.stop:
            return None
        t = kept.rows["t"]
        inside = np.flatnonzero((t >= first) & (t < stop))
        return {name: column[inside] for name, column in kept.rows.items()}
