"""Still pictures for a camera that answers to change alone: the picture is moved, as eyes move in saccades."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError


def moved(image: ArrayLike, path: ArrayLike, background: float = 0.0) -> Iterator[NDArray[np.float64]]:
    """Give a frame (H, W) for each place of `path` (N, 2): the picture `image` (H, W) moved by (x, y) pixels.

    Between pixels the picture is interpolated linearly; around it is `background`.
    Errors: InputError for other shapes, or a path that is not finite.
    Source: Orchard et al. 2015 moved a camera before MNIST in three saccades.
    """
    from scipy.ndimage import shift

    picture, places = np.asarray(image, np.float64), np.asarray(path, np.float64)
    if not np.isfinite(places).all():
        raise InputError("a path holds NaN or infinite values")
    if picture.ndim != 2 or places.ndim != 2 or places.shape[1] != 2:
        raise InputError(f"a picture is (H, W) and a path (N, 2), got {picture.shape} and {places.shape}")
    for x, y in places:
        yield shift(picture, (y, x), order=1, mode="constant", cval=background)


def triangle(side: float, frames: int) -> NDArray[np.float64]:
    """Return a path (3 `frames` + 1, 2) along a triangle of `side` pixels and back to its start, as in N-MNIST.

    Errors: InputError for no frame.
    """
    if frames < 1:
        raise InputError(f"a side of a path has a frame or more, got {frames}")
    corners = np.array([(0.0, 0.0), (0.5, 1.0), (1.0, 0.0), (0.0, 0.0)]) * side
    steps = np.arange(frames)[:, None] / frames
    sides = [a + steps * (b - a) for a, b in pairwise(corners)]
    return np.concatenate([*sides, corners[-1:]])
