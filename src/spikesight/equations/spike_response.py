"""The spike response model with exponential kernels, kept as state: nothing is summed over past spikes.

``v(t) = eta + sum over inputs w eps(t - t_in)``, ``eps(s) = exp(-s / tau) - exp(-s / tau_syn)``, scaled to a peak of 1
(``exp(-s / tau)`` where tau_syn is 0), ``eta(s) = -threshold exp(-s / tau)``. What eta remembers is `after_spike`:

- `EveryFiring`: eta is summed over all earlier output spikes. This is the leaky neuron with reset by subtraction.
- `LastFiring`: eta knows the last output spike only (SRM0), an approximation of it.
- `InputsForgotten`: no eta, but only inputs after the last output spike act. This is the leaky neuron with reset to 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from spikesight.base.errors import InputError
from spikesight.equations.contract import Choices, Equation, reaches
from spikesight.equations.negligible import NEGLIGIBLE, without_dust
from spikesight.equations.time_constants import check_positive, decay, steps


@dataclass(frozen=True)
class EveryFiring:
    """Eta is summed over all output spikes."""

    def lines(self, threshold: float) -> tuple[float, float, float]:
        """Return what a spike does: factor of the inputs so far, factor of eta so far, what eta gains."""
        return 1.0, 1.0, -threshold


@dataclass(frozen=True)
class LastFiring:
    """Eta knows the last output spike only."""

    def lines(self, threshold: float) -> tuple[float, float, float]:
        """Return what a spike does: factor of the inputs so far, factor of eta so far, what eta gains."""
        return 1.0, 0.0, -threshold


@dataclass(frozen=True)
class InputsForgotten:
    """There is no eta; inputs before the spike stop acting."""

    def lines(self, threshold: float) -> tuple[float, float, float]:
        """Return what a spike does: factor of the inputs so far, factor of eta so far, what eta gains."""
        return 0.0, 0.0, 0.0


@dataclass(frozen=True)
class Params:
    """Seconds and volts; `tau_syn` 0 makes synapses instantaneous. `refractory` clamps for good, eta for a while."""

    tau: float = 20e-3
    tau_syn: float = 5e-3
    threshold: float = 1.0
    after_spike: EveryFiring | LastFiring | InputsForgotten = LastFiring()
    refractory: float = 0.0

    def __post_init__(self) -> None:
        check_positive(tau=self.tau)
        if not 0.0 <= self.tau_syn < self.tau:
            raise InputError(f"tau_syn is {self.tau_syn} s and tau {self.tau} s; the synapse is the faster one (or 0)")


class State(NamedTuple):
    """Membrane (volts), its parts (rise, fall, after-potential; volts), step from which the neuron may fire again."""

    v: float
    slow: float
    fast: float
    eta: float
    ready: int


class Constants(NamedTuple):
    """What a step needs, computed once."""

    decay: float
    decay_fast: float
    scale: float
    scale_fast: float
    threshold: float
    keep_inputs: float
    keep_eta: float
    jump: float
    refractory: int
    floor: float
    none: float
    never: float


def peak(tau: float, tau_syn: float) -> float:
    """Return the largest value of exp(-s / tau) - exp(-s / tau_syn); 1 where `tau_syn` is 0."""
    if tau_syn == 0.0:
        return 1.0
    at = math.log(tau / tau_syn) * tau * tau_syn / (tau - tau_syn)
    return math.exp(-at / tau) - math.exp(-at / tau_syn)


def constants(params: Params, dt: float) -> Constants:
    """Return the per-step numbers for steps of `dt` seconds."""
    scale = 1.0 / peak(params.tau, params.tau_syn)
    return Constants(
        decay(params.tau, dt),
        decay(params.tau_syn, dt),
        scale,
        scale if params.tau_syn > 0.0 else 0.0,
        params.threshold,
        *params.after_spike.lines(params.threshold),
        steps(params.refractory, dt) + 1,
        NEGLIGIBLE,
        0.0,
        -1.0,
    )


def advance(v, slow, fast, eta, ready, current, now, where, *constants):
    """Let the kernels decay, add the inputs of this step, sum up, compare with the threshold.

    Shapes: all (B, ...).   Units: volts; current in volts per step: the peak that an input's kernel reaches.
    Choices: `EQUATION.choices`.   Source: Gerstner & Kistler 2002, eq. 4.34 and 4.42.
    """
    k = Constants(*constants)
    slow = without_dust(k.decay * slow, where, k.floor, k.none) + k.scale * current
    fast = without_dust(k.decay_fast * fast, where, k.floor, k.none) + k.scale_fast * current
    eta = without_dust(k.decay * eta, where, k.floor, k.none)
    v = slow - fast + eta
    return v, slow, fast, eta, where(ready <= now, v - k.threshold, k.never)


def fire(v, slow, fast, eta, ready, now, *constants):
    """Forget or keep what was, add the after-potential."""
    k = Constants(*constants)
    slow, fast = k.keep_inputs * slow, k.keep_inputs * fast
    eta = k.keep_eta * eta + k.jump
    return slow - fast + eta, slow, fast, eta, now + k.refractory


def initial(params: Params) -> State:
    """Nothing has arrived and nothing was fired."""
    return State(0.0, 0.0, 0.0, 0.0, 0)


EQUATION: Equation = Equation(
    name="spike_response",
    params=Params,
    state=State,
    inputs=("current",),
    moving=("v", "slow", "fast", "eta"),
    advance=advance,
    fire=fire,
    crossing=reaches,
    constants=constants,
    initial=initial,
    choices=Choices(
        decay="exact",
        input="volts per step: the peak of the kernel that begins in this step",
        threshold="after the inputs, >=",
        reset="an after-potential, of all spikes or the last, or inputs forgotten; in the same step",
        spikes="one per step",
        gradient="not trained",
    ),
    source="Gerstner & Kistler, Spiking Neuron Models, 2002, section 4.2",
    kicked=(),
)
