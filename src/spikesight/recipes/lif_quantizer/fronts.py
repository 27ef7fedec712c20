"""What the neurons see of an image: its pixels, or the frequencies of its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn

Bands = NDArray[np.float64]


class Front(Protocol):
    """Turns an image (H, W) into bands (bands, values) and back; each band is coded with statistics of its own."""

    name: str

    def bands(self, image: NDArray[Any]) -> Bands:
        """Return the bands of an image."""

    def image(self, bands: Bands, shape: tuple[int, int]) -> NDArray[np.float64]:
        """Return the image (H, W) of bands."""


@dataclass(frozen=True)
class Pixels:
    """One band: the grey levels."""

    name = "pixels"

    def bands(self, image: NDArray[Any]) -> Bands:
        """See `Front`."""
        return np.asarray(image, np.float64).reshape(1, -1)

    def image(self, bands: Bands, shape: tuple[int, int]) -> NDArray[np.float64]:
        """See `Front`."""
        return bands.reshape(shape)


@dataclass(frozen=True)
class Cosines:
    """The orthonormal cosine transform of blocks of `side` x `side` pixels around mid-grey: a band per frequency.

    The image is continued by its last row and column to whole blocks.
    """

    side: int = 8
    middle: float = 128.0

    name = "cosines"

    def bands(self, image: NDArray[Any]) -> Bands:
        """See `Front`."""
        side = self.side
        missing = [(0, -length % side) for length in image.shape]
        whole = np.pad(np.asarray(image, np.float64) - self.middle, missing, mode="edge")
        blocks = whole.reshape(whole.shape[0] // side, side, whole.shape[1] // side, side)
        transformed: Bands = dctn(blocks, axes=(1, 3), norm="ortho")
        return transformed.transpose(1, 3, 0, 2).reshape(side * side, -1)

    def image(self, bands: Bands, shape: tuple[int, int]) -> NDArray[np.float64]:
        """See `Front`."""
        side = self.side
        rows, columns = (-(-length // side) for length in shape)
        blocks = bands.reshape(side, side, rows, columns).transpose(2, 0, 3, 1)
        whole: NDArray[np.float64] = idctn(blocks, axes=(1, 3), norm="ortho") + self.middle
        return whole.reshape(rows * side, columns * side)[: shape[0], : shape[1]]
