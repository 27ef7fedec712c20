"""How a photoreceptor answers to intensity: by its logarithm, and, where light is poor, linearly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError

LINEAR_BELOW = 20.0
"""Of 255. Below it the logarithm would follow the steps of the grey levels rather than light."""


@dataclass(frozen=True)
class Log:
    """ln(I + `floor`) of intensities I from 0 up; a floor keeps black from being infinitely dark.

    Source: Rebecq et al., ESIM, CoRL 2018, with intensities up to 1 and a floor of 0.001.
    """

    floor: float = 1e-3

    def __call__(self, frame: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the answer (H, W) to a frame.   Errors: InputError where it is black and the floor is 0."""
        light = frame + self.floor
        if not (light > 0.0).all():
            raise InputError("an intensity of 0 has no logarithm: give Log a floor above 0, or brighter frames")
        answer: NDArray[np.float64] = np.log(light)
        return answer


@dataclass(frozen=True)
class LinLog:
    """ln I of grey levels I above 20 of `white`, a straight line through 0 below.

    Errors: InputError for a white not above 0.
    Source: Hu, Liu, Delbruck, v2e, CVPR Workshops 2021. Both branches are 2.99573 at 20; the slope is not continuous.
    """

    white: float = 1.0
    """The intensity that is grey level 255."""

    def __post_init__(self) -> None:
        if not 0.0 < self.white < np.inf:
            raise InputError(f"the intensity that is white is above 0, got {self.white}")

    def __call__(self, frame: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the answer (H, W) to a frame."""
        grey = frame * (255.0 / self.white)
        slope = np.log(LINEAR_BELOW) / LINEAR_BELOW
        return np.where(grey <= LINEAR_BELOW, grey * slope, np.log(np.maximum(grey, LINEAR_BELOW)))
