"""How much neurons do the same at the same time.

Counts are spikes per bin and neuron, (bins, n): from `activity.binned`, or `Trace.raster` turned round.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


def chi(signals: NDArray[Any]) -> float:
    """Return the synchrony of `signals` (T, n), membrane potentials or counts: 1 all alike, 1 / sqrt(n) independent.

    Standard deviation over time of the mean signal, over the root mean square of those of the single signals; NaN
    where nothing changes.   Errors: InputError where there are not at least two points of time.
    Source: Golomb & Rinzel, Physica D 72 (1994); Golomb, Scholarpedia 2 (2007) 1347.
    """
    signals = _over_time(signals)
    single = signals.var(axis=0).mean()
    return float(np.sqrt(signals.mean(axis=1).var() / single)) if single > 0 else float("nan")


def fano_factor(counts: NDArray[Any]) -> float:
    """Return variance over mean of the population's counts (bins,) or (bins, n): 1 Poisson, 0 regular, n in step.

    NaN where nobody spiked.   Errors: as `chi`.
    """
    total = _over_time(counts).sum(axis=1)
    return float(total.var(ddof=1) / total.mean()) if total.any() else float("nan")


def pairwise_correlation(counts: NDArray[Any], random: np.random.Generator, most: int = 200) -> float:
    """Return the mean correlation coefficient of `counts` (bins, n) over pairs of neurons: 0 independent, 1 alike.

    All pairs among at most `most` neurons, drawn with `random` from those whose count changes; NaN where fewer than
    two do.   Errors: as `chi`; InputError where `most` is below 2.
    """
    if most < 2:
        raise InputError(f"pairs need two neurons or more, got most={most}")
    counts = _over_time(counts)
    changing = np.flatnonzero(counts.std(axis=0) > 0)
    if len(changing) < 2:
        return float("nan")
    drawn = changing if len(changing) <= most else random.choice(changing, most, replace=False)
    scores = counts[:, drawn] - counts[:, drawn].mean(axis=0)
    scores /= np.linalg.norm(scores, axis=0)
    # The sum of all entries of the correlation matrix is the square of the summed scores; its diagonal is ones.
    n = len(drawn)
    return float((np.square(scores.sum(axis=1)).sum() - n) / (n * (n - 1)))


def _over_time(signals: NDArray[Any]) -> NDArray[np.float64]:
    signals = np.asarray(signals, np.float64)
    signals = signals[:, None] if signals.ndim == 1 else signals
    if signals.ndim != 2 or len(signals) < 2:
        raise InputError(f"two or more points of time are needed, on axis 0; got shape {signals.shape}")
    return signals
