"""Convolution: neurons that integrate without leak, see a window of all maps, and share weights with their map.

``V(t) = W * S(t)``, where S(t) holds every input that has fired by t: an input's spike counts from its own step on. A
neuron fires once, in the first step in which ``V > threshold``. No time axis is stored: spikes are added in the order
of their times, so that the work is proportional to their number.
Source: Kheradpisheh et al. 2018, eq. 3, without its delay of one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike import inhibition, reference_convolution
from spikesight.first_spike.geometry import Pair, check, outcome
from spikesight.first_spike.layer import Fired, check_memory, checked_maps, checked_weights


@dataclass(frozen=True)
class Convolution:
    """`maps` maps of neurons behind windows of `kernel` (rows, columns).

    `threshold` has the unit of the weights; with an infinite one nobody fires, and potentials are the final ones.
    Errors: InputError for sizes below 1, negative padding, and a threshold that is negative or NaN.
    """

    maps: int
    kernel: Pair
    threshold: float
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)

    def __post_init__(self) -> None:
        check(self.kernel, self.stride, self.padding, self.dilation)
        if self.maps < 1 or self.maps != int(self.maps):
            raise InputError(f"a convolution has a map at least, and whole ones, got {self.maps}")
        if not self.threshold >= 0:
            raise InputError(
                f"a threshold is 0 at least, or neurons fire without a spike; got {self.threshold}. With infinity no "
                "neuron fires"
            )

    def shape(self, shape_in: Sequence[int]) -> tuple[int, int, int]:
        """Return maps, rows and columns behind an input of maps, rows and columns.   Errors: InputError: no window
        fits.
        """
        return self.maps, *outcome(shape_in[1:], self.kernel, self.stride, self.padding, self.dilation)

    def weight_shape(self, shape_in: Sequence[int]) -> tuple[int, int, int, int]:
        """Return the shape of the weights: maps, maps of the input, rows and columns of the kernel."""
        return self.maps, shape_in[0], *self.kernel


def fire(
    layer: Convolution,
    w: ArrayLike,
    latencies: Latencies,
    executor: Executor = FusedCpu(),  # noqa: B008 a frozen value without fields
    *,
    one_map_per_place: bool = False,
    thresholds: ArrayLike | None = None,
) -> Fired:
    """Return when neurons fire and their potentials, (B, maps, rows, columns) both.

    Latencies (B, C, H, W) in steps, or in seconds: then every time that occurs is a step of its own. Weights are
    (maps, C, rows, columns) and may be negative; potentials have their type, float32 or float64. With
    `one_map_per_place` the neuron that fires first at a place keeps the others there from firing (see
    `inhibition.one_map_per_place`). `thresholds`, one for each map, take the place of the layer's own.
    Errors: InputError where shapes do not fit, or weights are NaN or infinite; NotEnoughMemory for batches whose answer
    does not fit.
    """
    shape = checked_maps(latencies, "convolution")
    weights = checked_weights(w, layer.weight_shape(shape), "convolution")
    limits = _thresholds(layer, thresholds, weights.dtype)
    check_memory(latencies, int(np.prod(layer.shape(shape))), weights.itemsize, "convolution")
    if isinstance(executor, FusedCpu):
        from spikesight.first_spike import fused_convolution

        return fused_convolution.fire(layer, weights, limits, latencies, one_map_per_place)
    fired = reference_convolution.fire(layer, weights, limits, latencies)
    return inhibition.one_map_per_place(fired) if one_map_per_place else fired


def _thresholds(layer: Convolution, given: ArrayLike | None, dtype: np.dtype[Any]) -> NDArray[Any]:
    limits = np.full(layer.maps, layer.threshold, dtype) if given is None else np.asarray(given, dtype)
    if limits.shape != (layer.maps,) or not (limits >= 0).all():
        raise InputError(f"thresholds are one number for each of the {layer.maps} maps, 0 at least, got {limits!r}")
    return limits
