"""Leaky integrate-and-fire with conductance synapses, by Euler steps.

``tau dv/dt = (rest - v) + g_e (E_e - v) + g_i (E_i - v)``, conductances in units of the leak and decaying on their own.
A synapse adds its weight to `g_e` or `g_i`.

An Euler step overshoots once dt (1 + g) > tau: when two dozen neurons of a competitive layer fire together, their
inhibition would throw all others far beyond the reversal potential and back over the threshold. A conductance therefore
acts as at most tau / dt - 1, the one that takes the membrane to its reversal potential in one step. Below that, the
step is plain Euler.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from spikesight.base.errors import InputError
from spikesight.equations.contract import Choices, Equation, above, shared
from spikesight.equations.negligible import NEGLIGIBLE
from spikesight.equations.reset import Reset, ToValue
from spikesight.equations.time_constants import check_positive, steps


@dataclass(frozen=True)
class Params:
    """Seconds and volts; conductances have no unit."""

    tau: float = 100e-3
    rest: float = -65e-3
    threshold: float = -52e-3
    reset: Reset = ToValue(-65e-3)
    refractory: float = 5e-3
    reversal_e: float = 0.0
    reversal_i: float = -100e-3
    tau_e: float = 1e-3
    tau_i: float = 2e-3
    initial_v: float | None = None

    def __post_init__(self) -> None:
        check_positive(tau=self.tau, tau_e=self.tau_e, tau_i=self.tau_i)


class State(NamedTuple):
    """Membrane (volts), conductances (in units of the leak), step from which the neuron may fire again."""

    v: float
    g_e: float
    g_i: float
    ready: int


class Constants(NamedTuple):
    """What a step needs, computed once."""

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


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds.

    Errors: InputError where Euler would overshoot: `dt` longer than a time constant of the synapses.
    """
    shortest = min(params.tau, params.tau_e, params.tau_i)
    if dt >= shortest:
        raise InputError(
            f"dt is {dt} s, but the shortest time constant is {shortest} s: an Euler step would overshoot. "
            f"Choose dt <= {shortest / 2} s."
        )
    keep, landing = params.reset.line(params.threshold, params.rest)
    return Constants(
        dt / params.tau,
        1.0 - dt / params.tau_e,
        1.0 - dt / params.tau_i,
        params.rest,
        params.reversal_e,
        params.reversal_i,
        params.threshold,
        keep,
        landing,
        steps(params.refractory, dt) + 1,
        params.tau / dt - 1.0,
        NEGLIGIBLE,
        0.0,
        -1.0,
    )


@shared
def advance(
    v, g_e, g_i, ready, now, where,
    leak, decay_e, decay_i, rest, reversal_e, reversal_i,
    threshold, keep, landing, refractory, most, floor, none, never,
):  # fmt: skip
    """Move v by the conductances as they are, then let them decay, then compare with the threshold.

    Shapes: all (B, ...).   Units: volts; conductances in units of the leak.   Choices: `EQUATION.choices`.
    Source: Diehl & Cook 2015, eq. 1-2.
    """
    free = ready <= now
    act_e = where(g_e < most, g_e, most)
    act_i = where(g_i < most, g_i, most)
    pull = (rest - v) + act_e * (reversal_e - v) + act_i * (reversal_i - v)
    v = where(free, v + leak * pull, v)
    g_e = decay_e * g_e
    g_i = decay_i * g_i
    g_e, g_i = where(abs(g_e) > floor, g_e, none), where(abs(g_i) > floor, g_i, none)
    return v, g_e, g_i, where(free, v - threshold, never)


@shared
def fire(
    v, g_e, g_i, ready, now,
    leak, decay_e, decay_i, rest, reversal_e, reversal_i,
    threshold, keep, landing, refractory, most, floor, none, never,
):  # fmt: skip
    """Reset the membrane and hold it for the refractory time; the conductances stay."""
    return keep * v + landing, g_e, g_i, now + refractory


def initial(params: Params) -> State:
    """At rest (or `initial_v`), no conductance, ready to fire."""
    return State(params.rest if params.initial_v is None else params.initial_v, 0.0, 0.0, 0)


CHOICES = Choices(
    decay="Euler: the membrane moves, then the conductances decay; a conductance acts as at most tau / dt - 1",
    input="a synapse adds its weight to g_e or g_i, in units of the leak",
    threshold="after integration, >",
    reset="to a value (or by subtraction), in the same step",
    spikes="one per step",
    gradient="not trained",
)

EQUATION: Equation = Equation(
    name="conductance",
    params=Params,
    state=State,
    inputs=(),
    moving=("v", "g_e", "g_i"),
    advance=advance,
    fire=fire,
    crossing=above,
    constants=constants,
    initial=initial,
    choices=CHOICES,
    source="Diehl & Cook, Front. Comput. Neurosci. 9:99 (2015), eq. 1-2",
)
