"""What a synapse remembers of past spikes: a trace that jumps at a spike and decays exponentially.

Nothing happens to a trace between two spikes that cannot be written down in closed form, so a trace is stored as its
value at the neuron's last spike and the step of that spike, and read by multiplying with the decay since then. A
silent neuron costs nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.equations.contract import shared
from spikesight.equations.time_constants import check_positive

FORGOTTEN = 1e-10
"""A trace that has decayed to this fraction is taken as forgotten: it could not change a float32 weight any more."""


@dataclass(frozen=True)
class Renewed:
    """A spike sets the trace to 1: it knows the last spike only (nearest neighbour). `tau` in seconds."""

    tau: float

    def __post_init__(self) -> None:
        check_positive(tau=self.tau)

    def line(self) -> tuple[float, float]:
        """Return (keep, jump): at a spike, x = keep * x + jump."""
        return 0.0, 1.0


@dataclass(frozen=True)
class Summed:
    """A spike adds 1 to the trace: it knows all spikes (all-to-all). `tau` in seconds."""

    tau: float

    def __post_init__(self) -> None:
        check_positive(tau=self.tau)

    def line(self) -> tuple[float, float]:
        """Return (keep, jump): at a spike, x = keep * x + jump."""
        return 1.0, 1.0


SpikeTrace = Renewed | Summed


def powers(traces: tuple[SpikeTrace, ...], dt: float) -> NDArray[np.float64]:
    """Return what is left of each trace after 0, 1, 2, ... steps, (number of traces, steps); the last column is 0.

    Source: exp(-k dt / tau), down to `FORGOTTEN`.
    """
    longest = max((trace.tau for trace in traces), default=dt)
    steps = np.arange(math.ceil(-math.log(FORGOTTEN) * longest / dt) + 1)
    left: NDArray[np.float64] = np.exp(-steps * dt / np.array([[trace.tau] for trace in traces]).reshape(-1, 1))
    left[left < FORGOTTEN] = 0.0
    left[:, -1] = 0.0
    return left


@shared
def read(value, since, left, where):
    """A trace `since` steps after its neuron's last spike, from its value then and its row of `powers`.

    Source: Morrison, Diesmann & Gerstner 2008, eq. 6.
    """
    last = left.shape[0] - 1
    return value * left[where(since < last, since, last)]


@shared
def renew(value, keep, jump):
    """What a spike does to a trace."""
    return keep * value + jump
