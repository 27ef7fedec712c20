"""The conductance neuron with a homeostatic threshold: each spike raises it a little, hours bring it down.

The threshold decays over hours and a step lasts half a millisecond: in float32 a step's decay would be lost to
rounding. It is therefore moved by `drift`, in closed form, once per presentation (0.5 s, 5e-5 of theta).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

from spikesight.equations import conductance
from spikesight.equations.contract import Equation, above
from spikesight.equations.time_constants import check_positive


@dataclass(frozen=True)
class Params(conductance.Params):
    """As the conductance neuron; `jump` volts per spike, `tau_theta` seconds, `theta` volts to begin with."""

    jump: float = 0.05e-3
    tau_theta: float = 1e4
    theta: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(tau_theta=self.tau_theta)


class State(NamedTuple):
    """As the conductance neuron, and the threshold above its base (volts)."""

    v: float
    g_e: float
    g_i: float
    ready: int
    theta: float


class Constants(NamedTuple):
    """Those of the conductance neuron, and the jump of the threshold."""

    leak: float
    decay_e: float
    decay_i: float
    rest: float
    reversal_e: float
    reversal_i: float
    threshold: float
    keep: float
    landing: float
    refractory: int
    most: float
    floor: float
    none: float
    never: float
    jump: float


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds.   Errors: as the conductance neuron."""
    return Constants(*conductance.constants(params, dt), params.jump)


def advance(
    v, g_e, g_i, ready, theta, now, where,
    leak, decay_e, decay_i, rest, reversal_e, reversal_i,
    threshold, keep, landing, refractory, most, floor, none, never, jump,
):  # fmt: skip
    """Move v by the conductances as they are, then let them decay, then compare with the adapted threshold.

    Shapes: all (B, ...).   Units: volts; conductances in units of the leak.   Choices: `conductance.CHOICES`.
    Source: Diehl & Cook 2015, eq. 1-2 and section 2.3.
    """
    return conductance.advance(
        v, g_e, g_i, ready, now, where,
        leak, decay_e, decay_i, rest, reversal_e, reversal_i,
        threshold + theta, keep, landing, refractory, most, floor, none, never,
    )  # fmt: skip


def fire(
    v, g_e, g_i, ready, theta, now,
    leak, decay_e, decay_i, rest, reversal_e, reversal_i,
    threshold, keep, landing, refractory, most, floor, none, never, jump,
):  # fmt: skip
    """Reset the membrane, hold it for the refractory time, raise the threshold."""
    fired = conductance.fire(
        v, g_e, g_i, ready, now,
        leak, decay_e, decay_i, rest, reversal_e, reversal_i,
        threshold, keep, landing, refractory, most, floor, none, never,
    )  # fmt: skip
    return (*fired, theta + jump)


def drift(state: State, params: Params, seconds: float) -> State:
    """Let the threshold decay over `seconds`."""
    # The change, not the factor: 1 - 5e-5 would be rounded in float32, the same way every time.
    return state._replace(theta=state.theta + state.theta * math.expm1(-seconds / params.tau_theta))


def frozen(params: Params) -> Params:
    """The threshold neither rises nor decays."""
    return replace(params, jump=0.0, tau_theta=math.inf)


def initial(params: Params) -> State:
    """At rest, threshold `theta` above its base."""
    return State(*conductance.initial(params), params.theta)


EQUATION: Equation = Equation(
    name="adaptive_conductance",
    params=Params,
    state=State,
    inputs=(),
    moving=("v", "g_e", "g_i"),
    advance=advance,
    fire=fire,
    crossing=above,
    constants=constants,
    initial=initial,
    choices=conductance.CHOICES,
    source="Diehl & Cook, Front. Comput. Neurosci. 9:99 (2015), eq. 1-2 and section 2.3",
    learned=("theta",),
    drift=drift,
    frozen=frozen,
)
