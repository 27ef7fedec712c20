"""Right and wrong over time."""

from __future__ import annotations

import numpy as np


def running_accuracy(correct: np.ndarray, last: int) -> np.ndarray:
    """Return, for each stimulus, the fraction of right answers among the `last` ones up to and with it.

    Shapes: correct (N,) of 0 and 1 -> (N,). The first ones are averages over as many as there are.
    """
    sums = np.concatenate([[0.0], np.cumsum(np.asarray(correct, dtype=np.float64))])
    ends = np.arange(1, len(sums))
    starts = np.maximum(ends - last, 0)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts))


def thinned(t: np.ndarray, values: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return at most `most` points of a curve: the last of each run of neighbours, so that the newest is always kept.

    Shapes: t (N,), values (N,) -> both (M,), M <= most.
    """
    stride = max(1, -(-len(t) // most))
    kept = np.arange(len(t) - 1, -1, -stride)[::-1]
    return np.asarray(t)[kept], np.asarray(values)[kept]
