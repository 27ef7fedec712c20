"""Pair STDP whose steps shrink towards the bounds by a power: additive with 0, multiplicative with 1."""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.base.errors import InputError
from spikesight.circuits.plasticity.bounds import fallen, risen
from spikesight.circuits.plasticity.contract import Rule
from spikesight.equations.spike_traces import SpikeTrace, Summed


def at_pre(w, pre, post, where, plus, minus, mu_plus, mu_minus, low, high, none):  # type: ignore[no-untyped-def]
    """``w -= minus * ((w - low) / (high - low))^mu_minus * post``, not below `low`."""
    room = (w - low) / (high - low)
    return fallen(w, w - minus * where(room > none, room, none) ** mu_minus * post, low, where)


def at_post(w, pre, post, where, plus, minus, mu_plus, mu_minus, low, high, none):  # type: ignore[no-untyped-def]
    """``w += plus * ((high - w) / (high - low))^mu_plus * pre``, not above `high`."""
    room = (high - w) / (high - low)
    return risen(w, w + plus * where(room > none, room, none) ** mu_plus * pre, high, where)


@dataclass(frozen=True)
class PowerStdp(Rule):
    """All pairs count, as in `PairStdp`; `plus` and `minus` are the steps of a weight with all the way to go.

    (mu_plus, mu_minus) = (0, 0) is additive STDP, (1, 1) multiplicative (Rubin, Lee & Sompolinsky 2001), (0, 1) the
    mixture of van Rossum, Bi & Turrigiano 2000, equal ones in between are those of the source. Seconds.

    Source: Guetig, Aharonov, Rotter & Sompolinsky 2003, eq. 2 to 4.   Errors: InputError for bounds out of order and
    negative powers.
    """

    plus: float = 1e-2
    minus: float = 1.05e-2
    mu_plus: float = 1.0
    mu_minus: float = 1.0
    tau_pre: float = 20e-3
    tau_post: float = 20e-3
    low: float = 0.0
    high: float = 1.0

    at_pre = staticmethod(at_pre)
    at_post = staticmethod(at_post)
    needs_both = True

    def __post_init__(self) -> None:
        if not self.low < self.high or min(self.mu_plus, self.mu_minus) < 0:
            raise InputError(f"bounds must be in order (low < high) and powers at least 0, got {self}")

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
        """(plus, minus, mu_plus, mu_minus, low, high, 0)."""
        return self.plus, self.minus, self.mu_plus, self.mu_minus, self.low, self.high, 0.0
