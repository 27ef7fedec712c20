"""Synapses of one kind from one population to another: how they are wired, what they feed, how they learn, how late
they act.
"""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.circuits.connections.contract import Connection
from spikesight.circuits.plasticity.contract import Rule


@dataclass(frozen=True)
class Projection:
    """From `pre` to `post`: a spike adds the weight to the state variable or input `into` of the neurons it reaches.

    A spike of step k acts in step k + 1, or `delay` steps later where the connection carries delays (array
    `<name>.delay`, steps). A `rule` makes the weights plastic. Traces of a rule see a spike when it is emitted, not
    when it arrives.
    """

    name: str
    pre: str
    post: str
    into: str
    connection: Connection
    rule: Rule | None = None
    longest_delay: int = 0
