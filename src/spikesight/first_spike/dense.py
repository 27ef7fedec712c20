"""Full connection: neurons that integrate without leak and see every neuron of the layer before.

``V_j(t) = sum of w_ij over the inputs i that have fired by t``. A neuron crosses its threshold in the first step in
which ``V > threshold``, and fires `delay` steps later, once. No time axis is stored: inputs are added in the order of
their times, those that never fire are not touched, and nothing is added once every neuron has fired.
Source: Kheradpisheh & Masquelier 2020 (S4NN), whose delay is one step per layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.first_spike import reference_dense
from spikesight.first_spike.layer import Fired, check_memory, checked_weights


@dataclass(frozen=True)
class Dense:
    """`n` neurons. `threshold` has the unit of the weights; with an infinite one nobody fires.

    `delay` from crossing the threshold to the spike is in the unit of the latencies: whole steps, or seconds.
    Errors: InputError for no neurons, a threshold that is negative or NaN, and a negative delay.
    """

    n: int
    threshold: float
    delay: float = 0

    def __post_init__(self) -> None:
        if self.n < 1:
            raise InputError(f"a layer has a neuron at least, got {self.n}")
        if not self.threshold >= 0:
            raise InputError(f"a threshold is 0 at least, or neurons fire without a spike; got {self.threshold}")
        if not 0 <= self.delay < np.inf:
            raise InputError(f"a delay is 0 at least, got {self.delay}")

    def shape(self, shape_in: Sequence[int]) -> tuple[int]:
        """Return how the neurons lie."""
        return (self.n,)

    def weight_shape(self, shape_in: Sequence[int]) -> tuple[int, int]:
        """Return the shape of the weights: inputs, neurons."""
        return prod(shape_in), self.n


def fire(
    layer: Dense,
    w: ArrayLike,
    latencies: Latencies,
    executor: Executor = FusedCpu(),  # noqa: B008 a frozen value without fields
) -> Fired:
    """Return when neurons fire and their potentials, (B, n) both.

    Latencies (B, ...) in steps, or in seconds: then every time that occurs is a step of its own. Weights are
    (inputs, n), inputs row by row, and may be negative; potentials have their type, float32 or float64. The potential
    of a neuron that crosses is that of the step in which it does, also where its spike would come after the last step.
    Errors: InputError where shapes do not fit, weights are NaN or infinite, or a delay is not a whole number of steps;
    NotEnoughMemory for batches whose answer does not fit.
    """
    weights = checked_weights(w, layer.weight_shape(latencies.shape), "dense")
    check_memory(latencies, layer.n, weights.itemsize, "dense")
    flat = latencies.flat()
    moments: NDArray[Any] | None = None
    if flat.steps is None:
        moments = np.unique(flat.times[flat.fired])
        steps = max(1, len(moments))
        flat = Latencies(np.where(flat.fired, np.searchsorted(moments, flat.times), steps), steps)
    elif layer.delay != int(layer.delay):
        raise InputError(f"dense: latencies are in steps, a delay of {layer.delay} is no whole number of them")
    crossed, potentials = _crossings(layer, weights, flat, executor)
    return Fired(_later(crossed, flat.in_steps, layer.delay, moments), potentials)


def _crossings(
    layer: Dense, w: NDArray[Any], latencies: Latencies, executor: Executor
) -> tuple[NDArray[np.int32], NDArray[Any]]:
    """Return the step in which each neuron crosses its threshold (`steps`: never), and its potential then."""
    if isinstance(executor, Reference):
        return reference_dense.crossings(w, latencies, layer.threshold)
    from spikesight.first_spike import fused_dense  # imports numba

    return fused_dense.crossings(w, latencies, layer.threshold)


def _later(crossed: NDArray[np.int32], steps: int, delay: float, moments: NDArray[Any] | None) -> Latencies:
    """Return the latencies of spikes `delay` after the crossings."""
    if moments is None:
        return Latencies(np.minimum(crossed + np.int32(delay), steps), steps)
    known = np.append(moments, np.inf).astype(moments.dtype)
    return Latencies(known[np.where(crossed < steps, crossed, len(moments))] + moments.dtype.type(delay))
