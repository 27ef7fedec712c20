"""The neurons of spikes, as whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


def checked_units(unit: NDArray[Any], n: int) -> NDArray[np.int64]:
    """Return the neuron of each spike (N,) as int64.   Errors: InputError where one is not one of `n`."""
    unit = np.asarray(unit, np.int64)
    if unit.size and not 0 <= unit.min() <= unit.max() < n:
        raise InputError(f"{n} neurons have numbers 0 to {n - 1}, got {unit.min()} to {unit.max()}")
    return unit
