"""Mead's axon-hillock circuit: a capacitor, two inverters, positive feedback, and a transistor that resets.

The input current charges the node. At `threshold` the output switches to `supply`, and the feedback capacitor lifts the
node by ``supply feedback / (capacitance + feedback)``. While the output is high the reset current, which must be the
stronger one, discharges the node; when it has come back down to the threshold the output falls and takes the node with
it by as much. Between two switches the node moves in a straight line, so steps are exact; the output switches at the
end of the step in which the threshold was passed.

Under a constant current I it fires at ``I (1 - I / reset) / (feedback supply)``: rising takes feedback supply / I,
falling feedback supply / (reset - I). A period found by steps is longer, by at most 2 + x + 1 / x steps with
x = I / (reset - I).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from spikesight.equations.contract import Choices, Equation, reaches
from spikesight.equations.time_constants import check_positive


@dataclass(frozen=True)
class Params:
    """Farads, volts, amperes. Round numbers of the right order; no publication is copied here."""

    capacitance: float = 1e-12
    feedback: float = 1e-12
    supply: float = 1.0
    threshold: float = 0.5
    reset: float = 1e-9

    def __post_init__(self) -> None:
        check_positive(capacitance=self.capacitance, feedback=self.feedback)


class State(NamedTuple):
    """The node (volts), and the output as a share of the supply: 0 or 1."""

    v: float
    high: float


class Constants(NamedTuple):
    """What a step needs, computed once."""

    gain: float
    reset: float
    threshold: float
    swing: float
    on: float
    off: float
    never: float


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds."""
    whole = params.capacitance + params.feedback
    swing = params.supply * params.feedback / whole
    return Constants(dt / whole, params.reset, params.threshold, swing, 1.0, 0.0, -1.0)


def advance(v, high, current, now, where, *constants):
    """Charge or discharge the node; let the output fall where the node is back; compare with the threshold.

    Shapes: all (B, ...).   Units: volts and amperes.   Choices: `EQUATION.choices`.
    Source: Mead 1989, chapter 12.
    """
    k = Constants(*constants)
    v = v + k.gain * (current - high * k.reset)
    down = where(v < k.threshold, high, k.off)
    over = where(high > k.off, k.never, v - k.threshold)
    return v - down * k.swing, high - down, over


def fire(v, high, now, *constants):
    """The output switches, the feedback lifts the node."""
    k = Constants(*constants)
    return v + k.swing, k.on


def initial(params: Params) -> State:
    """Discharged, output low."""
    return State(0.0, 0.0)


EQUATION: Equation = Equation(
    name="axon_hillock",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v", "high"),
    advance=advance,
    fire=fire,
    crossing=reaches,
    constants=constants,
    initial=initial,
    choices=Choices(
        decay="none: the node moves in a straight line, exactly",
        input="amperes, scaled by dt / (C + C_f)",
        threshold="after integration, >=",
        reset="a current discharges the node while the output is high",
        spikes="one per rise of the output",
        gradient="not trained",
    ),
    source="Mead, Analog VLSI and Neural Systems, 1989, chapter 12; Danneville et al. 2019",
    kicked=("v",),
    usual_dt=0.01e-3,
)
