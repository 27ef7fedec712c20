"""What neurons hear of weights that learn: the weights themselves, or only their signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class WeightForm(Protocol):
    """From weights that learn to weights that are used. Gradients pass through as if nothing were between."""

    def __call__(self, w: NDArray[Any]) -> NDArray[Any]:
        """Return the weights of a layer as they are used."""


@dataclass(frozen=True)
class Real:
    """Weights are used as they are."""

    def __call__(self, w: NDArray[Any]) -> NDArray[Any]:
        """See `WeightForm`."""
        return w


@dataclass(frozen=True)
class Signs:
    """Of each weight only the sign is used, times one scale for the layer, the mean size: one bit a weight.

    0 counts as above 0.   Source: Mirsadeghi et al. 2023, abstract (binary weights); the scale as in BS4NN.
    """

    def __call__(self, w: NDArray[Any]) -> NDArray[Any]:
        """See `WeightForm`."""
        scale = np.abs(w).mean(dtype=np.float64)
        used: NDArray[Any] = np.where(w < 0, w.dtype.type(-scale), w.dtype.type(scale))
        return used
