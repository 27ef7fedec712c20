"""What a learning rule brings: traces on either side, and two functions of what one synapse can know.

``at_pre(w, *pre_traces, *post_traces, where, *constants) -> w``   when the neuron before the synapse fires;
``at_post(w, *pre_traces, *post_traces, where, *constants) -> w``  when the neuron behind it fires.

A rule with `needs_both` changes nothing at a synapse whose other side has no trace left, and then such synapses are
not visited. They are branch-free arithmetic (`where(condition, a, b)` chooses), so that one text serves the reference
(rows and columns at once) and the compiled loops. Within a step all pre spikes act (reading post traces, then
renewing pre traces), then all post spikes (reading both, then renewing post traces). How synapses are wired is none
of a rule's business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from spikesight.equations.spike_traces import SpikeTrace


class Rule(Protocol):
    """A plasticity rule: a frozen dataclass with these properties, and two functions in the same file."""

    at_pre: Callable[..., Any]
    at_post: Callable[..., Any]
    needs_both: bool

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """Traces kept for each neuron before the synapses."""

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """Traces kept for each neuron behind the synapses."""

    @property
    def constants(self) -> tuple[float, ...]:
        """The numbers that both functions take, in their order."""
