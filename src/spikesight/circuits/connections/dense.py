"""Every neuron to every neuron: w is (n_pre, n_post), the row of a neuron lies together in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.connections.contract import Structure, Synapses


def each(structure, spikes, count, others, visit, arrays, now, constants):  # type: ignore[no-untyped-def]
    """Visit the rows of the neurons that fired."""
    _, n_post = structure
    for q in range(count):
        i = spikes[q]
        for j in range(n_post):
            visit(i * n_post + j, i, j, arrays, now, constants)


def at_pre(structure, spikes, count, others, visit, arrays, now, constants):  # type: ignore[no-untyped-def]
    """Visit the rows of the neurons that fired, in the columns `others`."""
    _, n_post = structure
    for q in range(count):
        i = spikes[q]
        for j in others:
            visit(i * n_post + j, i, j, arrays, now, constants)


def at_post(structure, spikes, count, others, visit, arrays, now, constants):  # type: ignore[no-untyped-def]
    """Visit the columns of the neurons that fired, in the rows `others`."""
    _, n_post = structure
    for q in range(count):
        j = spikes[q]
        for i in others:
            visit(i * n_post + j, i, j, arrays, now, constants)


@dataclass(frozen=True)
class Dense:
    """All-to-all wiring with a weight per pair."""

    name = "dense"
    simple = True
    each = staticmethod(each)
    at_pre = staticmethod(at_pre)
    at_post = staticmethod(at_post)

    def weight_shape(self, n_pre: int, n_post: int) -> tuple[int, ...]:
        """(n_pre, n_post)."""
        return n_pre, n_post

    def synapses(self, n_pre: int, n_post: int) -> int:
        """n_pre n_post."""
        return n_pre * n_post

    def structure(self, n_pre: int, n_post: int, plastic: bool) -> Structure:
        """(n_pre, n_post)."""
        return n_pre, n_post

    def structure_bytes(self, n_pre: int, n_post: int, plastic: bool) -> int:
        """None: which synapse is where is arithmetic."""
        return 0

    def forward(self, w: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """``pre @ w``."""
        received: NDArray[Any] = pre @ w
        return received

    def pair(self, post: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """Outer product (n_pre, n_post)."""
        product: NDArray[Any] = np.multiply.outer(pre, post)
        return product

    def outgoing(self, structure: Structure, i: int) -> Synapses:
        """Row i."""
        _, n_post = structure
        return Synapses(slice(i * n_post, (i + 1) * n_post), slice(None))

    def incoming(self, structure: Structure, j: int) -> Synapses:
        """Column j."""
        _, n_post = structure
        return Synapses(slice(j, None, n_post), slice(None))
