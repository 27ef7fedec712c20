"""Smaller copies of images: what a detector of one size sees of objects of another."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from spikesight.base.errors import InputError
from spikesight.encoding.contrast import checked_images


def rescaled(images: ArrayLike, share: float) -> NDArray[np.float32]:
    """Return images (B, H, W) at `share` of their size, rounded to whole pixels: each pixel a weighted mean of those
    it covers. A share of 1 leaves them as they are.

    Errors: InputError for a share outside 0 to 1, NaN, other shapes, and where no pixel would be left.
    Source: the bilinear filter of Pillow, which widens as images shrink.
    """
    x = checked_images(images).astype(np.float32)
    rows, columns = (round(length * share) for length in x.shape[1:]) if 0.0 < share <= 1.0 else (0, 0)
    if min(rows, columns) < 1:
        raise InputError(f"a share of the size is above 0 and at most 1 and leaves a pixel, got {share} of {x.shape}")
    if (rows, columns) == x.shape[1:]:
        return x
    small = [Image.fromarray(image).resize((columns, rows), Image.Resampling.BILINEAR) for image in x]
    return np.stack([np.asarray(image) for image in small]) if small else np.empty((0, rows, columns), np.float32)
