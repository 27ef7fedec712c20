"""Persistent sodium and potassium: the planar conductance model, by Runge-Kutta steps.

``C dv/dt = I - g_na m(v) (v - e_na) - g_k n (v - e_k) - g_leak (v - e_leak)``, ``tau_n dn/dt = n_inf(v) - n``, with
``m, n_inf = 1 / (1 + exp((half - v) / slope))``. Units as published: millivolts, milliseconds, and microfarads,
millisiemens and microamperes per square centimetre. A spike is a rise through `level`; there is no reset.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from spikesight.equations.contract import Choices, Equation, reaches, shared
from spikesight.equations.crossing import rise
from spikesight.equations.presets import Preset
from spikesight.equations.resting import resting_potential
from spikesight.equations.runge_kutta import lengths, planar
from spikesight.equations.time_constants import check_positive, check_step

LONGEST = 0.05e-3
"""Seconds. Runge-Kutta follows an upstroke of this model in steps so long."""


@dataclass(frozen=True)
class Params:
    """Published units, see above; dt is in seconds here as everywhere. The defaults begin to fire at any rate.

    The neuron begins at `initial_v`, its gate where it settles there; None is at rest.
    """

    capacitance: float = 1.0
    g_na: float = 20.0
    g_k: float = 10.0
    g_leak: float = 8.0
    e_na: float = 60.0
    e_k: float = -90.0
    e_leak: float = -80.0
    half_m: float = -20.0
    slope_m: float = 15.0
    half_n: float = -25.0
    slope_n: float = 5.0
    tau_n: float = 1.0
    level: float = -20.0
    initial_v: float | None = None

    def __post_init__(self) -> None:
        check_positive(capacitance=self.capacitance, tau_n=self.tau_n)


class State(NamedTuple):
    """Membrane (mV), open share of the potassium gates, membrane after the last step (mV)."""

    v: float
    n: float
    before: float


class Constants(NamedTuple):
    """What a step needs, computed once: lengths of the step, rates per ms, potentials in mV."""

    half: float
    whole: float
    sixth: float
    gain: float
    g_na: float
    g_k: float
    g_leak: float
    e_na: float
    e_k: float
    e_leak: float
    half_m: float
    slope_m: float
    half_n: float
    slope_n: float
    rate_n: float
    level: float
    one: float
    never: float


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds.   Errors: InputError where `dt` is over `LONGEST`."""
    check_step("persistent_sodium", dt, LONGEST)
    return Constants(
        *lengths(dt * 1e3),
        1.0 / params.capacitance,
        params.g_na / params.capacitance,
        params.g_k / params.capacitance,
        params.g_leak / params.capacitance,
        params.e_na,
        params.e_k,
        params.e_leak,
        params.half_m,
        params.slope_m,
        params.half_n,
        params.slope_n,
        1.0 / params.tau_n,
        params.level,
        1.0,
        -1.0,
    )


@shared
def open_share(v, half, slope, one, exp):
    """The share of gates that are open in the long run."""
    return one / (one + exp((half - v) / slope))


@shared
def slopes(v, n, current, exp, k):
    """Time derivatives per ms.   Source: Izhikevich 2007, eq. 4.1-4.2."""
    sodium = k.g_na * open_share(v, k.half_m, k.slope_m, k.one, exp) * (v - k.e_na)
    moved = k.gain * current - sodium - k.g_k * n * (v - k.e_k) - k.g_leak * (v - k.e_leak)
    return moved, k.rate_n * (open_share(v, k.half_n, k.slope_n, k.one, exp) - n)


def advance(v, n, before, current, now, where, exp, *constants):
    """Move membrane and gate, see whether the membrane rose through the level.

    Shapes: all (B, ...).   Units: mV; current in microamperes per square centimetre.   Choices: `EQUATION.choices`.
    Source: Izhikevich 2007, eq. 4.1-4.2.
    """
    k = Constants(*constants)
    v, n = planar(slopes, v, n, k.half, k.whole, k.sixth, current, exp, k)
    return v, n, v, rise(before, v, where, k.level, k.never)


def fire(v, n, before, now, *constants):
    """A spike changes nothing: it is the currents that bring the membrane down."""
    return v, n, before


def initial(params: Params) -> State:
    """At rest (or `initial_v`), the gate where it settles there."""
    k = constants(params, LONGEST)
    if params.initial_v is None:
        v = resting_potential(lambda at: slopes(at, settled(at, k), 0.0, math.exp, k)[0], -120.0, 60.0)
    else:
        v = float(params.initial_v)
    return State(v, settled(v, k), v)


def settled(v: float, k: Constants) -> float:
    """Return where the potassium gate settles at a fixed potential (mV)."""
    return float(open_share(v, k.half_n, k.slope_n, k.one, math.exp))


PRESETS = {
    "saddle-node": Preset("high threshold of potassium: begins to fire at any rate", Params()),
    "hopf": Preset(
        "low threshold of potassium: begins to fire at a rate of its own", Params(e_leak=-78.0, half_n=-45.0)
    ),
}

EQUATION: Equation = Equation(
    name="persistent_sodium",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v", "n", "before"),
    advance=advance,
    fire=fire,
    crossing=reaches,
    constants=constants,
    initial=initial,
    choices=Choices(
        decay="Runge-Kutta of order 4, the current held over the step",
        input="a current per area, added to C dv/dt as it is",
        threshold="after integration, >= level where the step before was below",
        reset="none: the currents do it",
        spikes="one per rise",
        gradient="not trained",
    ),
    source="Izhikevich, Dynamical Systems in Neuroscience, 2007, section 4.1",
    functions=("exp",),
    kicked=("v",),
    usual_dt=0.01e-3,
    presets=PRESETS,
)
