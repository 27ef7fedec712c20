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
class _Exponential:
    """What jumps at a spike and decays with `tau` (seconds)."""

    tau: float

    def __post_init__(self) -> None:
        check_positive(tau=self.tau)

    def left(self, since: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is left after `since` seconds."""
        left: NDArray[np.float64] = np.exp(-since / self.tau)
        left[left < FORGOTTEN] = 0.0
        return left

    @property
    def span(self) -> float:
        """Seconds until nothing is left."""
        return -math.log(FORGOTTEN) * self.tau


@dataclass(frozen=True)
class Renewed(_Exponential):
    """A spike sets the trace to 1: it knows the last spike only (nearest neighbour). `tau` in seconds."""

    def line(self) -> tuple[float, float]:
        """Return (keep, jump): at a spike, x = keep * x + jump."""
        return 0.0, 1.0


@dataclass(frozen=True)
class Summed(_Exponential):
    """A spike adds 1 to the trace: it knows all spikes (all-to-all). `tau` in seconds."""

    def line(self) -> tuple[float, float]:
        """Return (keep, jump): at a spike, x = keep * x + jump."""
        return 1.0, 1.0


@dataclass(frozen=True)
class Recent:
    """The trace is 1 for `window` seconds after a spike (the end included), then 0: whether there was one lately."""

    window: float

    def __post_init__(self) -> None:
        check_positive(window=self.window)

    def line(self) -> tuple[float, float]:
        """Return (keep, jump): at a spike, x = keep * x + jump."""
        return 0.0, 1.0

    def left(self, since: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is left after `since` seconds; half a picosecond of slack for sums that do not come out even."""
        return (since <= self.window + 5e-13).astype(np.float64)

    @property
    def span(self) -> float:
        """Seconds until nothing is left."""
        return self.window


@dataclass(frozen=True)
class Ramp:
    """The trace falls from 1 at the last spike in a straight line to 0 after `span` seconds: a clock.

    The time since the last spike is ``span * (1 - trace)``; a neuron that never fired reads as `span`.
    """

    span: float

    def __post_init__(self) -> None:
        check_positive(span=self.span)

    def line(self) -> tuple[float, float]:
        """Return (keep, jump): at a spike, x = keep * x + jump."""
        return 0.0, 1.0

    def left(self, since: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is left after `since` seconds."""
        return np.maximum(1.0 - since / self.span, 0.0)


SpikeTrace = Renewed | Summed | Recent | Ramp


def powers(traces: tuple[SpikeTrace, ...], dt: float) -> NDArray[np.float64]:
    """Return what is left of each trace after 0, 1, 2, ... steps, (number of traces, steps); the last column is 0.

    Source: exp(-k dt / tau), down to `FORGOTTEN`; or the trace's own shape.
    """
    longest = max((trace.span for trace in traces), default=dt)
    since = np.arange(math.ceil(longest / dt) + 2, dtype=np.float64) * dt
    left = np.stack([trace.left(since) for trace in traces]) if traces else np.zeros((0, len(since)))
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
