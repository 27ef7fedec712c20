"""Adaptive synaptic plasticity: pair learning at post spikes, and weights that leak all the time, the slower the more
their two neurons matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.engine import Engine
from spikesight.circuits.plasticity.bounds import within
from spikesight.circuits.plasticity.contract import Rule
from spikesight.circuits.plasticity.projections import found, present, spread
from spikesight.equations.spike_traces import Renewed, SpikeTrace, Summed
from spikesight.equations.time_constants import check_positive

LN_2 = math.log(2.0)


def at_post(w, pre, recency, post, where, exp, rate, offset, halving, low, high):  # type: ignore[no-untyped-def]
    """``w += rate (pre - offset) 2^-post``, within bounds; `post` as it was just before this spike."""
    return within(w, w + rate * (pre - offset) * exp(-halving * post), low, high, where)


@dataclass(frozen=True)
class AdaptiveStdp(Rule):
    """Acts when the neuron fires: inputs that fired lately grow, those whose trace is below `offset` shrink, each of
    the neuron's own recent spikes halves the step. `leak` does the forgetting. Seconds.

    Source: after Panda, Allred, Ramanathan & Roy 2018, whose abstract fixes the idea; the formula and all constants are
    our own.
    """

    rate: float = 0.01
    offset: float = 0.4
    tau_pre: float = 20e-3
    tau_post: float = 20e-3
    tau_recency: float = 5.0
    low: float = 0.0
    high: float = 1.0

    at_post = staticmethod(at_post)
    functions = ("exp",)

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """Two: the last input spike, remembered shortly, and long: its recency, which `leak` reads."""
        return Renewed(self.tau_pre), Renewed(self.tau_recency)

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """One: all own spikes."""
        return (Summed(self.tau_post),)

    @property
    def constants(self) -> tuple[float, ...]:
        """(rate, offset, ln 2, low, high)."""
        return self.rate, self.offset, LN_2, self.low, self.high


@dataclass(frozen=True)
class Leak:
    """``dw/dt = -(w - base) / tau'`` with ``tau' = tau (1 + k_recency r_i) (1 + k_theta theta_j / theta_ref)``.

    r_i is the recency of the input, theta_j the adaptive threshold of the neuron (volts). Seconds; `tau` = infinity: no
    leak.   Errors: InputError for time constants and references that are not positive.
    """

    base: float = 0.1
    tau: float = 2e4
    k_recency: float = 1.0
    k_theta: float = 1.0
    theta_ref: float = 20e-3

    def __post_init__(self) -> None:
        check_positive(tau=self.tau)
        if not self.theta_ref > 0:
            raise InputError(f"theta_ref is a positive voltage, got {self.theta_ref}")


def leak(engine: Engine, projection: str, settings: Leak, seconds: float) -> None:
    """Let the weights leak as they would have in the last `seconds`, in closed form.

    Recency and thresholds are taken as they are now. Masked synapses stay away.
    Errors: UnknownName; InputError where the projection learns by another rule, or where `k_theta` is not 0 and the
    neurons have no "theta".
    """
    if not seconds >= 0.0:
        raise InputError(f"weights leak forwards in time: seconds is 0 or more, got {seconds}")
    w = engine.arrays[f"{projection}.w"]
    tau = leak_times(engine, projection, settings)
    share = -np.expm1(-seconds / tau).astype(w.dtype)
    w += np.where(present(engine, projection), (w.dtype.type(settings.base) - w) * share, w.dtype.type(0))


def leak_times(engine: Engine, projection: str, settings: Leak) -> NDArray[np.float64]:
    """Return the time constant of each weight now (seconds), in the shape of the weights.   Errors: see `leak`."""
    part = found(engine.network, projection)
    if not isinstance(part.rule, AdaptiveStdp):
        raise InputError(f"'{projection}' learns by {type(part.rule).__name__}; a leak needs AdaptiveStdp")
    values, last = (engine.arrays[f"{projection}.{what}"] for what in ("pre", "pre_at"))
    since = (engine.clock - engine.origin - last.astype(np.int64)) * engine.network.dt
    by_input = 1.0 + settings.k_recency * values[1] * np.exp(-since / part.rule.tau_recency)
    by_neuron = None
    if settings.k_theta:
        theta = engine.arrays.get(f"{part.post}.theta")
        if theta is None:
            raise InputError(f"neurons of '{part.post}' have no adaptive threshold 'theta'; take k_theta=0")
        by_neuron = 1.0 + settings.k_theta * theta.astype(np.float64) / settings.theta_ref
    return settings.tau * spread(engine.network, projection, by_input, by_neuron)
