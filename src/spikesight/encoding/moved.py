"""Images moved by whole pixels, at random: what a network should learn to overlook."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def moved(
    images: NDArray[Any], shape: tuple[int, int], most: int, random: np.random.Generator, fill: Any = 0
) -> NDArray[Any]:
    """Return flat images (B, pixels), each moved by -`most` to `most` pixels along rows and columns.

    What leaves the image is lost, what comes in is `fill`.
    """
    rows, columns = shape
    padded = np.pad(images.reshape(-1, rows, columns), ((0, 0), (most, most), (most, most)), constant_values=fill)
    down, right = random.integers(0, 2 * most + 1, (2, len(images)))
    at_rows = down[:, None, None] + np.arange(rows)[:, None]
    at_columns = right[:, None, None] + np.arange(columns)
    found: NDArray[Any] = padded[np.arange(len(images))[:, None, None], at_rows, at_columns]
    return found.reshape(len(images), -1)
