"""How a photoreceptor answers to intensity: by its logarithm, and, where light is poor, linearly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError

WHITE = 255.0
"""The grey level of white."""
LINEAR_BELOW = 20.0
"""A grey level. Below it the logarithm would follow the steps of the grey levels rather than light."""


@dataclass(frozen=True)
class Log:
    """ln(I + `floor`) of light I from 0 up, of which white is 1; a floor keeps black from being infinitely dark.

    Source: Rebecq et al., ESIM, CoRL 2018, with intensities up to 1 and a floor of 0.001.
    """

    floor: float = 1e-3

    def __call__(self, light: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the answer (H, W) to light (H, W).   Errors: InputError where it is black and the floor is 0."""
        lit = light + self.floor
        if not (lit > 0.0).all():
            raise InputError("an intensity of 0 has no logarithm: give Log a floor above 0, or brighter frames")
        answer: NDArray[np.float64] = np.log(lit)
        return answer


@dataclass(frozen=True)
class LinLog:
    """ln I of grey levels I above 20 of 255, a straight line through 0 below.

    Source: Hu, Liu, Delbruck, v2e, CVPR Workshops 2021. Both branches are 2.99573 at 20; the slope is not continuous.
    """

    def __call__(self, light: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the answer (H, W) to light (H, W) of which white is 1."""
        grey = WHITE * light
        slope = np.log(LINEAR_BELOW) / LINEAR_BELOW
        return np.where(grey <= LINEAR_BELOW, grey * slope, np.log(np.maximum(grey, LINEAR_BELOW)))
