"""The uniform quantiser with a dead zone, of every image coder: what a neuron's is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


@dataclass(frozen=True)
class DeadZone:
    """Cell 0 is (-dead, dead), cell n >= 1 is [dead + (n - 1) step, dead + n step), and the same below 0.

    Source: Sullivan, Efficient scalar quantization of exponential and Laplacian random variables, IEEE Trans. Inf.
    Theory 42 (1996).
    """

    step: float
    dead: float

    def __post_init__(self) -> None:
        if not (self.step > 0.0 and self.dead >= 0.0):
            raise InputError(f"a step above 0 and a dead zone of 0 or more are needed, got {self.step} and {self.dead}")

    def __call__(self, values: NDArray[Any]) -> NDArray[np.int64]:
        """Return the signed cell of each value.   Shapes: (...) -> (...)."""
        size = np.floor((np.abs(np.asarray(values, np.float64)) - self.dead) / self.step) + 1.0
        cells: NDArray[np.int64] = (np.sign(values) * np.maximum(size, 0.0)).astype(np.int64)
        return cells

    def decode(self, cells: NDArray[Any]) -> NDArray[np.float64]:
        """Return the middle of each cell, 0 for the dead zone.   Shapes: (...) -> (...)."""
        n = np.asarray(cells, np.float64)
        return np.sign(n) * np.where(n == 0.0, 0.0, self.dead + (np.abs(n) - 0.5) * self.step)
