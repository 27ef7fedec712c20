"""Slow control of how much neurons fire, between two calls: all weights that reach a neuron are scaled together, or
its threshold moves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.engine import Engine
from spikesight.circuits.plasticity.projections import found, spread


def scale(engine: Engine, projection: str, rates: NDArray[Any], target: float, strength: float) -> None:
    """``w *= 1 + strength (target - rate) / target``, by the rate of the neuron behind; never below a factor of 0.

    Relative weights stay, zero stays zero. A weight shared by several neurons takes the mean of their factors.
    Shapes: rates (n_post,), in the unit of `target`.   Source: after Turrigiano 2008.
    Errors: UnknownName, InputError where rates have another shape or are not finite, or the target is not positive.
    """
    part = found(engine.network, projection)
    factors = np.maximum(1.0 + strength * _lack(engine, part.post, rates, target), 0.0)
    w = engine.arrays[f"{projection}.w"]
    w *= spread(engine.network, projection, None, factors).astype(w.dtype)


def move_thresholds(engine: Engine, population: str, rates: NDArray[Any], target: float, step: float) -> None:
    """``theta += step (rate - target) / target`` (volts), for neurons whose equation has an adaptive threshold.

    Shapes: rates (n,).   Source: after Lazar, Pipa & Triesch 2009 (intrinsic plasticity).
    Errors: InputError where the neurons have no "theta" or rates have another shape.
    """
    theta = engine.arrays.get(f"{population}.theta")
    if theta is None:
        raise InputError(f"neurons of '{population}' have no adaptive threshold 'theta': take an equation that has one")
    theta -= (step * _lack(engine, population, rates, target)).astype(theta.dtype)


def _lack(engine: Engine, population: str, rates: NDArray[Any], target: float) -> NDArray[np.float64]:
    size = engine.network.node(population).size
    if np.shape(rates) != (size,) or not target > 0:
        raise InputError(
            f"rates are one for each of {size} neurons of '{population}' and the target is positive, "
            f"got shape {np.shape(rates)} and target {target}"
        )
    if not np.isfinite(rates).all():
        raise InputError(f"rates of '{population}' hold NaN or infinite values")
    lack: NDArray[np.float64] = (target - np.asarray(rates, np.float64)) / target
    return lack
