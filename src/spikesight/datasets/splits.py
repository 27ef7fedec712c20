"""Splits that keep what belongs together on one side."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError


def by_object(labels: ArrayLike, objects: ArrayLike, learning: int, random: np.random.Generator) -> NDArray[np.bool_]:
    """Return which images (N,) are for learning: all views of `learning` objects of each class, drawn at random.

    A picture of an object that was learned from other sides tests memory, not recognition: so no object is on both
    sides. Numbers of objects count within a class.
    Errors: InputError where a class has no object left for the other side, or `learning` is below 1.
    """
    y, things = np.asarray(labels), np.asarray(objects)
    if y.shape != things.shape or y.ndim != 1:
        raise InputError(f"labels and objects are one each per image, got {y.shape} and {things.shape}")
    chosen = np.zeros(len(y), np.bool_)
    for label in np.unique(y):
        there = np.unique(things[y == label])
        if not 1 <= learning < len(there):
            raise InputError(
                f"class {label} has {len(there)} objects: learn from 1 to {len(there) - 1} of them, got {learning}"
            )
        chosen |= (y == label) & np.isin(things, random.permutation(there)[:learning])
    return chosen
