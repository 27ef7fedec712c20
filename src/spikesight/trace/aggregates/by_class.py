"""Counts by block of stimuli, class and unit. Blocks are 256 * 16^k stimuli, so that all blocks of all files nest."""

from __future__ import annotations

from typing import Final

import numpy as np

from spikesight.trace.aggregates.labels import Labels
from spikesight.trace.frames import Columns

KIND: Final = "classes"
BASE: Final = 256
STEP: Final = 16
SPIKES_PER_CELL: Final = 2

GROUP_ROWS: Final = 32_768
"""Of Parquet: in larger row groups units are stored as a dictionary, which takes three times the room."""

_DENSE: Final = 1 << 22
"""Cells that are counted in an array of all of them; of more, only those that hold spikes are sorted out."""


def coarsest_within(width: int) -> int:
    """Return the largest blocks of no more than `width` stimuli; 0 where even the smallest are larger."""
    found = 0
    while max(found * STEP, BASE) <= width:
        found = max(found * STEP, BASE)
    return found


def nesting(first: int, width: int) -> int:
    """Return the largest blocks that fill blocks of `width` stimuli from number `first` on; 0 where none do."""
    found, larger = 0, BASE
    while width % larger == 0 and first % larger == 0 and larger <= width:
        found, larger = larger, larger * STEP
    return found


def counted(stim: np.ndarray, unit: np.ndarray, size: int, labels: Labels) -> tuple[int, Columns]:
    """Return the width of blocks that suits spikes stim, unit (N,), and their counts in such blocks."""
    rows = _counted(stim, unit, size, labels, BASE)
    if len(rows["spikes"]) * SPIKES_PER_CELL <= len(stim):
        return BASE, rows
    return BASE * STEP, _counted(stim, unit, size, labels, BASE * STEP)


def _counted(stim: np.ndarray, unit: np.ndarray, size: int, labels: Labels, width: int) -> Columns:
    block = stim.astype(np.int64) // width
    first, classes = int(block.min()), len(labels.classes)
    cells = (int(block.max()) - first + 1) * classes * size
    found, spikes = _tally(((block - first) * classes + labels.place(stim)) * size + unit, cells)
    owner, units = np.divmod(found, size)
    blocks, places = np.divmod(owner, classes)
    return {
        "stim": (blocks + first) * width,
        "class": labels.classes[places].astype(np.int32),
        "unit": units.astype(np.int32),
        "spikes": spikes.astype(np.int64),
    }


def _tally(key: np.ndarray, cells: int) -> tuple[np.ndarray, np.ndarray]:
    if cells > _DENSE:
        return np.unique(key, return_counts=True)
    counts = np.bincount(key, minlength=cells)
    found = np.flatnonzero(counts)
    return found, counts[found]
