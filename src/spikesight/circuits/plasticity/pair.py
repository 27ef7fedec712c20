"""Pair STDP, additive: pre before post potentiates, post before pre depresses, each pair of spikes on its own."""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.circuits.plasticity.bounds import fallen, risen
from spikesight.circuits.plasticity.contract import Rule
from spikesight.equations.spike_traces import SpikeTrace, Summed


def at_pre(w, pre, post, where, plus, minus, low, high):  # type: ignore[no-untyped-def]
    """``w -= minus * post``, not below `low`; without a trace w stays, wherever it is."""
    return fallen(w, w - minus * post, low, where)


def at_post(w, pre, post, where, plus, minus, low, high):  # type: ignore[no-untyped-def]
    """``w += plus * pre``, not above `high`; without a trace w stays, wherever it is."""
    return risen(w, w + plus * pre, high, where)


@dataclass(frozen=True)
class PairStdp(Rule):
    """``dw = plus exp(-t / tau_pre)`` for t = t_post - t_pre >= 0, ``-minus exp(t / tau_post)`` for t < 0; all pairs
    count.

    Weight per pair and seconds; learning keeps weights in [low, high].   Source: Song, Miller & Abbott 2000.
    """

    plus: float = 1e-2
    minus: float = 1.05e-2
    tau_pre: float = 20e-3
    tau_post: float = 20e-3
    low: float = 0.0
    high: float = 1.0

    at_pre = staticmethod(at_pre)
    at_post = staticmethod(at_post)
    needs_both = True

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """One: all input spikes."""
        return (Summed(self.tau_pre),)

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """One: all own spikes."""
        return (Summed(self.tau_post),)

    @property
    def constants(self) -> tuple[float, ...]:
        """(plus, minus, low, high)."""
        return self.plus, self.minus, self.low, self.high
