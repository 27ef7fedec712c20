"""Leaky integrate-and-fire with exponential current synapses, solved exactly.

``tau dv/dt = rest - v + i``, ``tau_syn di/dt = -i``: a synapse adds its weight (volts) to `i`. A constant drive
`current` (volts, the value that v would settle at) comes on top.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from spikesight.base.errors import InputError
from spikesight.equations.contract import Adjoint, Choices, Equation, reaches
from spikesight.equations.negligible import NEGLIGIBLE, dust_adjoint, without_dust
from spikesight.equations.reset import Reset, ToValue
from spikesight.equations.time_constants import check_positive, decay, steps


@dataclass(frozen=True)
class Params:
    """Seconds and volts. The two time constants must differ: equal ones have another solution."""

    tau: float = 20e-3
    tau_syn: float = 5e-3
    rest: float = 0.0
    threshold: float = 1.0
    reset: Reset = ToValue(0.0)
    refractory: float = 0.0

    def __post_init__(self) -> None:
        check_positive(tau=self.tau, tau_syn=self.tau_syn)
        if self.tau == self.tau_syn:
            raise InputError(
                f"tau and tau_syn are both {self.tau} s; choose two different values (1 % apart is enough)"
            )


class State(NamedTuple):
    """Membrane (volts), synaptic current (the voltage it drives towards), step from which the neuron may fire again."""

    v: float
    i: float
    ready: int


class Constants(NamedTuple):
    """What a step needs, computed once."""

    decay: float
    decay_syn: float
    transfer: float
    gain: float
    rest: float
    threshold: float
    keep: float
    landing: float
    refractory: int
    floor: float
    none: float
    never: float


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds."""
    membrane, synapse = decay(params.tau, dt), decay(params.tau_syn, dt)
    keep, landing = params.reset.line(params.threshold, params.rest)
    return Constants(
        membrane,
        synapse,
        params.tau_syn / (params.tau_syn - params.tau) * (synapse - membrane),
        1.0 - membrane,
        params.rest,
        params.threshold,
        keep,
        landing,
        steps(params.refractory, dt) + 1,
        NEGLIGIBLE,
        0.0,
        -1.0,
    )


def advance(
    v, i, ready, current, now, where,
    decay, decay_syn, transfer, gain, rest, threshold, keep, landing, refractory, floor, none, never,
):  # fmt: skip
    """Relax towards rest under the decaying synaptic current, compare with the threshold.

    Shapes: all (B, ...).   Units: volts.   Choices: `EQUATION.choices`.
    Source: Rotter & Diesmann 1999, the exact propagator of two coupled exponentials.
    """
    free = ready <= now
    away = without_dust(decay * (v - rest), where, floor, none)
    v = where(free, rest + away + transfer * i + gain * current, v)
    i = without_dust(decay_syn * i, where, floor, none)
    return v, i, where(free, v - threshold, never)


def fire(
    v, i, ready, now,
    decay, decay_syn, transfer, gain, rest, threshold, keep, landing, refractory, floor, none, never,
):  # fmt: skip
    """Reset the membrane and hold it for the refractory time; the synaptic current stays."""
    return keep * v + landing, i, now + refractory


def advance_adjoint(
    v, i, ready, current, now, where,
    decay, decay_syn, transfer, gain, rest, threshold, keep, landing, refractory, floor, none, never,
    to_v, to_i, to_excess,
):  # fmt: skip
    """Take gradients back through `advance`: to v, i, current, and the constants but those of the refractoriness.

    Shapes: all (B, ...).   A neuron that is held passes the gradient of v on; its synaptic current decays as ever.
    """
    free = ready <= now
    to_excess = where(free, to_excess, none)
    total = to_v + to_excess
    moved = where(free, total, none)
    away = v - rest
    to_away = dust_adjoint(decay * away, where, floor, none, moved)
    to_decayed = dust_adjoint(decay_syn * i, where, floor, none, to_i)
    relaxed = decay * to_away
    return (
        relaxed + where(free, none, total),
        transfer * moved + decay_syn * to_decayed,
        gain * moved,
        to_away * away,
        to_decayed * i,
        moved * i,
        moved * current,
        moved - relaxed,
        -to_excess,
        none,
        none,
    )


def fire_adjoint(
    v, i, ready, now,
    decay, decay_syn, transfer, gain, rest, threshold, keep, landing, refractory, floor, none, never,
    to_v, to_i,
):  # fmt: skip
    """Take gradients back through `fire`: to v, i, and the constants but those of the refractoriness."""
    return keep * to_v, to_i, none, none, none, none, none, none, to_v * v, to_v


ADJOINT = Adjoint(
    ("decay", "decay_syn", "transfer", "gain", "rest", "threshold", "keep", "landing"), advance_adjoint, fire_adjoint
)


def initial(params: Params) -> State:
    """At rest, no current, ready to fire."""
    return State(params.rest, 0.0, 0)


EQUATION: Equation = Equation(
    name="current",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v", "i"),
    advance=advance,
    fire=fire,
    crossing=reaches,
    constants=constants,
    initial=initial,
    adjoint=ADJOINT,
    choices=Choices(
        decay="exact, membrane and synapse together",
        input="a synapse adds its weight to i (volts); current scaled by 1 - decay",
        threshold="after integration, >=",
        reset="to a value or by subtraction, in the same step",
        spikes="one per step",
        gradient="through the reset",
    ),
    source="Rotter & Diesmann, Biol. Cybern. 81 (1999), section 3",
)
