"""Neuron i to neuron i: w is (n,)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from spikesight.base.errors import InputError


def deliver(w, spikes, count, target):  # type: ignore[no-untyped-def]
    """Add each neuron's weight to its partner."""
    for q in range(count):
        target[spikes[q]] += w[spikes[q]]


@dataclass(frozen=True)
class OneToOne:
    """Pairs of equally many neurons."""

    name = "one_to_one"
    deliver = staticmethod(deliver)

    def weight_shape(self, n_pre: int, n_post: int) -> tuple[int, ...]:
        """(n,).   Errors: InputError where the sizes differ."""
        if n_pre != n_post:
            raise InputError(f"one-to-one wiring needs equally many neurons on both sides, got {n_pre} and {n_post}")
        return (n_pre,)

    def forward(self, w: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """``w * pre``."""
        received: NDArray[Any] = w * pre
        return received

    def pair(self, post: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """``post * pre``."""
        product: NDArray[Any] = post * pre
        return product

    def add(self, w: NDArray[Any], spikes: NDArray[Any], target: NDArray[Any]) -> None:
        """Add each neuron's weight to its partner."""
        target[spikes] += w[spikes]
