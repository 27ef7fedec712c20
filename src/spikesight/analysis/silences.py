"""Silent periods: stretches of time without a spike where one was to be expected."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError

UNKNOWN = 20
"""So many silences must have been seen before they make others of their length usual."""


@dataclass(frozen=True)
class Silence:
    """No spike in the bins from `start` up to, and without, `end`, where `expected` were usual in as many.

    `p` bounds the probability of so long a silence anywhere among `comparisons` bins; it allows for all of them.
    """

    start: int
    end: int
    expected: float
    p: float
    comparisons: int


def silent_periods(counts: NDArray[Any], alpha: float = 0.01) -> list[Silence]:
    """Return the silences of `counts` (bins,), spikes of a layer in equal bins, that are longer than usual.

    A bin in a silence stays empty with some probability q, and all of k bins with q^k. For q the larger of two is
    taken: exp(-m), for spikes that are independent, m the mean of a bin outside the silence; and 2^(-1/r), r the median
    length of the other silences together with `UNKNOWN` of a single bin. The second makes pauses between stimuli usual,
    however regular, while a few long silences are not. A layer that never spikes has none: nothing was to be expected.
    Errors: InputError where counts are not in a row, or below 0.
    """
    counts = np.asarray(counts, np.float64)
    if counts.ndim != 1 or (counts.size and not counts.min() >= 0.0):
        raise InputError(f"spikes per bin are needed, in a row and not below 0, got shape {counts.shape}")
    start, end = runs(counts == 0.0)
    total, length = float(counts.sum()), end - start
    if not total or not len(start):
        return []
    found = []
    shortest = math.log2(len(counts) / alpha)  # as q is at least one half
    for k in np.flatnonzero(length >= shortest):
        mean = total / (len(counts) - length[k])
        usual = float(np.median(np.concatenate([np.delete(length, k), np.ones(UNKNOWN)])))
        log_stay = max(-mean, -math.log(2.0) / usual)
        p = min(1.0, len(counts) * math.exp(log_stay * length[k]))
        if p <= alpha:
            found.append(Silence(int(start[k]), int(end[k]), mean * int(length[k]), p, len(counts)))
    return found


def runs(true: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return start and end (exclusive) of every unbroken run of True in `true` (N,): both (runs,)."""
    edges = np.diff(np.concatenate([[0], true.astype(np.int8), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
