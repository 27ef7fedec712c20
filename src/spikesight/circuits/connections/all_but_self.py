"""Every neuron to every other one with the same weight: w is (1,). Lateral inhibition as arithmetic, without a
matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


def deliver(w, spikes, count, target):  # type: ignore[no-untyped-def]
    """Add the weight once per spike to everyone, then take back what a neuron sent to itself."""
    for _ in range(count):
        for j in range(target.shape[0]):
            target[j] += w[0]
    for q in range(count):
        target[spikes[q]] -= w[0]


@dataclass(frozen=True)
class AllButSelf:
    """All-to-all wiring except to itself, one weight for all."""

    name = "all_but_self"
    deliver = staticmethod(deliver)

    def weight_shape(self, n_pre: int, n_post: int) -> tuple[int, ...]:
        """(1,).   Errors: InputError where the sizes differ."""
        if n_pre != n_post:
            raise InputError(f"all-but-self wiring needs equally many neurons on both sides, got {n_pre} and {n_post}")
        return (1,)

    def forward(self, w: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """``w (sum(pre) - pre)``."""
        received: NDArray[Any] = w[0] * (pre.sum() - pre)
        return received

    def pair(self, post: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """The sum over all pairs of different neurons, (1,)."""
        return np.atleast_1d(post.sum() * pre.sum() - post @ pre)

    def add(self, w: NDArray[Any], spikes: NDArray[Any], target: NDArray[Any]) -> None:
        """Add the weight once per spike to everyone, then take back what a neuron sent to itself."""
        for _ in spikes:
            target += w[0]
        target[spikes] -= w[0]
