"""Spikes of one population as a list, grouped by step: what the event-driven engine reads."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


class SpikeList(NamedTuple):
    """`units[starts[k]:starts[k + 1]]` are the neurons that fire at step k, in ascending order.

    Shapes: starts (T + 1,) int64, units (number of spikes,) int32.
    """

    starts: NDArray[np.int64]
    units: NDArray[np.int32]

    @property
    def steps(self) -> int:
        """Number of steps, T."""
        return len(self.starts) - 1

    @property
    def times(self) -> NDArray[np.int64]:
        """The step of each spike."""
        return np.repeat(np.arange(self.steps), np.diff(self.starts))

    def dense(self, n: int) -> NDArray[np.int64]:
        """Return counts (T, n)."""
        counts = np.zeros((self.steps, n), np.int64)
        np.add.at(counts, (self.times, self.units), 1)
        return counts

    def padded(self, steps: int) -> SpikeList:
        """Return the same spikes followed by silence, `steps` steps in all.   Errors: InputError where there are
        more.
        """
        if steps < self.steps:
            raise InputError(f"these spikes cover {self.steps} steps: they cannot be padded to {steps}")
        silence = np.full(steps - self.steps, self.starts[-1], np.int64)
        return SpikeList(np.concatenate([self.starts, silence]), self.units)

    def part(self, first: int, last: int) -> SpikeList:
        """Return the steps from `first` up to `last`, counted from 0 again."""
        starts = self.starts[first : last + 1]
        return SpikeList(starts - starts[0], self.units[starts[0] : starts[-1]])


def from_dense(spikes: NDArray[Any]) -> SpikeList:
    """Return the list of the spikes in a dense (T, n) array of zeros and ones.

    Errors: InputError where the array is not two-dimensional.
    """
    if np.ndim(spikes) != 2:
        raise InputError(f"a dense spike array is (T, n), got shape {np.shape(spikes)}")
    if not np.isin(spikes, (0, 1)).all():
        raise InputError(f"a neuron fires once in a step or not at all, got counts up to {np.max(spikes)}")
    steps, units = np.nonzero(spikes)
    return SpikeList(np.searchsorted(steps, np.arange(len(spikes) + 1)), units.astype(np.int32))


def silence(steps: int) -> SpikeList:
    """Return `steps` steps without a spike."""
    return SpikeList(np.zeros(steps + 1, np.int64), np.empty(0, np.int32))
