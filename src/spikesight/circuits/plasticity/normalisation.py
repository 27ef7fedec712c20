"""Weight normalisation: what reaches a neuron is rescaled to a fixed sum, so that neurons compete with patterns, not
with gain.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.executors.generated import compiled


def normalise(w: NDArray[Any], total: float) -> None:
    """Rescale each column of `w` (n_pre, n_post) in place so that it sums to `total`; a column of zeros stays.

    Sums in float64, from the first row to the last.   Source: Diehl & Cook 2015, section 2.4 (before every
    presentation).
    """
    sums = np.cumsum(w, axis=0, dtype=np.float64)[-1]  # not sum: of a single column it would add up in another order
    w *= np.divide(total, sums, out=np.ones_like(sums), where=sums > 0.0).astype(w.dtype)


def normalise_fused(w: NDArray[Any], total: float) -> None:
    """As `normalise`, compiled; equal bit for bit."""
    compiled(rescale)(w, total, np.empty(w.shape[1], np.float64), np.empty(w.shape[1], w.dtype))


def rescale(w, total, sums, factors):  # type: ignore[no-untyped-def]
    """Sum rows from the first to the last, then scale row by row."""
    sums[:] = 0.0
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            sums[j] += w[i, j]
    for j in range(w.shape[1]):
        factors[j] = total / sums[j] if sums[j] > 0.0 else 1.0
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            w[i, j] *= factors[j]
