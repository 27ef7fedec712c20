"""Inhibitory plasticity: every coincidence strengthens inhibition, every inhibitory spike alone weakens it, until the
neuron behind fires at a rate of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.circuits.plasticity.bounds import risen, within
from spikesight.circuits.plasticity.contract import Rule
from spikesight.equations.spike_traces import SpikeTrace, Summed


def at_pre(w, pre, post, where, rate, alpha, low, high):  # type: ignore[no-untyped-def]
    """``w += rate * (post - alpha)``, within bounds."""
    return within(w, w + rate * (post - alpha), low, high, where)


def at_post(w, pre, post, where, rate, alpha, low, high):  # type: ignore[no-untyped-def]
    """``w += rate * pre``, not above `high`."""
    return risen(w, w + rate * pre, high, where)


@dataclass(frozen=True)
class InhibitoryStdp(Rule):
    """Weights are sizes (conductances): at least 0. `rate` weight per spike, `target` Hz, `tau` seconds.

    Source: Vogels, Sprekeler, Zenke, Clopath & Gerstner 2011, eq. 3 to 5: alpha = 2 target tau.
    """

    rate: float = 1e-2
    target: float = 5.0
    tau: float = 20e-3
    low: float = 0.0
    high: float = 10.0

    at_pre = staticmethod(at_pre)
    at_post = staticmethod(at_post)

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """One: all input spikes."""
        return (Summed(self.tau),)

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """One: all own spikes."""
        return (Summed(self.tau),)

    @property
    def constants(self) -> tuple[float, ...]:
        """(rate, alpha, low, high)."""
        return self.rate, 2.0 * self.target * self.tau, self.low, self.high
