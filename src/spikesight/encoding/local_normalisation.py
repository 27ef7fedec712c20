"""What is strong for its surroundings: without it, latencies tell of the light and not of the shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from spikesight.base.errors import InputError
from spikesight.encoding.contrast import checked_images


def by_local_mean(maps: ArrayLike, radius: int, epsilon: float = 1e-12) -> NDArray[np.float32]:
    """Return maps (B, C, H, W) divided by the mean of the (2 radius + 1)^2 values around, each map by its own.

    Beyond the border is 0, and counts. Where all around is 0 the result is 0.
    Errors: InputError for NaN, other shapes and a radius below 0.   Source: SpykeTorch, local_normalization.
    """
    x = np.asarray(maps)
    if x.ndim != 4:
        raise InputError(f"maps are (B, C, H, W), got shape {x.shape}")
    if radius < 0:
        raise InputError(f"a radius is 0 or more, got {radius}")
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        raise InputError("maps hold NaN or infinite values; clean the input first")
    mean = x.astype(np.float64)
    for axis in (2, 3):
        mean = ndimage.uniform_filter1d(mean, 2 * radius + 1, axis=axis, mode="constant")
    return np.where(x == 0, 0.0, x / (mean + epsilon)).astype(np.float32)


def by_patch_norm(responses: ArrayLike, images: ArrayLike, size: int) -> NDArray[np.float32]:
    """Return responses (B, K, H, W) divided by the Euclidean length of the image's patch around each place.

    `size` is the side of the kernel that answered; images (B, H, W) repeat their border. A patch of nothing gives 0.
    Source: Mozafari et al. 2018 (the C# code).   Errors: InputError where shapes do not match, or for an even size.
    """
    x = checked_images(images).astype(np.float64)
    found = np.asarray(responses)
    if found.ndim != 4 or found.shape[2:] != x.shape[1:] or len(found) != len(x):
        raise InputError(f"responses (B, K, H, W) of images (B, H, W) are needed, got {found.shape} and {x.shape}")
    if size < 1 or size % 2 == 0:
        raise InputError(f"a patch has a middle: an odd size is needed, got {size}")
    square = _box_sums(np.pad(x * x, ((0, 0), (size // 2, size // 2), (size // 2, size // 2)), mode="edge"), size)
    length = np.sqrt(square)[:, None]
    divided = np.zeros(found.shape, np.float32)
    np.divide(found, length, out=divided, where=length > 0.0, casting="same_kind")
    return divided


def _box_sums(padded: NDArray[Any], size: int) -> NDArray[np.float64]:
    """Return the sum of each size x size patch, (B, H - size + 1, W - size + 1), without running sums that drift."""
    rows = np.add.reduce([padded[:, i : padded.shape[1] - size + 1 + i] for i in range(size)])
    sums: NDArray[np.float64] = np.add.reduce([rows[:, :, j : rows.shape[2] - size + 1 + j] for j in range(size)])
    return sums
