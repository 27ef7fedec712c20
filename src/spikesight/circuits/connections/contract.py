"""What a kind of wiring brings, so that every rule and every engine can use it.

Algebra, which says what it means:
``forward(w, pre)``  what the post neurons receive when `pre` (n_pre,) fires (1) or not (0);
``pair(post, pre)``  the gradient of ``<post, forward(w, pre)>`` with respect to w: which synapse sees which two
neurons.

Events, which is how it runs. Each is one text for NumPy-free loops: compiled by the fused engine, executed as it is
by tests.
``deliver(w, spikes, count, target)``               add the weights of the neurons that fired;
``deliver_late(w, delay, spikes, count, ring, slot)``  the same, `delay` steps ahead in a ring of steps (connections
with delays);
``at_pre(w, spikes, count, others, rule, *of_rule)``  apply a rule to the synapses from the neurons that fired to
`others`;
``at_post(...)``                                     and to those that reach them from `others` (plastic connections).

The reference engine uses the NumPy methods `add`, `outgoing` and `incoming` instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from numpy.typing import NDArray


class Connection(Protocol):
    """A kind of wiring. Its weights are an array of `weight_shape(n_pre, n_post)`."""

    name: str
    deliver: Callable[..., None]

    def weight_shape(self, n_pre: int, n_post: int) -> tuple[int, ...]:
        """Shape of the weights.   Errors: InputError where the two sizes cannot be wired so."""

    def forward(self, w: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """What the post neurons receive, (n_post,)."""

    def pair(self, post: NDArray[Any], pre: NDArray[Any]) -> NDArray[Any]:
        """Product of the two sides at each synapse, in the shape of the weights."""

    def add(self, w: NDArray[Any], spikes: NDArray[Any], target: NDArray[Any]) -> None:
        """Add to `target` (n_post,) what the neurons in `spikes` send, in ascending order."""


class PlasticConnection(Connection, Protocol):
    """A kind of wiring whose weights a rule may change."""

    at_pre: Callable[..., None]
    at_post: Callable[..., None]

    def outgoing(self, w: NDArray[Any], i: int) -> NDArray[Any]:
        """View of the weights that leave neuron i, one per post neuron."""

    def incoming(self, w: NDArray[Any], j: int) -> NDArray[Any]:
        """View of the weights that reach neuron j, one per pre neuron."""
