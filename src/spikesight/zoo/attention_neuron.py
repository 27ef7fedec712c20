"""Temporal attention: one neuron behind depressing synapses, which fires where the input departs from its habit.

Times are in steps, as published: a step was 1/80000 s for electrodes, and 1 ms for event cameras.
Source: Gruel & Martinet, CBMI 2021 (arXiv 2105.14753), after Bernert & Yvert, Int. J. Neural Syst. 2019.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.depression import Depression
from spikesight.encoding.spike_list import SpikeList


class Watched(NamedTuple):
    """Potential of the attention neuron after each step, (T,), and the steps in which it fired."""

    v: NDArray[np.float64]
    fired: NDArray[np.int64]


def published_threshold(delays: int = 10, tau: float = 2.0) -> float:
    """Return theta_A: .4252 of the potential that `delays` x 10 lines give that are all active all the time."""
    return 0.4252 * 10 * delays / -math.expm1(-1.0 / tau)


@dataclass(frozen=True)
class AttentionNeuron:
    """Each line is seen now and again `spacing` steps later, `delays` times in all, with a depression of its own each.

    V forgets with `tau` (steps). A spike adds `reset` x `threshold` to V, which is no clamp: V may stay over it, and
    the neuron fire again. The sign of the published reset, -.0973, was not seen in the code.
    Errors: InputError where there is no delay, no spacing or no tau.
    """

    threshold: float = published_threshold()
    tau: float = 2.0
    reset: float = -0.15 * math.expm1(1.0 / 2.0)
    delays: int = 10
    spacing: int = 4
    depression: Depression = field(default_factory=Depression)

    def __post_init__(self) -> None:
        if self.delays < 1 or self.spacing < 1 or not self.tau > 0.0:
            raise InputError(f"an attention neuron has a delay or more, a spacing and a tau, got {self}")

    def watch(self, spikes: SpikeList, lines: int) -> Watched:
        """Return what the neuron does about spikes of `lines` lines."""
        arriving = self._arriving(spikes, lines)
        decay, v = math.exp(-1.0 / self.tau), 0.0
        potential = np.empty(spikes.steps)
        fired = []
        for k in range(spikes.steps):
            v = v * decay + arriving[k]
            if v >= self.threshold:
                fired.append(k)
                v += self.reset * self.threshold
            potential[k] = v
        return Watched(potential, np.array(fired, np.int64))

    def _arriving(self, spikes: SpikeList, lines: int) -> NDArray[np.float64]:
        # A delayed line has the history of the line itself, so what its spikes give is the same, later.
        given = self.depression.given(spikes, lines)
        now = np.bincount(spikes.times, weights=given, minlength=spikes.steps)
        total = np.zeros(spikes.steps)
        for delay in range(0, min(self.delays * self.spacing, spikes.steps), self.spacing):
            total[delay:] += now[: spikes.steps - delay]
        return total
