"""Exponential integrate-and-fire, with adaptation (AdEx) or without (EIF), by Euler steps.

``C dv/dt = I - g (v - rest) + g width exp((v - onset) / width) - w``, ``tau_w dw/dt = a (v - rest) - w``; a spike,
where v reaches `peak`, resets v and adds `b` to w. With a = b = 0 there is no adaptation.

Euler's upswing lags behind: a spike comes up to five steps late. The exponential is taken at `peak` at most: above it
the neuron fires in this step, and the numbers stay finite.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from spikesight.equations.contract import Choices, Equation, reaches
from spikesight.equations.presets import Preset
from spikesight.equations.reset import Reset, ToValue
from spikesight.equations.resting import resting_potential
from spikesight.equations.time_constants import check_positive, check_step, steps


@dataclass(frozen=True)
class Params:
    """Farads, siemens, volts, seconds, amperes. The defaults are those of the publication."""

    capacitance: float = 281e-12
    g: float = 30e-9
    rest: float = -70.6e-3
    onset: float = -50.4e-3
    width: float = 2e-3
    tau_w: float = 144e-3
    a: float = 4e-9
    b: float = 0.0805e-9
    peak: float = 20e-3
    reset: Reset = ToValue(-70.6e-3)
    refractory: float = 0.0

    def __post_init__(self) -> None:
        check_positive(capacitance=self.capacitance, g=self.g, width=self.width, tau_w=self.tau_w)


class State(NamedTuple):
    """Membrane (volts), adaptation (amperes), step from which the neuron may fire again."""

    v: float
    w: float
    ready: int


class Constants(NamedTuple):
    """What a step needs, computed once."""

    leak: float
    upswing: float
    gain: float
    rest: float
    onset: float
    steep: float
    recovery: float
    a: float
    b: float
    peak: float
    keep: float
    landing: float
    refractory: int
    never: float


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds.

    Errors: InputError where Euler would overshoot: `dt` over half the shorter time constant.
    """
    tau = params.capacitance / params.g
    check_step("exponential", dt, min(tau, params.tau_w) / 2)
    keep, landing = params.reset.line(params.peak, params.rest)
    return Constants(
        dt / tau,
        dt / tau * params.width,
        dt / params.capacitance,
        params.rest,
        params.onset,
        1.0 / params.width,
        dt / params.tau_w,
        params.a,
        params.b,
        params.peak,
        keep,
        landing,
        steps(params.refractory, dt) + 1,
        -1.0,
    )


def advance(v, w, ready, current, now, where, exp, *constants):
    """Move membrane and adaptation, both from where they were, then compare with the peak.

    Shapes: all (B, ...).   Units: volts and amperes.   Choices: `EQUATION.choices`.
    Source: Brette & Gerstner 2005, eq. 1-3; Fourcaud-Trocme et al. 2003 without adaptation.
    """
    k = Constants(*constants)
    free = ready <= now
    away = v - k.rest
    swing = k.upswing * exp(k.steep * (where(v < k.peak, v, k.peak) - k.onset))
    moved = v - k.leak * away + swing + k.gain * (current - w)
    w = w + k.recovery * (k.a * away - w)
    v = where(free, moved, v)
    return v, w, where(free, v - k.peak, k.never)


def fire(v, w, ready, now, *constants):
    """Reset the membrane and hold it for the refractory time; the adaptation jumps."""
    k = Constants(*constants)
    return k.keep * v + k.landing, w + k.b, now + k.refractory


def initial(params: Params) -> State:
    """At rest, where leak, exponential and adaptation cancel."""

    def inflow(v: float) -> float:
        pull = (params.g + params.a) * (params.rest - v)
        return pull + params.g * params.width * math.exp((v - params.onset) / params.width)

    v = resting_potential(inflow, params.rest - params.width, params.onset)
    return State(v, params.a * (v - params.rest), 0)


PRESETS = {
    "AdEx": Preset("adaptive exponential integrate-and-fire, fitted to a pyramidal cell", Params()),
    "EIF": Preset("exponential integrate-and-fire: no adaptation", Params(a=0.0, b=0.0)),
}

EQUATION: Equation = Equation(
    name="exponential",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v", "w"),
    advance=advance,
    fire=fire,
    crossing=reaches,
    constants=constants,
    initial=initial,
    choices=Choices(
        decay="Euler, membrane and adaptation from where they were",
        input="amperes, scaled by dt / C",
        threshold="after integration, >= peak",
        reset="to a value (or by subtraction) and w jumps, in the same step",
        spikes="one per step",
        gradient="not trained",
    ),
    source="Brette & Gerstner, J. Neurophysiol. 94 (2005) 3637",
    functions=("exp",),
    kicked=("v",),
    usual_dt=0.1e-3,
    presets=PRESETS,
)
