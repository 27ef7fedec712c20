"""McCulloch & Pitts' unit: the degenerate case of a spiking neuron, which remembers nothing.

It fires in a step where the inputs of that step reach the threshold. The state holds the sum for whoever wants to see
it; no step reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from spikesight.equations.contract import Choices, Equation, reaches


@dataclass(frozen=True)
class Params:
    """The unit of the threshold is that of the inputs."""

    threshold: float = 1.0


class State(NamedTuple):
    """The sum of the inputs of the last step."""

    v: float


class Constants(NamedTuple):
    """What a step needs."""

    threshold: float


def constants(params: Params, dt: float) -> Constants:
    """Return the threshold: a step has no length here."""
    return Constants(params.threshold)


def advance(v, current, now, where, threshold):
    """Compare the inputs of this step with the threshold.

    Shapes: all (B, ...).   Units: those of the inputs.   Choices: `EQUATION.choices`.
    Source: McCulloch & Pitts 1943, section 2.
    """
    return current, current - threshold


def fire(v, now, threshold):
    """A spike changes nothing."""
    return (v,)


def initial(params: Params) -> State:
    """Nothing has arrived."""
    return State(0.0)


EQUATION: Equation = Equation(
    name="mcculloch_pitts",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v",),
    advance=advance,
    fire=fire,
    crossing=reaches,
    constants=constants,
    initial=initial,
    choices=Choices(
        decay="everything is forgotten after each step",
        input="summed as it is",
        threshold="of the inputs of this step, >=",
        reset="none: there is nothing to reset",
        spikes="one per step",
        gradient="not trained",
    ),
    source="McCulloch & Pitts, Bull. Math. Biophys. 5 (1943) 115",
    kicked=(),
)
