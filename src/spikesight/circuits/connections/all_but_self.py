"""Every neuron to every other one with the same weight: w is (1,). Lateral inhibition as arithmetic, without a
matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.connections.contract import Structure, Synapses


def deliver(w, structure, spikes, count, target):  # type: ignore[no-untyped-def]
    """Add the weight once per spike to everyone, then take back what a neuron sent to itself.

    What was added and taken back may leave a last bit behind.
    """
    for _ in range(count):
        for j in range(target.shape[0]):
            target[j] += w[0]
    for q in range(count):
        target[spikes[q]] -= w[0]


def each(structure, spikes, count, others, visit, arrays, now, constants):  # type: ignore[no-untyped-def]
    """Visit everyone but the neuron itself."""
    (n,) = structure
    for q in range(count):
        i = spikes[q]
        for j in range(i):
            visit(0, i, j, arrays, now, constants)
        for j in range(i + 1, n):
            visit(0, i, j, arrays, now, constants)


@dataclass(frozen=True)
class AllButSelf:
    """All-to-all wiring except to itself, one weight for all, which does not learn."""

    name = "all_but_self"
    simple = True
    deliver = staticmethod(deliver)
    each = staticmethod(each)

    def weight_shape(self, n_pre: int, n_post: int) -> tuple[int, ...]:
        """(1,).   Errors: InputError where the sizes differ."""
        if n_pre != n_post:
            raise InputError(f"all-but-self wiring needs equally many neurons on both sides, got {n_pre} and {n_post}")
        return (1,)

    def synapses(self, n_pre: int, n_post: int) -> int:
        """N (n - 1)."""
        return n_pre * (n_post - 1)

    def structure(self, n_pre: int, n_post: int, plastic: bool) -> Structure:
        """(n,)."""
        return (n_pre,)

    def structure_bytes(self, n_pre: int, n_post: int, plastic: bool) -> int:
        """None: which synapse is where is arithmetic."""
        return 0

    def forward(self, w: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """``w (sum(pre) - pre)``."""
        received: NDArray[Any] = w[0] * (pre.sum() - pre)
        return received

    def pair(self, post: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """The sum over all pairs of different neurons, (1,)."""
        return np.atleast_1d(post.sum() * pre.sum() - post @ pre)

    def outgoing(self, structure: Structure, i: int) -> Synapses:
        """Everyone but i, through the one weight."""
        (n,) = structure
        others = np.delete(np.arange(n), i)
        return Synapses(np.zeros(n - 1, np.int64), others)
