"""Who answers: the class whose output neuron fires first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.first_spike.layer import Fired


class Answers(NamedTuple):
    """Answers to B items: the `best` output neuron, whether it is `tied`, and `when` it fired (NaN: it did not)."""

    best: NDArray[np.int64]
    tied: NDArray[np.bool_]
    when: NDArray[np.float64]

    def strictly_right(self, labels: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the neuron of the label answered, alone: a tie is a mistake."""
        right: NDArray[np.bool_] = (self.best == labels) & ~self.tied
        return right


def first_to_fire(fired: Fired) -> Answers:
    """Return the output neuron that fires first; of several at once, the one with the larger potential.

    Where nobody fires, the largest final potential answers. Neurons alike in both are tied, and the lowest is named.
    Shapes: fired (B, classes).
    """
    times = fired.latencies.times
    earliest = times.min(axis=1, keepdims=True)
    there = np.where(times == earliest, fired.potentials, -np.inf)
    tied = (there == there.max(axis=1, keepdims=True)).sum(axis=1) > 1
    when = np.where(earliest[:, 0] < fired.latencies.never, earliest[:, 0], np.nan)
    return Answers(there.argmax(axis=1), tied, when)


def among_the_earliest(fired: Fired, labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the neuron of the label is among the earliest: the generous count of S4NN's code, where a tie is right.

    Where nobody fires, only the largest final potential is right, as there.
    """
    times = fired.latencies.times
    rows, earliest = np.arange(len(labels)), times.min(axis=1)
    silent = earliest == fired.latencies.never
    right: NDArray[np.bool_] = np.where(
        silent, fired.potentials.argmax(axis=1) == labels, times[rows, labels] == earliest
    )
    return right
