"""Izhikevich's rule for networks with delays: spikes change the *drift* of a weight, and weights follow it slowly.

Of all earlier spikes only the last one counts. Spikes never touch "w": `consolidate` moves the weights by their
drift, once per second.

His program counts the arrival of a spike one step later for potentiation than for depression: its current acts, and
depression reads the trace of the neuron behind, in the step in which that neuron may still fire by itself; it takes
one step more until the current can have made it fire. What an arrival and a spike in the same step do to each other
therefore depends on what came before both: "before" keeps, for each synapse, what was left then of the arrival
before the last.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.plasticity.contract import Lasting, Rule, Synaptic
from spikesight.equations.spike_traces import Renewed, SpikeTrace
from spikesight.equations.time_constants import check_positive

TAU = -1e-3 / math.log(0.95)
"""Seconds; traces lose a twentieth in each millisecond."""


def at_pre(drift, before, pre, post, where, plus, minus, fresh):  # type: ignore[no-untyped-def]
    """``drift -= minus * post``, and remember the trace of the arrival before this one."""
    return drift - minus * post, pre


def at_post(drift, before, pre, post, where, plus, minus, fresh):  # type: ignore[no-untyped-def]
    """``drift += plus * pre``; with an arrival in this very step, the one before it potentiates, and this one
    depresses by the whole.
    """
    together = pre >= fresh
    return drift + where(together, plus * before - minus * (fresh - post), plus * pre), before


@dataclass(frozen=True)
class PolychronousStdp(Rule):
    """Drift per pair of spikes, in units of weight per second; `tau` and `step`, the network's dt, in seconds.

    For wiring with delays by which rules see arrivals (`Branched`, `Axonal`).
    Source: Izhikevich, Neural Computation 18 (2006) 245, and its program spnet.m.
    """

    plus: float = 0.1
    minus: float = 0.12
    tau: float = TAU
    step: float = 1e-3

    at_pre = staticmethod(at_pre)
    at_post = staticmethod(at_post)
    changes = ("drift", "before")
    needs_arrivals = True

    def __post_init__(self) -> None:
        check_positive(tau=self.tau, step=self.step)

    @property
    def made_for(self) -> float:
        """`step`."""
        return self.step

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """One: the last arrival."""
        return (Renewed(self.tau),)

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """One: the last own spike."""
        return (Renewed(self.tau),)

    @property
    def synaptic(self) -> tuple[Synaptic, ...]:
        """What weights follow, and the trace that `at_pre` found."""
        return Lasting("drift"), Lasting("before")

    @property
    def constants(self) -> tuple[float, ...]:
        """(plus, of a trace that is a step older than potentiation counts; minus; a trace at its spike)."""
        return self.plus * math.exp(self.step / self.tau), self.minus, 1.0


def consolidate(
    w: NDArray[Any],
    drift: NDArray[Any],
    *,
    growth: float = 0.01,
    kept: float = 0.9,
    largest: float = 10.0,
    present: NDArray[np.bool_] | np.bool_ = np.True_,
) -> None:
    """Move weights by a second of their drift and of `growth`, within 0 and `largest`; `kept` of the drift stays.

    Both arrays, of any one shape, are changed in place; weights only where `present`, which is a projection's mask.
    Source: spnet.m, once per simulated second.
    """
    np.clip(w + (drift + w.dtype.type(growth)), 0.0, largest, out=w, where=present)
    drift *= w.dtype.type(kept)
