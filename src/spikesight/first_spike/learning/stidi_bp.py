"""Displacements of spike times, handed down layer by layer (STiDi-BP): no derivative of a derivative.

A potential is taken to rise along a straight line, so that a weight moves the spike by a constant times how much of its
ramp there was; neurons before are told the weighted mean of what those behind them wish, by share of weight:

    dw_ji ~ e_j grown(t_j - t_i),     e_i = sum of e_j w_ji / sum of |w_ji|, over the j with t_i < t_j that have a wish

Source: Mirsadeghi et al., Neurocomputing 427 (2021) 131-140; the share of weights in this form is ours, the abstract
does not say it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.first_spike.learning.ramp_rule import Heard


@dataclass(frozen=True)
class StidiBp:
    """See `RampRule`."""

    def amounts(self, errors: NDArray[Any], heard: Heard) -> NDArray[Any]:
        """See `RampRule`."""
        return errors

    def pass_down(self, errors: NDArray[Any], heard: Heard) -> NDArray[Any]:
        """See `RampRule`."""
        rest = heard.times, heard.crossed, heard.at
        wishes = heard.passes.pass_down(heard.w, *rest, errors, np.inf)
        having = (errors != 0).astype(errors.dtype)
        weights = heard.passes.pass_down(np.abs(heard.w), *rest, having, np.inf)
        mean: NDArray[Any] = np.divide(wishes, weights, where=weights > 0, out=np.zeros_like(wishes))
        return mean
