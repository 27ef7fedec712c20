"""Counts by time: of every group of units, in bins of two widths, one four times the other.

Widths are 16 * 4^k ticks, so that all bins of all files nest. The finest hold some spikes per bin and group: still
finer ones would take as much room as the spikes, which are few enough there to be counted when they are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from spikesight.trace.frames import Columns

KIND: Final = "time"
GROUPS: Final = 256
"""Most groups of units; unit u of a layer of `size` units is in group u * groups // size."""

BASE: Final = 16
STEP: Final = 4
SPIKES_PER_CELL: Final = 4

GROUP_ROWS: Final = 122_880
"""Of Parquet: counts by time pack a fifth better in large row groups."""


def groups_of(size: int) -> int:
    """Return the number of groups of a layer of `size` units."""
    return min(GROUPS, size)


def width_for(t_first: int, t_last: int, rows: int, groups: int) -> int:
    """Return the finest width of bins for `rows` spikes of `groups` groups from tick `t_first` to `t_last`."""
    width = BASE
    while ((t_last - t_first) // width + 1) * groups * SPIKES_PER_CELL > rows and width <= t_last - t_first:
        width *= STEP
    return width


def coarsest_within(width: int) -> int:
    """Return the widest bins that are no wider than `width`; 0 where even the finest are."""
    found = 0
    while max(found * STEP, BASE) <= width:
        found = max(found * STEP, BASE)
    return found


def nesting(first: int, width: int) -> int:
    """Return the widest bins that fill bins of `width` ticks from tick `first` without a rest; 0 where none do."""
    found, wider = 0, BASE
    while width % wider == 0 and first % wider == 0 and wider <= width:
        found, wider = wider, wider * STEP
    return found


def stored_width(finest: int, nested: int) -> int:
    """Return which of the widths of a file, from `finest` on, serves where bins of `nested` ticks fit."""
    return min(nested, finest * STEP)


def counted(t: np.ndarray, unit: np.ndarray, size: int, width: int) -> Columns:
    """Return the counts of spikes t, unit (N,) of a layer of `size` units in bins from `width` ticks on."""
    groups, wide = groups_of(size), width * STEP
    start = int(t.min()) // wide * wide
    bins = ((int(t.max()) - start) // wide + 1) * STEP
    cell = (unit.astype(np.int64) * groups // size) * bins + (t - start) // width
    return both_widths(np.bincount(cell, minlength=groups * bins).reshape(groups, bins), start, width)


def both_widths(counts: np.ndarray, start: int, width: int) -> Columns:
    """Return the rows of a file that begins at tick `start` with counts (groups, bins) in bins of `width` ticks.

    `start` is a multiple of the wider bins, and there are as many bins as fill these.
    """
    wider = counts.reshape(len(counts), -1, STEP).sum(axis=2)
    parts = [_rows(counts, start, width), _rows(wider, start, width * STEP)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _rows(counts: np.ndarray, start: int, width: int) -> Columns:
    """Rows of one width: all cells where most hold spikes, as their places then take no room; else those that do."""
    group, place = np.nonzero(counts) if np.count_nonzero(counts) * 2 < counts.size else np.indices(counts.shape)
    group, place = group.ravel(), place.ravel()
    return {
        "width": np.full(len(group), width, dtype=np.int64),
        "grp": group.astype(np.int32),
        "t": start + place * width,
        "spikes": counts[group, place].astype(np.int64),
    }


def merged_width(widths: Sequence[int]) -> int:
    """Return the finest width of a file that is merged from as many files as bins of one width make the next."""
    return max(widths) * STEP
