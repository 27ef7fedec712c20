"""The triplet-like rule of Diehl & Cook: a pre spike depresses by how lately the neuron fired, a post spike
potentiates by how lately the input fired and whether the neuron had fired before. The first spike after a long
silence teaches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.circuits.plasticity.bounds import fallen, risen
from spikesight.circuits.plasticity.contract import Rule
from spikesight.equations.spike_traces import Renewed, SpikeTrace


def at_pre(w, pre, post1, post2, where, rate_pre, rate_post, low, high):  # type: ignore[no-untyped-def]
    """``w -= rate_pre * post1``, not below `low`; without a trace w stays, wherever it is."""
    return fallen(w, w - rate_pre * post1, low, where)


def at_post(w, pre, post1, post2, where, rate_pre, rate_post, low, high):  # type: ignore[no-untyped-def]
    """``w += rate_post * pre * post2``, not above `high`; `post2` as it was just before this spike.

    Without traces w stays, wherever it is.
    """
    return risen(w, w + rate_post * pre * post2, high, where)


@dataclass(frozen=True)
class DiehlCookStdp(Rule):
    """Rates are weight per spike, time constants seconds; learning keeps weights in [low, high].

    Source: Diehl & Cook 2015, section 2.3, with the constants' meaning as in the authors' code.
    """

    rate_pre: float = 1e-4
    rate_post: float = 1e-2
    tau_pre: float = 20e-3
    tau_post1: float = 20e-3
    tau_post2: float = 40e-3
    low: float = 0.0
    high: float = 1.0

    at_pre = staticmethod(at_pre)
    at_post = staticmethod(at_post)
    needs_both = True

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """One: the last input spike."""
        return (Renewed(self.tau_pre),)

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """Two: the last own spike, remembered shortly and longer."""
        return Renewed(self.tau_post1), Renewed(self.tau_post2)

    @property
    def constants(self) -> tuple[float, ...]:
        """(rate_pre, rate_post, low, high)."""
        return self.rate_pre, self.rate_post, self.low, self.high
