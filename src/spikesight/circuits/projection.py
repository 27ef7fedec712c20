"""Synapses of one kind from one population to another: how they are wired, what they feed, how they learn, how late
they act.
"""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.circuits.connections.contract import Connection
from spikesight.circuits.delays import Delay
from spikesight.circuits.plasticity.contract import Rule


@dataclass(frozen=True)
class Projection:
    """From `pre` to `post`: a spike adds the weight to the state variable or input `into` of the neurons it reaches.

    A spike of step k acts in step k + 1, or later by its `delay`. A `rule` makes the weights plastic. With `masked`
    there is an array "<name>.mask": where it is False the synapse is gone for good, its weight is 0 and no rule
    brings it back.
    """

    name: str
    pre: str
    post: str
    into: str
    connection: Connection
    rule: Rule | None = None
    delay: Delay | None = None
    masked: bool = False

    def rows(self, n_pre: int) -> int:
        """Rows of the wiring: neurons before the synapses, or branches of their axons."""
        return n_pre if self.delay is None else self.delay.rows(n_pre)
