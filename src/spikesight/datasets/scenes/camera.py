"""A pinhole camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


@dataclass(frozen=True)
class Camera:
    """`width` x `height` pixels and a `focal` length in pixels, the optical axis in the middle, no distortion.

    The middle of pixel (column x, row y) lies at (x, y); a point (X, Y, Z) of the camera's axes, in metres, is seen at
    `focal` X / Z + (width - 1) / 2, `focal` Y / Z + (height - 1) / 2.   Errors: InputError.
    """

    width: int
    height: int
    focal: float

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or not 0.0 < self.focal < np.inf:
            raise InputError(f"a camera has a pixel or more and a focal length above 0, got {self}")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.height, self.width

    @property
    def middle(self) -> tuple[float, float]:
        """Column and row of the optical axis."""
        return (self.width - 1) / 2.0, (self.height - 1) / 2.0

    def seen(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return columns and rows (..., 2) at which points (..., 3) of the camera's axes are seen.

        Points that are not before the camera are NaN.
        """
        ahead = np.where(points[..., 2:] > 0.0, points[..., 2:], np.nan)
        places: NDArray[np.float64] = self.focal * points[..., :2] / ahead + np.array(self.middle)
        return places
