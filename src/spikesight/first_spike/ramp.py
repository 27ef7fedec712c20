"""Neurons that fire once and whose postsynaptic potentials are ramps: the equations, for one neuron.

An input that fires at t_i adds ``w_i grown(t - t_i)``, where grown rises from 0 to 1 within tau and stays there. The
potential is a straight line between arrivals and ends of ramps, so the first time it reaches the threshold is found in
closed form, and so is how that time moves with weights and inputs:

    dt/dw_i = -grown(t - t_i) / slope,     dt/dt_i = w_i / (tau slope) where the ramp of i is still rising

Units of time are those of the inputs, seconds or steps. Source: Mirsadeghi et al. 2021 (potentials); derivatives ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError


@dataclass(frozen=True)
class Ramp:
    """Ramps of length `tau`, and the `threshold` they add up to.   Errors: InputError where one is not above 0."""

    tau: float
    threshold: float = 1.0

    def __post_init__(self) -> None:
        if not (self.tau > 0 and self.threshold > 0):
            raise InputError(f"a ramp and a threshold are above 0, got tau {self.tau} and threshold {self.threshold}")

    def grown(self, age: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much of a ramp there is after `age`: 0 before it begins, 1 when it is full."""
        return np.clip(age / self.tau, 0.0, 1.0)

    def rising(self, age: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return whether a ramp is still rising after `age`."""
        found: NDArray[np.bool_] = (age >= 0.0) & (age < self.tau)
        return found


class Crossing(NamedTuple):
    """When a potential first reaches the threshold, infinity where never, and how steep it is then."""

    time: float
    slope: float


def crossing(ramp: Ramp, w: ArrayLike, times: ArrayLike) -> Crossing:
    """Return when a neuron fires that has inputs at `times` (n,) with weights `w` (n,); inf inputs never come."""
    weights, at = np.asarray(w, np.float64), np.asarray(times, np.float64)
    here = np.isfinite(at)
    weights, at = weights[here], at[here]
    edges = np.unique(np.concatenate([[0.0], at, at + ramp.tau]))
    begin = ramp.grown(edges[:, None] - at) @ weights
    ends = np.append(edges[1:], edges[-1] + ramp.tau)
    # In the middle of a piece, where rounding cannot tell a ramp that has just ended from one that has not.
    slopes = (ramp.rising(0.5 * (edges + ends)[:, None] - at) @ weights) / ramp.tau
    ends[-1] = np.inf
    for edge, end, potential, slope in zip(edges, ends, begin, slopes, strict=True):
        if slope > 0.0:
            time = edge + max(0.0, ramp.threshold - potential) / slope
            if time <= end:
                return Crossing(float(time), float(slope))
    return Crossing(np.inf, 0.0)


def by_weight(ramp: Ramp, times: ArrayLike, crossed: Crossing) -> NDArray[np.float64]:
    """Return how the time of a spike moves with each weight, (n,)."""
    return -ramp.grown(crossed.time - np.asarray(times, np.float64)) / crossed.slope


def by_time(ramp: Ramp, w: ArrayLike, times: ArrayLike, crossed: Crossing) -> NDArray[np.float64]:
    """Return how the time of a spike moves with the time of each input, (n,)."""
    age = crossed.time - np.asarray(times, np.float64)
    moved: NDArray[np.float64] = np.asarray(w, np.float64) * ramp.rising(age) / (ramp.tau * crossed.slope)
    return moved
