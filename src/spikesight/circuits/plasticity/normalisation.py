"""Weight normalisation: what reaches a neuron is rescaled to a fixed sum, so that neurons compete with patterns, not with gain."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray


def normalise(w: NDArray[Any], total: float) -> None:
    """Rescale each column of `w` (n_pre, n_post) in place so that it sums to `total`; a column of zeros stays.

    Source: Diehl & Cook 2015, section 2.4 (before every presentation).
    """
    scale = np.empty(w.shape[1], np.float64)
    _compiled()(w, total, scale)


def rescale(w, total, scale):  # type: ignore[no-untyped-def]
    """Sum rows from the first to the last in float64, then scale: this text is compiled, and is its own reference."""
    scale[:] = 0.0
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            scale[j] += w[i, j]
    for j in range(w.shape[1]):
        scale[j] = total / scale[j] if scale[j] > 0.0 else 1.0
    factors = scale.astype(w.dtype)
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            w[i, j] *= factors[j]


@cache
def _compiled() -> Any:
    import numba

    return numba.njit(cache=True, nogil=True)(rescale)
