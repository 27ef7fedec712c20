"""What things are called, and what other data sets call the same."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Label(IntEnum):
    """Classes of pixels. 0 to 10 are the eleven of DSEC-Semantic; rooms and toys have two more."""

    BACKGROUND = 0
    BUILDING = 1
    FENCE = 2
    PERSON = 3
    POLE = 4
    ROAD = 5
    SIDEWALK = 6
    VEGETATION = 7
    VEHICLE = 8
    WALL = 9
    SIGN = 10
    FLOOR = 11
    OBJECT = 12


DDD17 = ("flat", "construction and sky", "object", "nature", "human", "vehicle")
"""The six classes of DDD17, by number.   Source: Alonso and Murillo, CVPR Workshops 2019."""

_IN_DDD17 = np.array([1, 1, 1, 4, 2, 0, 0, 3, 5, 1, 2, 0, 2], np.uint8)


def as_ddd17(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return labels of any shape in the six classes of DDD17."""
    return _IN_DDD17[labels]
