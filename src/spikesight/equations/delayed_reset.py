"""Leaky neurons that are reset one step after they fired, as snnTorch's are; a step is the unit of time.

The membrane that is handed on is the one that fired; the next step begins by seeing that it is over the threshold.
Nothing of the reset has a gradient.

- `LEAKY`: what is reset decays: to 0, ``decay * 0 + x``; by subtraction, ``decay * v + x - threshold``.
- `SYNAPTIC`: the input reaches v through a current. Reset to 0, v is 0 at the end of the step: its input is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from spikesight.base.errors import InputError
from spikesight.equations.contract import Choices, Equation, above
from spikesight.equations.reset import NoReset, Reset, Subtract, ToValue


@dataclass(frozen=True)
class Params:
    """`decay` of v per step (snnTorch's beta), `decay_syn` of the current (alpha), threshold in volts.

    Errors: InputError for a reset to another value than 0, and decays outside of 0 to 1.
    """

    decay: float = 0.9
    threshold: float = 1.0
    reset: Reset = Subtract()  # noqa: RUF009 (frozen)
    decay_syn: float = 0.8

    def __post_init__(self) -> None:
        if self.reset not in (Subtract(), NoReset(), ToValue(0.0)):
            raise InputError(f"a delayed reset is to 0, by subtraction, or none; got {self.reset}")
        if not (0.0 <= self.decay <= 1.0 and 0.0 <= self.decay_syn <= 1.0):
            raise InputError(f"decays lie between 0 and 1, got {self.decay} and {self.decay_syn}")


class State(NamedTuple):
    """Membrane before its reset (volts)."""

    v: float


class SynapticState(NamedTuple):
    """Membrane before its reset, and synaptic current (volts)."""

    v: float
    i: float


class Constants(NamedTuple):
    """The parameters, what is kept of the membrane at a reset, and what it loses."""

    decay: float
    threshold: float
    keep: float
    loss: float
    none: float
    decay_syn: float


def constants(params: Params, dt: float) -> Constants:
    """Return the numbers of a step, however long it is."""
    keep, landing = params.reset.line(params.threshold, 0.0)
    return Constants(params.decay, params.threshold, keep, -landing, 0.0, params.decay_syn)


def initial(params: Params) -> State:
    """At rest."""
    return State(0.0)


def initial_synaptic(params: Params) -> SynapticState:
    """At rest, no current."""
    return SynapticState(0.0, 0.0)


def leaky(v, x, now, where, decay, threshold, keep, loss, none, decay_syn):
    """Reset what fired in the step before, decay, add the input.   Shapes: all (B, ...).   Units: volts."""
    pending = v - threshold > none
    v = decay * where(pending, keep * v, v) + x - where(pending, loss, none)
    return v, v - threshold


def synaptic(v, i, x, now, where, decay, threshold, keep, loss, none, decay_syn):
    """Decay, add the current with the input in it, then reset.   Shapes: all (B, ...).   Units: volts."""
    pending = v - threshold > none
    i = decay_syn * i + x
    moved = decay * v + i
    v = where(pending, keep * moved - loss, moved)
    return v, i, v - threshold


def fire(v, now, decay, threshold, keep, loss, none, decay_syn):
    """Leave everything to the next step."""
    return (v,)


def fire_synaptic(v, i, now, decay, threshold, keep, loss, none, decay_syn):
    """Leave everything to the next step."""
    return v, i


LEAKY = Equation(
    name="leaky, reset a step later",
    params=Params,
    state=State,
    inputs=("x",),
    moving=("v",),
    advance=leaky,
    fire=fire,
    crossing=above,
    constants=constants,
    initial=initial,
    choices=Choices(
        decay="a number of the step",
        input="added",
        threshold="after integration, >",
        reset="to 0, by subtraction or none, in the next step",
        spikes="one per step",
        gradient="not through the reset",
    ),
    source="snntorch 1.0.0, Leaky, 2026",
)

SYNAPTIC = replace(
    LEAKY,
    name="synaptic, reset a step later",
    state=SynapticState,
    moving=("v", "i"),
    advance=synaptic,
    fire=fire_synaptic,
    initial=initial_synaptic,
    source="snntorch 1.0.0, Synaptic, 2026",
)
