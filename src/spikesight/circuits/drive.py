"""What reaches neurons from outside other than spikes: a value per step, such as a current or noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


@dataclass(frozen=True)
class Drive:
    """Values handed in with each call and added to the state variable or input `into` of `post` at each step."""

    name: str
    post: str
    into: str


def add_drive(target, values, k):  # type: ignore[no-untyped-def]
    """Add the values of step k; a single row serves all steps."""
    row = k % values.shape[0]
    for i in range(target.shape[0]):
        target[i] += values[row, i]


def checked_drives(
    sizes: Mapping[str, int], given: Mapping[str, NDArray[Any]], steps: int, dtype: Any
) -> dict[str, NDArray[Any]]:
    """Return the values of every drive as (1, n) or (steps, n) arrays of `dtype`.

    Errors: InputError where a drive is missing or unknown, has another shape, or is not finite.
    """
    if set(given) != set(sizes):
        raise InputError(f"this network needs values of its drives {sorted(sizes)}, got {sorted(given)}")
    values = {name: np.ascontiguousarray(np.atleast_2d(given[name]), dtype) for name in sizes}
    for name, array in values.items():
        if array.shape not in ((1, sizes[name]), (steps, sizes[name])):
            raise InputError(
                f"drive '{name}' must have shape ({sizes[name]},) or ({steps}, {sizes[name]}), got "
                f"{np.shape(given[name])}"
            )
        if not np.isfinite(array).all():
            raise InputError(f"drive '{name}' holds NaN or infinite values")
    return values
