"""Short-term depression: a synapse that was used lately has less to give.

p <- 1 - (1 - p) exp(-D / tau)      when a spike comes, D steps after the one before: it recovered
the spike gives p
p <- p (1 - fraction)               and leaves less
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.spike_list import SpikeList

NEVER = -1


@dataclass(frozen=True)
class Depression:
    """`tau` in steps; a spike takes `fraction` of what is there. Synapses begin whole (1).

    Errors: InputError where tau is no time or the fraction not one.   Source: Bernert & Yvert 2019.
    """

    tau: float = 400.0
    fraction: float = -math.expm1(-6.5 / 400.0)

    def __post_init__(self) -> None:
        if not (self.tau > 0.0 and 0.0 <= self.fraction <= 1.0):
            raise InputError(f"tau is a positive number of steps and the fraction lies in 0 to 1, got {self}")

    def recovered(self, p: NDArray[np.float64], since: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what synapses have `since` steps after a spike that left them with `p`.   Shapes: both (N,)."""
        return 1.0 - (1.0 - p) * np.exp(-since / self.tau)

    def left(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what a spike leaves of `p`."""
        return p * (1.0 - self.fraction)

    def limit(self, every: int) -> float:
        """Return what a spike gives in the end, if there is one every so many steps."""
        q = math.exp(-every / self.tau)
        return (1.0 - q) / (1.0 - q * (1.0 - self.fraction))

    def given(self, spikes: SpikeList, lines: int) -> NDArray[np.float64]:
        """Return what each spike gives, in the order of the list; costs grow with spikes, not with lines."""
        p, last = np.ones(lines), np.full(lines, NEVER, np.int64)
        gave = np.empty(len(spikes.units))
        for k in range(spikes.steps):
            here = slice(spikes.starts[k], spikes.starts[k + 1])
            units = spikes.units[here]
            first = last[units] == NEVER
            gave[here] = np.where(first, 1.0, self.recovered(p[units], k - last[units]))
            p[units], last[units] = self.left(gave[here]), k
        return gave
