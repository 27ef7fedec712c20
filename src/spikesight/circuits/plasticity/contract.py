"""What a learning rule brings: traces on either side, and two functions of what one synapse can know.

``at_pre(*changes, *pre_traces, *post_traces, where, *functions, *constants) -> changes``   when a spike comes from
before the synapse;
``at_post(*changes, *pre_traces, *post_traces, where, *functions, *constants) -> changes``  when the neuron behind it
fires.

`changes` are the variables of the synapse that the rule may change: its weight "w", its "delay" (steps), or variables
of the rule's own (`synaptic`). One is returned as it is, several as a tuple. Either function may be left out.

They are branch-free arithmetic (`where(condition, a, b)` chooses; `functions` names elementary ones that are handed in
after it, such as "exp"), so that one text serves the reference (rows and columns at once) and the compiled loops.
Within a step all pre spikes act (reading post traces, then renewing pre traces), then all post spikes (reading both,
then renewing post traces). How synapses are wired is none of a rule's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from spikesight.equations.spike_traces import SpikeTrace
from spikesight.equations.time_constants import check_positive


@dataclass(frozen=True)
class Decaying:
    """A variable of each synapse that decays with `tau` (seconds) and starts at 0: an eligibility. Handed to the rule
    as it is now.
    """

    name: str
    tau: float

    def __post_init__(self) -> None:
        check_positive(tau=self.tau)


@dataclass(frozen=True)
class Lasting:
    """A variable of each synapse that stays until a rule changes it and starts at 0. It belongs to what was learned."""

    name: str


Synaptic = Decaying | Lasting


class Rule:
    """A plasticity rule: a frozen dataclass that derives from this, and one or two functions in the same file.

    With `needs_arrivals` it learns from when spikes arrive, not from when they were emitted.
    With `needs_both` the rule changes nothing at a synapse whose other side has no trace left: such synapses need not
    be visited.
    """

    at_pre: ClassVar[Callable[..., Any] | None] = None
    at_post: ClassVar[Callable[..., Any] | None] = None
    needs_both: ClassVar[bool] = False
    needs_arrivals: ClassVar[bool] = False
    functions: ClassVar[tuple[str, ...]] = ()
    changes: ClassVar[tuple[str, ...]] = ("w",)

    @property
    def made_for(self) -> float | None:
        """Time step (seconds) for which its constants were made; None: any."""
        return None

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """Traces kept for each row before the synapses."""
        return ()

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """Traces kept for each neuron behind the synapses."""
        return ()

    @property
    def synaptic(self) -> tuple[Synaptic, ...]:
        """Variables of its own that it keeps for each weight; all of them are among `changes`."""
        return ()

    @property
    def longest_delay(self) -> float:
        """Steps that a delay may grow to, where it is among `changes`: there must be room for what is under way."""
        return 0.0

    @property
    def constants(self) -> tuple[float, ...]:
        """The numbers that both functions take, in their order."""
        return ()


def decaying(rule: Rule) -> tuple[Decaying, ...]:
    """Return those of the rule's own variables that decay."""
    return tuple(variable for variable in rule.synaptic if isinstance(variable, Decaying))
