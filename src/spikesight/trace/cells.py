"""Arrays that answers are put into, cell by cell. What a file says of a cell is not believed without a look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spikesight.base.errors import NotEnoughMemory, TraceError
from spikesight.base.memory import readable_bytes


def empty_cells(shape: Sequence[int], dtype: type[np.integer]) -> np.ndarray:
    """Return an array of `shape` full of zeros.   Errors: NotEnoughMemory where there is no room for it."""
    try:
        return np.zeros(tuple(shape), dtype=dtype)
    except (MemoryError, ValueError) as error:  # ValueError: more than any machine can address
        size = float(np.prod(np.array(shape, dtype=float))) * np.dtype(dtype).itemsize
        raise NotEnoughMemory(
            f"an answer of shape {tuple(shape)} takes {readable_bytes(size)}: ask for fewer rows or bins"
        ) from error


def add_to_cells(cells: np.ndarray, place: np.ndarray, numbers: np.ndarray) -> None:
    """Add `numbers` (N,) to the cells at `place` (N,), counted through the array row by row.

    Errors: TraceError for a place that the array has not: a row names a unit that its layer has not.
    """
    if np.ma.is_masked(place) or (len(place) and not 0 <= place.min() <= place.max() < cells.size):
        raise TraceError(
            "rows name units or times that the layer has not. `spikesight trace check --deep` says where, and "
            "`spikesight trace repair` goes on without them"
        )
    np.add.at(cells.reshape(-1), np.asarray(place, np.int64), np.asarray(numbers, cells.dtype))
