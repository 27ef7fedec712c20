"""Leaky integrate-and-fire with an adaptive threshold (2-D LIF).

``tau dv/dt = rest - v + R I``, ``tau_theta dtheta/dt = -theta``; fires where v > threshold + theta, which adds `jump`
to theta.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from spikesight.base.errors import InputError
from spikesight.equations import leaky
from spikesight.equations.contract import Adjoint, Choices, Equation, above
from spikesight.equations.negligible import dust_adjoint, without_dust
from spikesight.equations.reset import NoReset
from spikesight.equations.time_constants import check_positive, decay


@dataclass(frozen=True)
class Params(leaky.Params):
    """Seconds and volts; `jump` is what a spike adds to the threshold, `tau_theta` how it forgets."""

    tau_theta: float = 50e-3
    jump: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive(tau_theta=self.tau_theta)
        if isinstance(self.reset, NoReset):  # its fire takes the threshold's rise off, as subtraction does
            raise InputError(f"an adaptive neuron has a reset, Subtract() or ToValue(...), got {self.reset}")


class State(NamedTuple):
    """Membrane (volts), threshold above its base (volts), step from which the neuron may fire again."""

    v: float
    theta: float
    ready: int


class Constants(NamedTuple):
    """Those of the leaky neuron, and two of the threshold."""

    decay: float
    gain: float
    rest: float
    threshold: float
    keep: float
    landing: float
    refractory: int
    floor: float
    none: float
    never: float
    decay_theta: float
    jump: float


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds."""
    return Constants(*leaky.constants(params, dt), decay(params.tau_theta, dt), params.jump)


def advance(
    v, theta, ready, current, now, where,
    decay, gain, rest, threshold, keep, landing, refractory, floor, none, never, decay_theta, jump,
):  # fmt: skip
    """Relax membrane and threshold, add the input, compare the two.

    Shapes: all (B, ...).   Units: volts.   Choices: `EQUATION.choices`.
    Source: 2-D LIF, e.g. Bellec et al. 2018, eq. 2-3.
    """
    theta = without_dust(decay_theta * theta, where, floor, none)
    v, excess = leaky.advance(
        v,
        ready,
        current,
        now,
        where,
        decay,
        gain,
        rest,
        threshold + theta,
        keep,
        landing,
        refractory,
        floor,
        none,
        never,
    )
    return v, theta, excess


def fire(
    v, theta, ready, now,
    decay, gain, rest, threshold, keep, landing, refractory, floor, none, never, decay_theta, jump,
):  # fmt: skip
    """Reset the membrane (by subtraction: of the adapted threshold), raise the threshold, hold."""
    v, ready = leaky.fire(
        v - theta, ready, now, decay, gain, rest, threshold, keep, landing, refractory, floor, none, never
    )
    return v, theta + jump, ready


def silence(
    v, theta, ready, now, hold, where,
    decay, gain, rest, threshold, keep, landing, refractory, floor, none, never, decay_theta, jump,
):  # fmt: skip
    """Take the membrane to rest, and hold it at least so long; the threshold stays."""
    v, ready = leaky.silence(
        v, ready, now, hold, where, decay, gain, rest, threshold, keep, landing, refractory, floor, none, never
    )
    return v, theta, ready


def advance_adjoint(
    v, theta, ready, current, now, where,
    decay, gain, rest, threshold, keep, landing, refractory, floor, none, never, decay_theta, jump,
    to_v, to_theta, to_excess,
):  # fmt: skip
    """Take gradients back through `advance`: to v, theta, current, and the constants but those of the refractoriness.

    Shapes: all (B, ...).
    """
    faded = decay_theta * theta
    base = threshold + without_dust(faded, where, floor, none)
    to_v, to_current, to_decay, to_gain, to_rest, to_base, to_keep, to_landing = leaky.advance_adjoint(
        v, ready, current, now, where,
        decay, gain, rest, base, keep, landing, refractory, floor, none, never,
        to_v, to_excess,
    )  # fmt: skip
    to_faded = dust_adjoint(faded, where, floor, none, to_theta + to_base)
    return (
        to_v,
        decay_theta * to_faded,
        to_current,
        to_decay,
        to_gain,
        to_rest,
        to_base,
        to_keep,
        to_landing,
        to_faded * theta,
        none,
    )


def fire_adjoint(
    v, theta, ready, now,
    decay, gain, rest, threshold, keep, landing, refractory, floor, none, never, decay_theta, jump,
    to_v, to_theta,
):  # fmt: skip
    """Take gradients back through `fire`: to v, theta, and the constants but those of the refractoriness."""
    to_kept = keep * to_v
    return to_kept, to_theta - to_kept, none, none, none, none, to_v * (v - theta), to_v, none, to_theta


ADJOINT = Adjoint((*leaky.ADJOINT.constants, "decay_theta", "jump"), advance_adjoint, fire_adjoint)


def initial(params: Params) -> State:
    """At rest, threshold at its base, ready to fire."""
    return State(params.rest, 0.0, 0)


EQUATION: Equation = Equation(
    name="adaptive",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v", "theta"),
    advance=advance,
    fire=fire,
    crossing=above,
    constants=constants,
    initial=initial,
    silence=silence,
    adjoint=ADJOINT,
    choices=Choices(
        decay="exact, membrane and threshold",
        input="scaled by the drive: R (1 - decay), or (1 - decay) tau / C, or 1 (Charge)",
        threshold="after integration, >, against the decayed threshold",
        reset="to a value or by subtraction, in the same step; the threshold jumps after the test",
        spikes="one per step",
        gradient="through the reset",
    ),
    source="Bellec et al., Long short-term memory in networks of spiking neurons, 2018, eq. 2-3",
)
