"""Leaky integrate-and-fire. With an infinite time constant it is the integrate-and-fire neuron.

``tau dv/dt = rest - v + R I``, written with the capacitance C = tau / R so that the limit without leak,
``C dv/dt = I``, is the same formula. A drive of `Charge` adds its value to v as it is, for synapses that are
instantaneous kicks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from spikesight.base.errors import InputError
from spikesight.equations.contract import Adjoint, Choices, Equation, reaches, shared
from spikesight.equations.negligible import NEGLIGIBLE, dust_adjoint, without_dust
from spikesight.equations.presets import Preset
from spikesight.equations.reset import Reset, ToValue
from spikesight.equations.time_constants import check_positive, decay, gain, steps


@dataclass(frozen=True)
class Capacitor:
    """`current` is in amperes and charges a capacitance (farads)."""

    capacitance: float

    def gain(self, tau: float, dt: float) -> float:
        """Volts per ampere and step."""
        return gain(tau, dt) / self.capacitance


@dataclass(frozen=True)
class Resistor:
    """`current` is in amperes through a membrane resistance (ohms); 1 makes it the voltage it would settle at."""

    resistance: float = 1.0

    def gain(self, tau: float, dt: float) -> float:
        """Volts per ampere and step: R (1 - exp(-dt / tau))."""
        return self.resistance * gain(tau, dt) / tau


@dataclass(frozen=True)
class Charge:
    """`current` is a kick in volts per step, added as it is."""

    def gain(self, tau: float, dt: float) -> float:
        """One."""
        return 1.0


@dataclass(frozen=True)
class Params:
    """Seconds and volts. `tau=math.inf` needs a `Capacitor` or `Charge` drive: there is no membrane to settle."""

    tau: float = 20e-3
    rest: float = 0.0
    threshold: float = 1.0
    reset: Reset = ToValue(0.0)
    refractory: float = 0.0
    drive: Capacitor | Resistor | Charge = Resistor()

    def __post_init__(self) -> None:
        check_positive(tau=self.tau)
        if math.isinf(self.tau) and isinstance(self.drive, Resistor):
            raise InputError("tau is infinite: the membrane has no resistance. Use drive=Capacitor(...) or Charge()")


class State(NamedTuple):
    """Membrane (volts) and the step from which the neuron may fire again."""

    v: float
    ready: int


class Constants(NamedTuple):
    """What a step needs, computed once."""

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


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds."""
    keep, landing = params.reset.line(params.threshold, params.rest)
    return Constants(
        decay(params.tau, dt),
        params.drive.gain(params.tau, dt),
        params.rest,
        params.threshold,
        keep,
        landing,
        steps(params.refractory, dt) + 1,
        NEGLIGIBLE,
        0.0,
        -1.0,
    )


@shared
def advance(v, ready, current, now, where, decay, gain, rest, threshold, keep, landing, refractory, floor, none, never):
    """Relax towards rest, add the input, compare with the threshold.

    Shapes: all (B, ...).   Units: v in volts, current as `drive` says.   Choices: `EQUATION.choices`.
    Source: Lapicque 1907; Gerstner & Kistler 2002, eq. 4.3, solved exactly for a current held over the step.
    """
    free = ready <= now
    away = without_dust(decay * (v - rest), where, floor, none)
    v = where(free, rest + away + gain * current, v)
    return v, where(free, v - threshold, never)


@shared
def fire(v, ready, now, decay, gain, rest, threshold, keep, landing, refractory, floor, none, never):
    """Reset the membrane and hold it for the refractory time."""
    return keep * v + landing, now + refractory


@shared
def silence(
    v, ready, now, hold, where, decay, gain, rest, threshold, keep, landing, refractory, floor, none, never
):  # fmt: skip
    """Take the membrane to rest, and hold it at least so long."""
    return rest, where(ready > now + hold, ready, now + hold)


@shared
def advance_adjoint(
    v, ready, current, now, where,
    decay, gain, rest, threshold, keep, landing, refractory, floor, none, never,
    to_v, to_excess,
):  # fmt: skip
    """Take gradients back through `advance`: to v, current, decay, gain, rest, threshold, keep and landing.

    Shapes: all (B, ...).   A neuron that is held passes the gradient of v on, and nothing else.
    """
    free = ready <= now
    to_excess = where(free, to_excess, none)
    total = to_v + to_excess
    moved = where(free, total, none)
    away = v - rest
    to_away = dust_adjoint(decay * away, where, floor, none, moved)
    relaxed = decay * to_away
    return (
        relaxed + where(free, none, total),
        gain * moved,
        to_away * away,
        moved * current,
        moved - relaxed,
        -to_excess,
        none,
        none,
    )


@shared
def fire_adjoint(v, ready, now, decay, gain, rest, threshold, keep, landing, refractory, floor, none, never, to_v):
    """Take gradients back through `fire`: to v, decay, gain, rest, threshold, keep and landing."""
    return keep * to_v, none, none, none, none, to_v * v, to_v


ADJOINT = Adjoint(("decay", "gain", "rest", "threshold", "keep", "landing"), advance_adjoint, fire_adjoint)


def initial(params: Params) -> State:
    """At rest and ready to fire."""
    return State(params.rest, 0)


PRESETS = {
    "integrate-and-fire": Preset(
        "no leak (tau infinite): dv/dt = current, in volts per second", Params(tau=math.inf, drive=Capacitor(1.0))
    ),
    "refractory": Preset("silent for 2 ms after each spike", Params(refractory=2e-3)),
}

EQUATION: Equation = Equation(
    name="leaky",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v",),
    advance=advance,
    fire=fire,
    crossing=reaches,
    constants=constants,
    initial=initial,
    silence=silence,
    adjoint=ADJOINT,
    choices=Choices(
        decay="exact",
        input="scaled by the drive: R (1 - decay), or (1 - decay) tau / C, or 1 (Charge)",
        threshold="after integration, >=",
        reset="to a value or by subtraction, in the same step",
        spikes="one per step",
        gradient="through the reset",
    ),
    source="Lapicque 1907; Gerstner & Kistler, Spiking Neuron Models, 2002, section 4.1",
    presets=PRESETS,
)
