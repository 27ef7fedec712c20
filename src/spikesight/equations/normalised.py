"""A leaky neuron whose threshold grows with its weights, and whose spikes take from neurons one step later.

``v = (v - taken) decay + (1 - decay) current``, a spike where ``v / norm > threshold``; norm is the sum of the squares
of the neuron's weights. A spike takes `threshold` times `norm` at the beginning of the next step, before the leak: from
the neuron itself, or, where a layer has lateral connections, from all that share its inputs, as much as their weights
are alike (the layer then fills `taken` in).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from spikesight.base.errors import InputError
from spikesight.equations.contract import Choices, Equation, above
from spikesight.equations.time_constants import check_positive
from spikesight.equations.time_constants import decay as decay_of

TINY = 1e-8
"""Added to the norm that the membrane is divided by."""


@dataclass(frozen=True)
class Params:
    """`tau` in seconds; the threshold has no unit; `norm` is that of the membrane, in volts.

    Errors: InputError for a tau or norm that is not positive, or a threshold below 0.
    """

    tau: float = 2.8e-3
    threshold: float = 1.0
    norm: float = 1.0

    def __post_init__(self) -> None:
        check_positive(tau=self.tau, norm=self.norm)
        if not self.threshold >= 0.0:
            raise InputError(f"the threshold is {self.threshold}, expected 0 or more")


class State(NamedTuple):
    """Membrane, and what the spikes of the step before take from it, both in volts."""

    v: float
    taken: float


class Constants(NamedTuple):
    """What a step needs: `divisor` is the norm, kept from 0; `taking` what a spike takes from its own neuron."""

    decay: float
    divisor: float
    threshold: float
    taking: float
    none: float


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds."""
    return Constants(
        decay_of(params.tau, dt), params.norm + TINY, params.threshold, params.threshold * params.norm, 0.0
    )


def advance(v, taken, current, now, where, decay, divisor, threshold, taking, none):
    """Lose what spikes took, then relax towards the current; compare the membrane, divided by the norm.

    Shapes: all (B, ...).   Units: v, taken and current in volts.   Choices: `EQUATION.choices`.
    Source: Zimmer et al. 2019; Pellegrini, Zimmer & Masquelier, IEEE SLT 2021.
    """
    left = v - taken
    v = current + decay * (left - current)
    return v, none * taken, v / divisor - threshold


def fire(v, taken, now, decay, divisor, threshold, taking, none):
    """Take from the neuron itself, in the step that comes."""
    return v, taking


def initial(params: Params) -> State:
    """Empty."""
    return State(0.0, 0.0)


EQUATION: Equation = Equation(
    name="normalised",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v", "taken"),
    advance=advance,
    fire=fire,
    crossing=above,
    constants=constants,
    initial=initial,
    kicked=("v",),
    usual_dt=1e-3,
    choices=Choices(
        decay="exact",
        input="scaled by 1 - decay",
        threshold="after integration, >, of the membrane divided by the squared norm of the weights",
        reset="by subtraction, at the beginning of the next step, before the leak",
        spikes="one per step",
        gradient="through the reset",
    ),
    source="Pellegrini, Zimmer & Masquelier, IEEE SLT 2021; Zimmer et al. 2019",
)
