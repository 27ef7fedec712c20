"""Shifted images: more to learn from without more images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


@dataclass(frozen=True)
class Shifts:
    """Moves every image by up to `pixels` rows and columns, each shift equally likely; what comes in is 0.

    Errors: InputError for fewer than 0 pixels.
    """

    pixels: int = 1

    def __post_init__(self) -> None:
        if self.pixels < 0:
            raise InputError(f"images are shifted by 0 pixels or more, got {self.pixels}")

    def __call__(self, images: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
        """Return images (B, rows, columns) shifted, each by numbers of its own."""
        rows, columns = images.shape[1:]
        framed = np.pad(images, ((0, 0), *[(self.pixels, self.pixels)] * 2))
        down, across = random.integers(0, 2 * self.pixels + 1, (2, len(images)))
        shifted = np.empty_like(images)
        for y in range(2 * self.pixels + 1):
            for x in range(2 * self.pixels + 1):
                here = (down == y) & (across == x)
                shifted[here] = framed[here, y : y + rows, x : x + columns]
        return shifted
