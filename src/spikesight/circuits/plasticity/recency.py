"""The rule of the Lille group: when a neuron fires, inputs that fired lately grow, all others shrink, each the less
the nearer it is to its bound.
"""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.base.errors import InputError
from spikesight.circuits.plasticity.contract import Rule
from spikesight.equations.spike_traces import Recent, SpikeTrace


def at_post(w, recent, where, exp, plus, minus, ease_plus, ease_minus, low, high, none):  # type: ignore[no-untyped-def]
    """``w += plus exp(-ease_plus (w - low) / (high - low))`` where the input fired lately,
    ``w -= minus exp(-ease_minus (high - w) / (high - low))`` where not; neither passes its bound.
    """
    grown = w + plus * exp(ease_plus * (low - w) / (high - low))
    shrunk = w - minus * exp(ease_minus * (w - high) / (high - low))
    grown = where(grown < high, grown, where(w < high, high, w))
    shrunk = where(shrunk > low, shrunk, where(w > low, low, w))
    return where(recent > none, grown, shrunk)


@dataclass(frozen=True)
class RecencyStdp(Rule):
    """Acts when the neuron fires, on all its synapses: they grow where the last input spike is at most `window`
    seconds old, and shrink where it is older or never was.

    Weights stay in [low, high]; `ease_plus` and `ease_minus` say by how much steps fade from one bound to the other
    (e-folds).   Source: as in N2S3, the group's simulator (Boulet et al. 2017), after Bichler et al. 2012 and Querlioz
    et al. 2013.
    Errors: InputError where the bounds are not in order.
    """

    plus: float = 0.05
    minus: float = 0.03
    ease_plus: float = 1.5
    ease_minus: float = 2.5
    window: float = 12e-3
    low: float = 0.0
    high: float = 1.0

    at_post = staticmethod(at_post)
    functions = ("exp",)

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise InputError(f"weights have room between low and high, got low={self.low}, high={self.high}")

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """One: whether the input fired lately."""
        return (Recent(self.window),)

    @property
    def constants(self) -> tuple[float, ...]:
        """(plus, minus, ease_plus, ease_minus, low, high, 0)."""
        return self.plus, self.minus, self.ease_plus, self.ease_minus, self.low, self.high, 0.0
