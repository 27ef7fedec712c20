"""How well the neurons that fire tell the direction: a table from some repetitions, a test on others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.circuits.readout import strictly_right

TABLE_REPETITIONS = 5
TEST_REPETITIONS = 20
UNSEEN = 0.01
"""Added to every chance, so that a neuron which never fired for a direction does not rule it out."""


@dataclass(frozen=True)
class Told:
    """What the spikes of a frozen network tell about directions. `accuracy` is strict; `information` in bits, between
    direction and winner; `specialised` neurons have more than half their spikes in one direction.
    """

    accuracy: float
    information: float
    specialised: int


def chances(counts: NDArray[Any]) -> NDArray[np.float64]:
    """Return P(winner | direction), (directions, outputs), from spike counts of the same shape; zeros in silence."""
    totals = counts.sum(axis=1, keepdims=True)
    shares: NDArray[np.float64] = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    return shares


def scores(counts: NDArray[Any], table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the score of each direction: the sum over spikes of ``log(P + .01)``.

    Shapes: counts (N, outputs), table (directions, outputs) -> (N, directions).
    """
    summed: NDArray[np.float64] = counts @ np.log(table + UNSEEN).T
    return summed


def information(counts: NDArray[Any]) -> float:
    """Return the mutual information between direction and winner in bits, directions being equally likely.

    Shapes: counts (directions, outputs). Directions without spikes count as not shown.
    """
    table = chances(counts[counts.sum(axis=1) > 0])
    if not len(table):
        return 0.0
    mean = table.mean(axis=0)
    ratio = np.divide(table, mean, out=np.ones_like(table), where=table > 0)
    return float((table * np.log2(ratio)).sum() / len(table))


def specialised(counts: NDArray[Any]) -> int:
    """Return how many outputs have more than half their spikes in one direction; counts (directions, outputs)."""
    return int((2 * counts.max(axis=0) > counts.sum(axis=0)).sum())


def told(seen: NDArray[Any]) -> Told:
    """Return what spike counts (directions, repetitions, outputs) tell: the first five of each direction make the
    table, the others are classified. A tie is a mistake.
    """
    directions = len(seen)
    table = chances(seen[:, :TABLE_REPETITIONS].sum(axis=1))
    fresh = seen[:, TABLE_REPETITIONS:]
    labels = np.repeat(np.arange(directions), fresh.shape[1])
    right = strictly_right(scores(fresh.reshape(len(labels), -1), table), labels)
    return Told(float(right.mean()), information(fresh.sum(axis=1)), specialised(fresh.sum(axis=1)))
