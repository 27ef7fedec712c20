"""ON and OFF contrasts of an image as numbers: how much brighter, or darker, a pixel is than what surrounds it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.encoding.contrast import Bank, difference_of_unit_gaussians, on_off


@dataclass(frozen=True)
class OnOffContrast:
    """Two Gaussians of `size` x `size` that sum to 1 each, the narrow less the wide one, and its negative.

    `centre` and `surround` are standard deviations in pixels. Borders are repeated.
    Errors: InputError for an even size or widths that are not above 0.   Source: Falez et al. 2019.
    """

    size: int = 7
    centre: float = 1.0
    surround: float = 4.0

    def __call__(self, images: ArrayLike) -> NDArray[np.float32]:
        """Return the positive parts, (B, 2, H, W), of images (B, H, W): 0 where there is no contrast.

        Errors: InputError for NaN, other shapes, and images smaller than the kernel.
        """
        return self._bank(images)

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the maps."""
        return ("on", "off")

    @cached_property
    def _bank(self) -> Bank:
        return Bank(on_off([difference_of_unit_gaussians(self.size, self.centre, self.surround)]))
