"""How the rows of a big segment lie in its file: by groups of units, so that one unit's train is read from few of them.

Measured on segments of a million spikes: sorted by time alone, one unit's train reads everything; sorted by unit, times
jump back at every unit and pack worse (2.2 bytes a spike against 1.9). Groups of units, in order of time within each,
pack best (1.6) and give a unit's train nearly as fast.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from spikesight.trace.frames import Columns, rows_of
from spikesight.trace.schema import BULK, kind_of

BIG: Final = 1 << 17
"""Rows from which a segment is sorted; smaller ones are read whole as fast."""

GROUP_ROWS: Final = 1 << 14
GROUPS: Final = 64

_PARQUET: Final = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2"


def packed(table: str, columns: Columns) -> Columns:
    """Return the rows of `table` in the order in which a segment keeps them."""
    if kind_of(table) not in BULK or rows_of(columns) < BIG:
        return columns
    order = _by_groups(columns["t"], columns["unit"])
    return {name: column[order] for name, column in columns.items()}


def options(table: str) -> str:
    """Return the options of Parquet for the segments of `table`."""
    if kind_of(table) not in BULK:
        return _PARQUET
    # Without a dictionary, whole numbers are stored as differences, which pack better and are read faster.
    return f"{_PARQUET}, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE {GROUP_ROWS}"


def _by_groups(t: np.ndarray, unit: np.ndarray) -> np.ndarray:
    group = (unit.astype(np.int64) * GROUPS // (int(unit.max()) + 1)).astype(np.uint8)
    if np.all(t[1:] >= t[:-1]):
        return np.argsort(group, kind="stable")  # of single bytes: counted, not compared
    return np.lexsort((t, group))
