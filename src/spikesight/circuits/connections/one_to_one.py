"""Neuron i to neuron i: w is (n,)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.connections.contract import Structure, Synapses


def each(structure, spikes, count, others, visit, arrays, now, constants):  # type: ignore[no-untyped-def]
    """Visit the one synapse of each neuron that fired."""
    for q in range(count):
        visit(spikes[q], spikes[q], spikes[q], arrays, now, constants)


@dataclass(frozen=True)
class OneToOne:
    """Pairs of equally many neurons."""

    name = "one_to_one"
    simple = True
    each = staticmethod(each)
    at_pre = each
    at_post = each

    def weight_shape(self, n_pre: int, n_post: int) -> tuple[int, ...]:
        """(n,).   Errors: InputError where the sizes differ."""
        if n_pre != n_post:
            raise InputError(f"one-to-one wiring needs equally many neurons on both sides, got {n_pre} and {n_post}")
        return (n_pre,)

    def synapses(self, n_pre: int, n_post: int) -> int:
        """N."""
        return n_pre

    def structure(self, n_pre: int, n_post: int, plastic: bool) -> Structure:
        """(n,)."""
        return (n_pre,)

    def structure_bytes(self, n_pre: int, n_post: int, plastic: bool) -> int:
        """None: which synapse is where is arithmetic."""
        return 0

    def forward(self, w: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """``w * pre``."""
        received: NDArray[Any] = w * pre
        return received

    def pair(self, post: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """``post * pre``."""
        product: NDArray[Any] = post * pre
        return product

    def outgoing(self, structure: Structure, i: int) -> Synapses:
        """Synapse i."""
        return Synapses(slice(i, i + 1), slice(i, i + 1))

    def incoming(self, structure: Structure, j: int) -> Synapses:
        """Synapse j."""
        return Synapses(slice(j, j + 1), slice(j, j + 1))
