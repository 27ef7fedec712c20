"""Neurons without a reset: their membrane is a linear function of the input sequence, ``H = W X + B``.

Row t of W (T, T) says what the membrane of step t takes of each step; it fires where it reaches the threshold -B:
``S = (H >= 0)``. Here are matrices that mean something; parallel spiking neurons learn theirs.
Source: Fang et al., Parallel spiking neurons, NeurIPS 2023.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.equations.contract import reaches

Floats = NDArray[np.float64]


class ResetFree(NamedTuple):
    """What an executor needs to know to tell where such neurons fire."""

    crossing: Callable[[Any], Any] = reaches


def leaky_weights(steps: int, tau: float) -> Floats:
    """Return W (T, T) of a leaky neuron without reset, ``v = v + (x - v) / tau``, tau in steps: (1/tau)(1-1/tau)^(t-s).

    Errors: InputError for a tau below a step.
    """
    if not tau >= 1.0:
        raise InputError(f"tau is {tau} steps; a leak takes at most all of the membrane, which is a tau of 1")
    ages = np.subtract.outer(np.arange(steps), np.arange(steps))
    return np.where(ages >= 0, (1.0 / tau) * (1.0 - 1.0 / tau) ** np.maximum(ages, 0), 0.0)


def band(steps: int, order: int) -> Floats:
    """Return the mask (T, T) of weights that are causal and at most `order` - 1 steps old: 1 or 0."""
    ages = np.subtract.outer(np.arange(steps), np.arange(steps))
    return ((ages >= 0) & (ages < order)).astype(np.float64)


def sliding_weights(taps: Floats, steps: int) -> Floats:
    """Return W (T, T) of taps (k,) that are the same in every step, the last one that of the present."""
    k = len(taps)
    ages = np.subtract.outer(np.arange(steps), np.arange(steps))
    inside = (ages >= 0) & (ages < k)
    return np.where(inside, np.asarray(taps, np.float64)[np.where(inside, k - 1 - ages, 0)], 0.0)


def halving_taps(order: int) -> Floats:
    """Return taps (k,) that halve with age: ..., 1/4, 1/2, 1."""
    return 0.5 ** np.arange(order - 1, -1, -1, dtype=np.float64)
