"""Adam, with rates relative to the weights: a rate of 0.01 moves weights by about a hundredth of a layer's size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

MEAN, SQUARE = 0.9, 0.999
"""How much of the mean of gradients, and of their squares, is kept from one change to the next."""

TINY = 1e-12


class Adam:
    """The moments of the gradients of several arrays, changed in place.   Source: Kingma & Ba 2015."""

    def __init__(self, arrays: Sequence[NDArray[np.float32]]) -> None:
        """Begin with no memory of gradients of arrays like these."""
        self.means = [np.zeros_like(array) for array in arrays]
        self.squares = [np.zeros_like(array) for array in arrays]
        self.changes = 0

    def change(
        self,
        arrays: Sequence[NDArray[np.float32]],
        gradients: Sequence[NDArray[Any]],
        rate: float,
        sizes: Sequence[float] | None = None,
    ) -> None:
        """Move arrays against their gradients, by about `rate` times the root mean square of each array, or its size
        in `sizes`.
        """
        self.changes += 1
        unbiased = np.float32(np.sqrt(1.0 - SQUARE**self.changes) / (1.0 - MEAN**self.changes))
        known = [None] * len(arrays) if sizes is None else sizes
        for array, gradient, mean, square, own in zip(arrays, gradients, self.means, self.squares, known, strict=True):
            mean += np.float32(1.0 - MEAN) * (gradient - mean)
            square += np.float32(1.0 - SQUARE) * (gradient * gradient - square)
            size = np.float32(rate * (np.sqrt(np.mean(array * array, dtype=np.float64)) if own is None else own))
            array -= size * unbiased * mean / (np.sqrt(square) + np.float32(TINY))

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return everything it remembers."""
        found = {"changes": np.array([self.changes])}
        for number, (mean, square) in enumerate(zip(self.means, self.squares, strict=True)):
            found |= {f"mean{number}": mean.copy(), f"square{number}": square.copy()}
        return found

    def go_on(self, snapshot: Mapping[str, NDArray[Any]]) -> Self:
        """Remember what a snapshot does."""
        self.changes = int(snapshot["changes"][0])
        for number, (mean, square) in enumerate(zip(self.means, self.squares, strict=True)):
            mean[...], square[...] = snapshot[f"mean{number}"], snapshot[f"square{number}"]
        return self
