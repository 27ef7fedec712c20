"""First weights of layers of ramps: random, and so large that neurons fire when those behind them can still listen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.first_spike.ramp_layers import Passes, Steps
from spikesight.first_spike.ramp_network import RampNetwork

HALVINGS = 20
"""Of the range in which the size of a layer's weights is sought, on a logarithmic scale."""

SMALLEST, LARGEST = 1e-4, 1e4


@dataclass(frozen=True)
class Beginning:
    """Normal weights; those of a neuron add up to `mean` times what their sum varies by from neuron to neuron.

    Layer after layer their size is chosen so that of the neurons, for the items given, the share `fires` has fired by a
    deadline: `first` of the steps for the first layer, `last` for the last one, and evenly between.

    Errors: InputError for shares outside 0 to 1.
    """

    mean: float = 1.0
    fires: float = 0.3
    first: float = 0.4
    last: float = 0.95

    def __post_init__(self) -> None:
        if not (0 < self.fires < 1 and 0 < self.first <= self.last <= 1):
            raise InputError(f"shares lie between 0 and 1, the first deadline before the last, got {self}")

    def weights(self, network: RampNetwork, times: Steps, seed: int) -> list[NDArray[np.float32]]:
        """Return weights of every layer, in rows, for inputs at `times` (B, ...)."""
        found, deadlines = [], np.linspace(self.first, self.last, len(network.layers)) * network.steps
        for number, (layer, passes) in enumerate(zip(network.layers, network.passes, strict=True)):
            shape = layer.as_rows(np.zeros(layer.weight_shape(network.shapes[number]))).shape
            random, mean = generator(seed, "ramp weights", number), self.mean / shape[1] ** 0.5
            drawn = random.normal(mean, 1.0, shape).astype(np.float32)
            heard = network.form(drawn)
            size = self._size(passes, heard, times, float(deadlines[number]))
            found.append(drawn * size)
            times = passes.fire(passes.laid_out(heard * size), times).steps
        return found

    def _size(self, passes: Passes, heard: NDArray[Any], times: Steps, deadline: float) -> np.float32:
        low, high, laid_out = SMALLEST, LARGEST, passes.laid_out(heard)
        for _ in range(HALVINGS):
            middle = (low * high) ** 0.5
            fired = passes.fire(laid_out * np.float32(middle), times).steps <= deadline
            low, high = (middle, high) if fired.mean() < self.fires else (low, middle)
        return np.float32((low * high) ** 0.5)


def wake(rows: NDArray[np.float32], fired: NDArray[np.int64], share: float) -> None:
    """Raise all weights of the neurons or maps that never `fired`, in place, or they would never learn again.

    Their sum grows by a `share` of what the sums of random neurons vary by: less and less as learning ends, since who
    wakes last has no time to learn and only disturbs.
    """
    size = np.sqrt(np.mean(rows * rows, dtype=np.float64) / rows.shape[1])
    rows[fired == 0] += np.float32(share * size)
