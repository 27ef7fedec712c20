"""A representation brought to mean 0 and standard deviation 1, of the cells that anything happened in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.events.representations.voxel import VoxelGrid
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class Normalised:
    """Another representation, normalised; a voxel grid where none is given."""

    of: Callable[[EventStream], NDArray[Any]] = VoxelGrid()
    correction: int = 0

    def __call__(self, events: EventStream) -> NDArray[np.float32]:
        """Return the normalised array, in the shape of `of`.   Errors: those of `of`."""
        return normalised(self.of(events), self.correction)


def normalised(values: NDArray[Any], correction: int = 0) -> NDArray[np.float32]:
    """Return values of any shape less their mean, by their standard deviation; cells that are 0 count not, and stay 0.

    `correction` is taken off the number of cells when the variance is their mean: 0 as in ESS, 1 as in DSEC. Where
    values are all equal they become 0. Statistics are of this sample alone: training and use must agree on its length.
    """
    active = values != 0
    found = values[active].astype(np.float64)
    scaled = np.zeros(values.shape, np.float32)
    if len(found) > correction:
        # Of equal values the mean is not always that value, to the bit: they are looked at, not their deviation.
        differ = len(found) > 0 and found.min() < found.max()
        scaled[active] = (found - found.mean()) / found.std(ddof=correction) if differ else 0.0
    return scaled
