"""Triplet STDP: a pair counts the more, the more lately the neuron that closes it has fired before."""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.circuits.plasticity.bounds import fallen, risen
from spikesight.circuits.plasticity.contract import Rule
from spikesight.equations.spike_traces import Renewed, SpikeTrace, Summed


def at_pre(w, r1, r2, o1, o2, where, plus2, plus3, minus2, minus3, low, high):  # type: ignore[no-untyped-def]
    """``w -= o1 (minus2 + minus3 r2)``, `r2` as it was before this spike; not below `low`."""
    return fallen(w, w - o1 * (minus2 + minus3 * r2), low, where)


def at_post(w, r1, r2, o1, o2, where, plus2, plus3, minus2, minus3, low, high):  # type: ignore[no-untyped-def]
    """``w += r1 (plus2 + plus3 o2)``, `o2` as it was before this spike; not above `high`."""
    return risen(w, w + r1 * (plus2 + plus3 * o2), high, where)


@dataclass(frozen=True)
class TripletStdp(Rule):
    """All spikes count. `plus2` and `minus2` are weight per pair, `plus3` and `minus3` per triplet; seconds.

    The defaults are the minimal model fitted to visual cortex.   Source: Pfister & Gerstner 2006, eq. 3 and 4, table 4.
    """

    plus2: float = 0.0
    plus3: float = 6.5e-3
    minus2: float = 7.1e-3
    minus3: float = 0.0
    tau_plus: float = 16.8e-3
    tau_x: float = 101e-3
    tau_minus: float = 33.7e-3
    tau_y: float = 114e-3
    low: float = 0.0
    high: float = 1.0

    at_pre = staticmethod(at_pre)
    at_post = staticmethod(at_post)
    needs_both = True

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """Two, of all input spikes: r1, short, and r2, longer."""
        return Summed(self.tau_plus), Summed(self.tau_x)

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """Two, of all own spikes: o1, short, and o2, longer."""
        return Summed(self.tau_minus), Summed(self.tau_y)

    @property
    def constants(self) -> tuple[float, ...]:
        """(plus2, plus3, minus2, minus3, low, high)."""
        return self.plus2, self.plus3, self.minus2, self.minus3, self.low, self.high


@dataclass(frozen=True)
class NearestTripletStdp(TripletStdp):
    """As `TripletStdp`, but the last spikes alone count.   Source: as there; the minimal model of visual cortex."""

    plus3: float = 5e-2
    minus2: float = 8e-3
    tau_x: float = 714e-3
    tau_y: float = 40e-3

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """Two, of the last input spike: r1, short, and r2, longer."""
        return Renewed(self.tau_plus), Renewed(self.tau_x)

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """Two, of the last own spike: o1, short, and o2, longer."""
        return Renewed(self.tau_minus), Renewed(self.tau_y)
