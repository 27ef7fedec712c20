"""What a synapse remembers of past spikes: a trace that jumps at a spike and decays exponentially."""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.equations.time_constants import decay

NEGLIGIBLE = 1e-20
"""Traces below this are taken as forgotten: left alone they decay into denormal numbers, which cost 100 times more."""


@dataclass(frozen=True)
class Renewed:
    """A spike sets the trace to 1: it knows the last spike only (nearest neighbour)."""

    tau: float

    def line(self) -> tuple[float, float]:
        """Return (keep, jump): at a spike, x = keep * x + jump."""
        return 0.0, 1.0


@dataclass(frozen=True)
class Summed:
    """A spike adds 1 to the trace: it knows all spikes (all-to-all)."""

    tau: float

    def line(self) -> tuple[float, float]:
        """Return (keep, jump): at a spike, x = keep * x + jump."""
        return 1.0, 1.0


SpikeTrace = Renewed | Summed


def constants(trace: SpikeTrace, dt: float) -> tuple[float, float, float, float, float]:
    """Return (decay, floor, none, keep, jump) for steps of `dt` seconds."""
    return decay(trace.tau, dt), NEGLIGIBLE, 0.0, *trace.line()


def fade(x, where, decay, floor, none, keep, jump):
    """Let a trace decay by one step.   Source: Morrison, Diesmann & Gerstner 2008, eq. 6."""
    x = decay * x
    return where(x > floor, x, none)


def renew(x, decay, floor, none, keep, jump):
    """What a spike does to a trace."""
    return keep * x + jump
