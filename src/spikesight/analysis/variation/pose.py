"""Where an object lies in its image: moved, scaled and turned about the centre in one go, to be blurred once."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform


class Pose(NamedTuple):
    """`right` and `down` in pixels, size in `octaves`, turned clockwise by `degrees`; nothing is the image as it is."""

    right: float = 0.0
    down: float = 0.0
    octaves: float = 0.0
    degrees: float = 0.0

    def __add__(self, other: tuple[float, ...]) -> Pose:  # type: ignore[override]
        """Return both at once."""
        return Pose(*(mine + yours for mine, yours in zip(self, other, strict=True)))


AS_IT_IS = Pose()


def posed(image: NDArray[Any], pose: Pose, fill: float = 0.0) -> NDArray[np.float64]:
    """Return an image (rows, columns) in another pose, bilinear; where nothing was, there is `fill`.

    A pose of nothing returns the values as they are. Source: the affine map of the sheet of controlled variation,
    ``x_out = c + (right, down) + s Rot(phi) (x_in - c)`` with x to the right and y down.
    """
    values = np.asarray(image, np.float64)
    if pose == AS_IT_IS:
        return values.copy()
    angle, scale = math.radians(pose.degrees), 2.0**pose.octaves
    across, along = math.cos(angle) / scale, math.sin(angle) / scale
    back = np.array([[across, -along], [along, across]])  # of (row, column), from the image that comes out
    centre = (np.array(values.shape) - 1) / 2
    offset = centre - back @ (centre + np.array([pose.down, pose.right]))
    moved: NDArray[np.float64] = affine_transform(values, back, offset, order=1, mode="grid-constant", cval=fill)
    return moved


def padded(images: NDArray[Any], shape: tuple[int, int], canvas: tuple[int, int], fill: float = 0) -> NDArray[Any]:
    """Return flat images (B, pixels) in the middle of a larger `canvas` of `fill`, flat again."""
    spare = [large - small for small, large in zip(shape, canvas, strict=True)]
    around = [(0, 0), *((room // 2, room - room // 2) for room in spare)]
    large = np.pad(images.reshape(-1, *shape), around, constant_values=fill)
    return large.reshape(len(images), -1)
