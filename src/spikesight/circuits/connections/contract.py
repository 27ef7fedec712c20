"""What a kind of wiring brings, so that every rule, every delay and every engine can use it.

A kind of wiring numbers its weights (s), and knows which neurons each synapse joins: from row i to neuron j through
weight s. A row is a neuron before the synapses, or one branch of its axon (see `delays`). Several synapses may share
a weight.

Algebra, which says what it means:
``forward(w, pre)``  what the post neurons receive when `pre` (n_pre,) fires (1) or not (0);
``pair(post, pre)``  the gradient of ``<post, forward(w, pre)>`` with respect to w: which synapse sees which two
neurons.

Events, which is how it runs. Each is one text for loops over flat arrays: compiled by the fused engine, executed as it
is by tests. `structure` is the tuple of arrays and sizes that the description hands to them.
``each(structure, spikes, count, others, visit, arrays, now, constants)``   call
``visit(s, i, j, arrays, now, constants)`` at every synapse of the rows that fired;
``at_pre(...)``   the same, where only the neurons `others` behind matter;
``at_post(...)``  at the synapses that reach the neurons that fired, where only the rows `others` matter. Both may
visit more than `others`.
A kind of wiring for which sums are shorter than visits may bring its own
``deliver(w, structure, spikes, count, target)`` besides.

The reference engine uses NumPy instead: `outgoing` and `incoming` list the synapses of one neuron.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from numpy.typing import NDArray

Structure = tuple[Any, ...]


class Synapses(NamedTuple):
    """Synapses of one neuron: the weights they use, and the neurons at their other end; indices or slices."""

    s: Any
    others: Any


class Connection(Protocol):
    """A kind of wiring. Its weights are an array of `weight_shape(n_pre, n_post)`."""

    name: str
    each: Callable[..., None]

    @property
    def simple(self) -> bool:
        """Whether no two synapses join the same two neurons."""

    def weight_shape(self, n_pre: int, n_post: int) -> tuple[int, ...]:
        """Shape of the weights.   Errors: InputError where the two sizes cannot be wired so."""

    def synapses(self, n_pre: int, n_post: int) -> int:
        """Number of synapses."""

    def structure(self, n_pre: int, n_post: int, plastic: bool) -> Structure:
        """What the loops need to know; `plastic` says whether `at_post` will be used."""

    def structure_bytes(self, n_pre: int, n_post: int, plastic: bool) -> int:
        """Bytes of memory that `structure` takes beyond the description itself."""

    def forward(self, w: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """What the post neurons receive, (n_post,)."""

    def pair(self, post: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """Product of the two sides, summed over the synapses of each weight, in the shape of the weights."""

    def outgoing(self, structure: Structure, i: int) -> Synapses:
        """Synapses that leave row i."""


class PlasticConnection(Connection, Protocol):
    """A kind of wiring whose weights a rule may change."""

    at_pre: Callable[..., None]
    at_post: Callable[..., None]

    def incoming(self, structure: Structure, j: int) -> Synapses:
        """Synapses that reach neuron j."""
