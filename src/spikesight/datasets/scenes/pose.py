"""Where a thing is and how it is turned. Axes as in computer vision: x to the right, y down, z ahead."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Vector = tuple[float, float, float]


class Pose(NamedTuple):
    """From a thing's own axes to those around it: `rotation` (3, 3) first, then `position` (3,) in metres."""

    rotation: Array
    position: Array

    def of(self, inner: Pose) -> Pose:
        """Return the pose, around this thing, of what has the pose `inner` within it."""
        return Pose(self.rotation @ inner.rotation, self.rotation @ inner.position + self.position)

    def inverse(self) -> Pose:
        """Return the way back."""
        return Pose(self.rotation.T, -self.rotation.T @ self.position)

    def points(self, own: Array) -> Array:
        """Return where points (..., 3) of the thing are."""
        return own @ self.rotation.T + self.position


def turned(vector: Vector | Array) -> Array:
    """Return the rotation (3, 3) about the direction of `vector` by its length in radians.   Source: Rodrigues."""
    x, y, z = vector
    angle = float(np.sqrt(x * x + y * y + z * z))
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    # sinc keeps small angles exact: sin(a) / a and (1 - cos(a)) / a^2.
    once, twice = np.sinc(angle / np.pi), 0.5 * np.sinc(angle / (2.0 * np.pi)) ** 2
    rotation: Array = np.eye(3) + once * cross + twice * (cross @ cross)
    return rotation


def steered(yaw: float, pitch: float, roll: float) -> Array:
    """Return the rotation (3, 3) of a vehicle: `yaw` to the right, `pitch` up, `roll` clockwise, in radians."""
    return turned((0.0, yaw, 0.0)) @ turned((pitch, 0.0, 0.0)) @ turned((0.0, 0.0, roll))
