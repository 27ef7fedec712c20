"""STDP that asks for the order only: inputs that fired by the winner's spike are strengthened, all others weakened.

    ``dw = plus  (w - low) (high - w)``     where the input fired not after the neuron
    ``dw = minus (w - low) (high - w)``     elsewhere, also where the input never fired

A change is small near a bound, so that a synapse that has decided stays decided. Without the inputs that never fire,
every kernel would end at `high`.
Source: Kheradpisheh et al. 2018, eq. 4; the schedule is that of SpykeTorch's KheradpishehDeep.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.inhibition import Winner


@dataclass(frozen=True)
class Stdp:
    """Rates `plus` and `minus` (signed: below 0 weakens), bounds of the weights, and how the rates grow.

    A rule that is not `stabilised` changes a weight by the rate alone, up to the bounds. With `doubling`, rates double
    just before image `doubling`, 2 `doubling`, ... (counted from 1) until `plus` is `largest`; their ratio stays.
    Errors: InputError for rates that are not finite, bounds that are neither or in the wrong order, a doubling that is
    below 1.
    """

    plus: float = 0.004
    minus: float = -0.003
    low: float = 0.0
    high: float = 1.0
    stabilised: bool = True
    doubling: int | None = None
    largest: float = 0.15

    def __post_init__(self) -> None:
        if not (np.isfinite(self.plus) and np.isfinite(self.minus)):
            raise InputError(f"rates are numbers, got plus {self.plus} and minus {self.minus}")
        if not -np.inf < self.low < self.high < np.inf:
            raise InputError(f"weights lie between low and high, both finite, got {self.low} and {self.high}")
        if self.doubling is not None and (self.doubling < 1 or not 0.0 < self.plus <= self.largest):
            raise InputError(
                f"rates double every 1 or more images, from a plus above 0 up to `largest`; got doubling "
                f"{self.doubling}, plus {self.plus}, largest {self.largest}"
            )

    def rates(self, image: int) -> tuple[float, float]:
        """Return `plus` and `minus` for an image, counted from 1 over all that a layer has learned from."""
        if self.doubling is None:
            return self.plus, self.minus
        doublings = min(image // self.doubling, 64)  # long since at the largest
        plus = min(self.plus * 2.0**doublings, self.largest)
        return plus, plus * (self.minus / self.plus)

    def changed(self, w: ArrayLike, before: ArrayLike, image: int = 1) -> NDArray[Any]:
        """Return weights after one update; `before` says which inputs fired not after the neuron.

        Shapes: w and before alike.
        """
        weights = np.asarray(w)
        plus, minus = (weights.dtype.type(rate) for rate in self.rates(image))
        low, high = weights.dtype.type(self.low), weights.dtype.type(self.high)
        rate = np.where(before, plus, minus)
        step = rate * (weights - low) * (high - weights) if self.stabilised else rate
        changed: NDArray[Any] = np.clip(weights + step, low, high)
        return changed


def convergence(w: ArrayLike, low: float = 0.0, high: float = 1.0) -> float:
    """Return the mean of (w - low) (high - w): 0 where every weight has decided, 0.25 where none has (bounds 0, 1)."""
    weights = np.asarray(w, np.float64)
    return float(((weights - low) * (high - weights)).mean())


def learn(
    rule: Stdp, layer: Convolution, w: NDArray[Any], latencies: Latencies, winners: Sequence[Winner], image: int = 1
) -> NDArray[Any]:
    """Return kernels after the winners of one item have learned from its input: the reference of `fused_stdp`.

    Shapes: w (maps, C, rows, columns); latencies (1, C, H, W). A kernel changes by what its map's winner saw; what
    lies outside the input never fires. Of several winners of one map, each changes it in turn.
    """
    changed = w.copy()
    for winner in winners:
        before = _window(layer, latencies, winner) <= winner.time
        changed[winner.map] = rule.changed(changed[winner.map], before, image)
    return changed


def _window(layer: Convolution, latencies: Latencies, winner: Winner) -> NDArray[Any]:
    """Return the times of the inputs (C, rows, columns) that a winner sees."""
    (down, across), times = layer.padding, latencies.times[0]
    padded = np.pad(times, ((0, 0), (down, down), (across, across)), constant_values=latencies.never)
    row, column = winner.row * layer.stride[0], winner.col * layer.stride[1]
    rows, columns = (
        slice(first, first + step * (extent - 1) + 1, step)
        for first, step, extent in zip((row, column), layer.dilation, layer.kernel, strict=True)
    )
    window: NDArray[Any] = padded[:, rows, columns]
    return window
