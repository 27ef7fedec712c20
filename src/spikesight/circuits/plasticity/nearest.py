"""Pair STDP in which every spike meets only the last spike of the other side."""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.equations.spike_traces import Renewed, SpikeTrace


@dataclass(frozen=True)
class NearestStdp(PairStdp):
    """As `PairStdp`, additive, with the nearest pairs alone (symmetric scheme).

    Source: Morrison, Diesmann & Gerstner 2008, section 4.1.2.
    """

    @property
    def pre_traces(self) -> tuple[SpikeTrace, ...]:
        """One: the last input spike."""
        return (Renewed(self.tau_pre),)

    @property
    def post_traces(self) -> tuple[SpikeTrace, ...]:
        """One: the last own spike."""
        return (Renewed(self.tau_post),)
