"""Morris & Lecar's neuron: a fast calcium and a slow potassium current, by Runge-Kutta steps.

``C dv/dt = I - g_ca m_inf(v) (v - e_ca) - g_k w (v - e_k) - g_leak (v - e_leak)``,
``dw/dt = phi cosh((v - v3) / (2 v4)) (w_inf(v) - w)``, ``m_inf = (1 + tanh((v - v1) / v2)) / 2``,
``w_inf = (1 + tanh((v - v3) / v4)) / 2``. Units as published: millivolts, milliseconds, and microfarads, millisiemens
and microamperes per square centimetre. A spike is a rise through `level`; there is no reset.
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

LONGEST = 0.5e-3
"""Seconds. The model is slow: Runge-Kutta follows its upstroke in steps so long."""


@dataclass(frozen=True)
class Params:
    """Published units, see above; dt is in seconds here as everywhere. The defaults have a Hopf bifurcation.

    The neuron begins at `initial_v`, its gate where it settles there; None is at rest.
    """

    capacitance: float = 20.0
    g_ca: float = 4.4
    g_k: float = 8.0
    g_leak: float = 2.0
    e_ca: float = 120.0
    e_k: float = -84.0
    e_leak: float = -60.0
    v1: float = -1.2
    v2: float = 18.0
    v3: float = 2.0
    v4: float = 30.0
    phi: float = 0.04
    level: float = 0.0
    initial_v: float | None = None

    def __post_init__(self) -> None:
        check_positive(capacitance=self.capacitance)


class State(NamedTuple):
    """Membrane (mV), open share of the potassium gates, membrane after the last step (mV)."""

    v: float
    w: float
    before: float


class Constants(NamedTuple):
    """What a step needs, computed once: lengths of the step, rates per ms, potentials in mV."""

    half: float
    whole: float
    sixth: float
    gain: float
    g_ca: float
    g_k: float
    g_leak: float
    e_ca: float
    e_k: float
    e_leak: float
    v1: float
    v2: float
    v3: float
    v4: float
    twice_v4: float
    phi: float
    level: float
    one: float
    share: float
    never: float


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds.   Errors: InputError where `dt` is over `LONGEST`."""
    check_step("morris_lecar", dt, LONGEST)
    return Constants(
        *lengths(dt * 1e3),
        1.0 / params.capacitance,
        params.g_ca / params.capacitance,
        params.g_k / params.capacitance,
        params.g_leak / params.capacitance,
        params.e_ca,
        params.e_k,
        params.e_leak,
        params.v1,
        params.v2,
        params.v3,
        params.v4,
        2.0 * params.v4,
        params.phi,
        params.level,
        1.0,
        0.5,
        -1.0,
    )


@shared
def slopes(v, w, current, tanh, cosh, k):
    """Time derivatives per ms.   Source: Morris & Lecar 1981, eq. 1-2 and 9, calcium at once."""
    calcium = k.g_ca * k.share * (k.one + tanh((v - k.v1) / k.v2)) * (v - k.e_ca)
    moved = k.gain * current - calcium - k.g_k * w * (v - k.e_k) - k.g_leak * (v - k.e_leak)
    away = k.share * (k.one + tanh((v - k.v3) / k.v4)) - w
    return moved, k.phi * cosh((v - k.v3) / k.twice_v4) * away


def advance(v, w, before, current, now, where, tanh, cosh, *constants):
    """Move membrane and gate, see whether the membrane rose through the level.

    Shapes: all (B, ...).   Units: mV; current in microamperes per square centimetre.   Choices: `EQUATION.choices`.
    Source: Morris & Lecar 1981; Rinzel & Ermentrout 1989 for the sets of constants.
    """
    k = Constants(*constants)
    v, w = planar(slopes, v, w, k.half, k.whole, k.sixth, current, tanh, cosh, k)
    return v, w, v, rise(before, v, where, k.level, k.never)


def fire(v, w, before, now, *constants):
    """A spike changes nothing: it is the currents that bring the membrane down."""
    return v, w, before


def initial(params: Params) -> State:
    """At rest (or `initial_v`), the gate where it settles there."""
    k = constants(params, LONGEST)
    if params.initial_v is None:
        v = resting_potential(lambda at: slopes(at, settled(at, k), 0.0, math.tanh, math.cosh, k)[0], -120.0, 60.0)
    else:
        v = float(params.initial_v)
    return State(v, settled(v, k), v)


def settled(v: float, k: Constants) -> float:
    """Return where the potassium gate settles at a fixed potential (mV)."""
    return 0.5 * (1.0 + math.tanh((v - k.v3) / k.v4))


PRESETS = {
    "hopf": Preset("begins to fire at a rate of its own", Params()),
    "saddle-node": Preset("begins to fire at any rate", Params(g_ca=4.0, v3=12.0, v4=17.4, phi=0.067)),
    "homoclinic": Preset("fires and rests under the same current", Params(g_ca=4.0, v3=12.0, v4=17.4, phi=0.23)),
}

EQUATION: Equation = Equation(
    name="morris_lecar",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v", "w", "before"),
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
    source="Morris & Lecar, Biophys. J. 35 (1981) 193",
    functions=("tanh", "cosh"),
    kicked=(),  # after a jump by hundreds of millivolts its gate would move faster than any step follows
    usual_dt=0.05e-3,
    presets=PRESETS,
)
