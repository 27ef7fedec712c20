"""Izhikevich's quadratic neuron with recovery, by Euler steps, in his units: millivolts and milliseconds.

``dv/dt = square v^2 + linear v + constant - u + I``, ``du/dt = a (b (v - recovery_from) - recovery_leak u)``; a spike,
where v reaches `peak`, sets v to `c` and adds `d` to u. A step moves v, then u with the new v, then looks for a spike.

Spikes of a quadratic neuron come from a run-away that an Euler step follows only roughly: their times depend on dt and
on the order of the two updates, and for some classes on the rounding: sums are taken in the published order. Results
compare with those of others only under the same scheme. Published results use
dt 0.25 ms, or two steps of 0.5 ms for v in each millisecond of u (`v_steps=2`, dt 1 ms).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from spikesight.base.errors import InputError
from spikesight.equations.contract import Choices, Equation, reaches
from spikesight.equations.izhikevich_classes import presets
from spikesight.equations.time_constants import check_step

LONGEST = 1e-3
"""Seconds. No published scheme moves u in longer steps, and v in steps longer than half of it."""


@dataclass(frozen=True)
class Params:
    """Millivolts and milliseconds, as published; dt is in seconds here as everywhere. The defaults spike regularly.

    `v_steps` is how many Euler steps v takes in one step of u, 1 or 2. `initial_v` and `initial_u` are where the neuron
    begins: None is at rest (where there is no rest, where v changes least), and u = b v.
    """

    a: float = 0.02
    b: float = 0.2
    c: float = -65.0
    d: float = 8.0
    square: float = 0.04
    linear: float = 5.0
    constant: float = 140.0
    recovery_from: float = 0.0
    recovery_leak: float = 1.0
    peak: float = 30.0
    v_steps: int = 1
    initial_v: float | None = None
    initial_u: float | None = None

    def __post_init__(self) -> None:
        if self.v_steps not in (1, 2):
            raise InputError(f"v_steps is {self.v_steps}; v takes 1 or 2 Euler steps in one step of u")
        if not self.square > 0.0:
            raise InputError(f"square is {self.square}; it is positive, or nothing makes the neuron spike")


class State(NamedTuple):
    """Membrane and recovery (both mV)."""

    v: float
    u: float


class Constants(NamedTuple):
    """What a step needs, computed once: how far v moves in its one or two steps, how far u does."""

    first: float
    second: float
    square: float
    linear: float
    constant: float
    recovery: float
    b: float
    recovery_from: float
    recovery_leak: float
    peak: float
    c: float
    d: float


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds.

    Errors: InputError where a step would be longer than any that was published.
    """
    check_step(f"izhikevich with v_steps={params.v_steps}", dt, LONGEST * params.v_steps / 2)
    milliseconds = dt * 1e3
    halves = params.v_steps == 2
    return Constants(
        milliseconds / 2 if halves else milliseconds,
        milliseconds / 2 if halves else 0.0,
        params.square,
        params.linear,
        params.constant,
        milliseconds * params.a,
        params.b,
        params.recovery_from,
        params.recovery_leak,
        params.peak,
        params.c,
        params.d,
    )


def advance(v, u, current, now, where, *constants):
    """Move v (twice by half, where there are two steps), then u with the new v, then compare with the peak.

    Shapes: all (B, ...).   Units: mV and ms; current in mV/ms, as published.   Choices: `EQUATION.choices`.
    Source: Izhikevich 2003, eq. 1-3; 2006, program spnet.m for the half-steps.
    """
    k = Constants(*constants)
    v = v + k.first * (k.square * v * v + k.linear * v + k.constant - u + current)
    v = v + k.second * (k.square * v * v + k.linear * v + k.constant - u + current)
    u = u + k.recovery * (k.b * (v - k.recovery_from) - k.recovery_leak * u)
    return v, u, v - k.peak


def fire(v, u, now, *constants):
    """The membrane jumps to c, the recovery by d."""
    k = Constants(*constants)
    return k.c, u + k.d


def initial(params: Params) -> State:
    """At rest, or where the parameters say."""
    v = resting(params) if params.initial_v is None else params.initial_v
    u = params.b * (v - params.recovery_from) if params.initial_u is None else params.initial_u
    return State(float(v), float(u))


def resting(params: Params) -> float:
    """Return where v rests without input (mV), with u = b v; where it rests nowhere, where it changes least."""
    linear = params.linear - params.b
    discriminant = linear**2 - 4.0 * params.square * (params.constant + params.b * params.recovery_from)
    return (-linear - math.sqrt(max(discriminant, 0.0))) / (2.0 * params.square)


EQUATION: Equation = Equation(
    name="izhikevich",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v", "u"),
    advance=advance,
    fire=fire,
    crossing=reaches,
    constants=constants,
    initial=initial,
    choices=Choices(
        decay="Euler: v in one step or two halves, then u with the new v",
        input="added to dv/dt as it is, in mV/ms",
        threshold="after integration, >= peak",
        reset="to a value, and u jumps, in the same step",
        spikes="one per step",
        gradient="not trained",
    ),
    source="Izhikevich, IEEE Trans. Neural Networks 14 (2003) 1569; 15 (2004) 1063; Neural Computation 18 (2006) 245",
    kicked=("v",),
    usual_dt=0.25e-3,
    presets=presets(Params),
)
