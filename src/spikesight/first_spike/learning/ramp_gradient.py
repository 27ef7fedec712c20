"""The exact gradient of spike times with ramps: what is too late by one step is so by 1 / slope of the potential.

    dw_ji ~ e_j grown(t_j - t_i) / slope_j,     e_i = sum over j of e_j w_ji [t_i < t_j < t_i + tau] / (tau slope_j)

A potential that only just reaches the threshold has hardly a slope, and would outweigh all others: `least` bounds it.
At a crossing the slope is above 0, always, so the sign is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.first_spike.learning.ramp_rule import Heard


@dataclass(frozen=True)
class RampGradient:
    """See `RampRule`. `least` slope, in thresholds per step.   Errors: InputError where it is not above 0.

    Source: implicit derivatives at the crossing, ours.
    """

    least: float = 0.005

    def __post_init__(self) -> None:
        if not self.least > 0:
            raise InputError(f"the least slope is above 0, got {self.least}")

    def amounts(self, errors: NDArray[Any], heard: Heard) -> NDArray[Any]:
        """See `RampRule`."""
        slopes = np.maximum(heard.slopes, heard.slopes.dtype.type(self.least * heard.ramp.threshold))
        amounts: NDArray[Any] = errors / slopes
        return amounts

    def pass_down(self, errors: NDArray[Any], heard: Heard) -> NDArray[Any]:
        """See `RampRule`."""
        shares = self.amounts(errors, heard) / heard.slopes.dtype.type(heard.ramp.tau)
        return heard.passes.pass_down(heard.w, heard.times, heard.crossed, heard.at, shares, heard.ramp.tau)
