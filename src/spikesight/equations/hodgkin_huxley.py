"""Hodgkin & Huxley's axon: sodium, potassium and leak, by Runge-Kutta steps.

``C dv/dt = I - g_na m^3 h (v - e_na) - g_k n^4 (v - e_k) - g_leak (v - e_leak)``, and for each gate
``dx/dt = alpha(v) (1 - x) - beta(v) x``. Units as published, with the rest at -65: millivolts, milliseconds, and
microfarads, millisiemens and microamperes per square centimetre. A spike is a rise through `level`; there is no reset.

Two of the rates are ``r x / (1 - exp(-x))``, which is r where x = 0: a hole in the formula, not in the function. It is
written with expm1, which is exact next to the hole, and x = 0 is replaced by a number so small that nothing changes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from spikesight.equations.contract import Choices, Equation, reaches, shared
from spikesight.equations.crossing import rise
from spikesight.equations.resting import resting_potential
from spikesight.equations.runge_kutta import lengths, of_four
from spikesight.equations.time_constants import check_positive, check_step

LONGEST = 0.05e-3
"""Seconds. Runge-Kutta follows the upstroke in steps so long; the sodium gate is no slower than 0.1 ms."""


class Rate(NamedTuple):
    """A rate at which gates open or close: `value` per ms at potential `at` (mV), changing over `scale` (mV)."""

    value: float
    at: float
    scale: float


OPEN_M, CLOSE_M = Rate(1.0, -40.0, 10.0), Rate(4.0, -65.0, 18.0)
OPEN_H, CLOSE_H = Rate(0.07, -65.0, 20.0), Rate(1.0, -35.0, 10.0)
OPEN_N, CLOSE_N = Rate(0.1, -55.0, 10.0), Rate(0.125, -65.0, 80.0)


@dataclass(frozen=True)
class Params:
    """Published units, see above; dt is in seconds here as everywhere.

    The neuron begins at `initial_v`, its gates where they settle there; None is at rest.
    """

    capacitance: float = 1.0
    g_na: float = 120.0
    g_k: float = 36.0
    g_leak: float = 0.3
    e_na: float = 50.0
    e_k: float = -77.0
    e_leak: float = -54.387
    level: float = 0.0
    initial_v: float | None = None

    def __post_init__(self) -> None:
        check_positive(capacitance=self.capacitance)


class State(NamedTuple):
    """Membrane (mV), the gates m, h and n (shares that are open), membrane after the last step (mV)."""

    v: float
    m: float
    h: float
    n: float
    before: float


class Constants(NamedTuple):
    """What a step needs, computed once: lengths of the step, rates per ms, potentials in mV, then the six rates."""

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
    level: float
    none: float
    tiny: float
    one: float
    never: float
    open_m: float
    open_m_at: float
    open_m_scale: float
    close_m: float
    close_m_at: float
    close_m_scale: float
    open_h: float
    open_h_at: float
    open_h_scale: float
    close_h: float
    close_h_at: float
    close_h_scale: float
    open_n: float
    open_n_at: float
    open_n_scale: float
    close_n: float
    close_n_at: float
    close_n_scale: float


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds.   Errors: InputError where `dt` is over `LONGEST`."""
    check_step("hodgkin_huxley", dt, LONGEST)
    return Constants(
        *lengths(dt * 1e3),
        1.0 / params.capacitance,
        params.g_na / params.capacitance,
        params.g_k / params.capacitance,
        params.g_leak / params.capacitance,
        params.e_na,
        params.e_k,
        params.e_leak,
        params.level,
        0.0,
        1e-20,
        1.0,
        -1.0,
        *(*OPEN_M, *CLOSE_M, *OPEN_H, *CLOSE_H, *OPEN_N, *CLOSE_N),
    )


@shared
def ramp(v, value, at, scale, where, expm1, none, tiny):
    """A rate that grows from 0 to a straight line: value x / (1 - exp(-x)), x = (v - at) / scale."""
    x = (v - at) / scale
    x = where(x == none, tiny, x)
    return value * x / -expm1(-x)


@shared
def falling(v, value, at, scale, exp):
    """A rate that falls exponentially."""
    return value * exp((at - v) / scale)


@shared
def rising(v, value, at, scale, exp, one):
    """A rate that rises from 0 to its value."""
    return value / (one + exp((at - v) / scale))


@shared
def rates(v, where, exp, expm1, k):
    """Opening and closing rates (per ms) of m, h and n.   Source: Hodgkin & Huxley 1952, eq. 12-13, 20-21, 23-24."""
    return (
        ramp(v, k.open_m, k.open_m_at, k.open_m_scale, where, expm1, k.none, k.tiny),
        falling(v, k.close_m, k.close_m_at, k.close_m_scale, exp),
        falling(v, k.open_h, k.open_h_at, k.open_h_scale, exp),
        rising(v, k.close_h, k.close_h_at, k.close_h_scale, exp, k.one),
        ramp(v, k.open_n, k.open_n_at, k.open_n_scale, where, expm1, k.none, k.tiny),
        falling(v, k.close_n, k.close_n_at, k.close_n_scale, exp),
    )


@shared
def inflow(v, m, h, n, current, k):
    """What moves the membrane (mV per ms).   Source: Hodgkin & Huxley 1952, eq. 26."""
    sodium = k.g_na * m * m * m * h * (v - k.e_na)
    potassium = k.g_k * n * n * n * n * (v - k.e_k)
    return k.gain * current - sodium - potassium - k.g_leak * (v - k.e_leak)


@shared
def slopes(v, m, h, n, current, where, exp, expm1, k):
    """Time derivatives per ms.   Source: Hodgkin & Huxley 1952, eq. 7, 15, 16 and 26."""
    open_m, close_m, open_h, close_h, open_n, close_n = rates(v, where, exp, expm1, k)
    return (
        inflow(v, m, h, n, current, k),
        open_m * (k.one - m) - close_m * m,
        open_h * (k.one - h) - close_h * h,
        open_n * (k.one - n) - close_n * n,
    )


def advance(v, m, h, n, before, current, now, where, exp, expm1, *constants):
    """Move membrane and gates, see whether the membrane rose through the level.

    Shapes: all (B, ...).   Units: mV; current in microamperes per square centimetre.   Choices: `EQUATION.choices`.
    Source: Hodgkin & Huxley 1952, eq. 26 with the rates of section III, rest moved to -65 mV.
    """
    k = Constants(*constants)
    v, m, h, n = of_four(slopes, v, m, h, n, k.half, k.whole, k.sixth, current, where, exp, expm1, k)
    return v, m, h, n, v, rise(before, v, where, k.level, k.never)


def fire(v, m, h, n, before, now, *constants):
    """A spike changes nothing: it is the currents that bring the membrane down."""
    return v, m, h, n, before


def initial(params: Params) -> State:
    """At rest (or `initial_v`), the gates where they settle there."""
    k = constants(params, LONGEST)
    if params.initial_v is None:
        v = resting_potential(lambda at: inflow(at, *settled(at, k), 0.0, k), -120.0, 60.0)
    else:
        v = float(params.initial_v)
    return State(v, *settled(v, k), v)


def settled(v: float, k: Constants) -> tuple[float, float, float]:
    """Return where the gates m, h and n settle at a fixed potential (mV)."""
    found = rates(v, lambda condition, a, b: a if condition else b, math.exp, math.expm1, k)
    m, h, n = (float(opening / (opening + closing)) for opening, closing in zip(found[::2], found[1::2], strict=True))
    return m, h, n


EQUATION: Equation = Equation(
    name="hodgkin_huxley",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v", "m", "h", "n", "before"),
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
    source="Hodgkin & Huxley, J. Physiol. 117 (1952) 500",
    functions=("exp", "expm1"),
    kicked=("v",),
    usual_dt=0.01e-3,
)
