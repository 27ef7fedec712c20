"""Who decided: what a layer whose first neuron to fire is the answer says about a batch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.first_spike.inhibition import Winner

SILENT = -1


class Decisions(NamedTuple):
    """Who decided each of B items: `map`, `row`, `column` (B,) int64, `SILENT` where nobody did; `time` (B,) in steps,
    or all of them for never; `potential` (B,) of the neuron then; `tied` (B,), whether a neuron of another group had
    the same potential in the same step.

    Of an item without a decision `map` is still `SILENT`, and `likeliest` tells whose potential was the largest.
    """

    map: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    time: NDArray[np.int64]
    potential: NDArray[Any]
    tied: NDArray[np.bool_]
    likeliest: NDArray[np.int64]

    def winner(self, item: int) -> Winner | None:
        """Return who decided one item; None where nobody did."""
        if self.map[item] == SILENT:
            return None
        values = (self.map[item], self.row[item], self.column[item], self.time[item], self.potential[item])
        return Winner(*(value.item() for value in values))
