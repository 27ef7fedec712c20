"""When inputs count as coincident, in closed form."""

from __future__ import annotations

import math

from spikesight.base.errors import InputError
from spikesight.equations.time_constants import check_positive


def widest_separation(weight: float, threshold: float, tau: float) -> float:
    """Return how far apart two inputs may be (seconds) to make a leaky neuron at rest fire: less than this.

    The first leaves `weight`, which decays; with the second on top it reaches the threshold if they are closer than
    tau ln(weight / (threshold - weight)). Infinite where one input is enough, 0 where two are not.
    Units: weight and threshold share one; tau in seconds.   Errors: InputError where one of them is not positive.
    """
    check_positive(tau=tau)
    if not (weight > 0.0 and threshold > 0.0):
        raise InputError(f"a weight and a threshold above 0 are needed, got {weight} and {threshold}")
    if weight >= threshold:
        return math.inf
    return max(0.0, tau * math.log(weight / (threshold - weight)))
