"""Potentiation by what fired lately, depression of everything: whenever the neuron fires, each of its synapses gains
by its own trace and loses the same share. An afferent that fires shortly before every output spike ends at the upper
bound, all others at the lower one.

A pre spike alone changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.circuits.plasticity.contract import Rule
from spikesight.equations.spike_traces import SpikeTrace, Summed


def at_post(w, pre, where, plus, minus, low, high):  # type: ignore[no-untyped-def]
    """``w += plus * pre``, not above `high`; then ``w -= minus``, not below `low`."""
    risen = w + plus * pre
    fallen = where(risen < high, risen, high) - minus
    return where(fallen > low, fallen, low)


def at_post_softly(w, pre, where, plus, minus, low, high):  # type: ignore[no-untyped-def]
    """``w += plus * pre * (w - low) (high - w)``, then ``w -= minus * (w - low) (high - w)``, never out of bounds."""
    moved = w + plus * pre * (w - low) * (high - w)
    risen = where(moved < high, where(moved > low, moved, low), high)
    fallen = risen - minus * (risen - low) * (high - risen)
    return where(fallen > low, fallen, low)


@dataclass(frozen=True)
class GlobalDepression(Rule):
    """Additive: the bounds do the choosing. Rates are weight per output spike, `tau_pre` seconds.

    An afferent keeps its weight if it fires once, ``tau_pre ln(plus / minus)`` before the neuron does.
    Source: Masquelier, Neuroscience 389 (2018) 133-140.
    """

    plus: float = 1e-2
    minus: float = 1.62e-3
    tau_pre: float = 20e-3
    low: float = 0.0
    high: float = 1.0

    at_post = staticmethod(at_post)

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """One: all input spikes."""
        return (Summed(self.tau_pre),)

    @property
    def constants(self) -> tuple[float, ...]:
        """(plus, minus, low, high)."""
        return self.plus, self.minus, self.low, self.high


@dataclass(frozen=True)
class SoftGlobalDepression(GlobalDepression):
    """Multiplicative: the nearer to a bound, the smaller both changes. Weights of float64 are advised: those of
    float32 near a bound other than 0 would be rounded to where nothing moves them any more.

    Source: Masquelier & Kheradpisheh, Front. Comput. Neurosci. 12:74 (2018).
    """

    plus: float = 0.1
    minus: float = 6.2e-3

    at_post = staticmethod(at_post_softly)
