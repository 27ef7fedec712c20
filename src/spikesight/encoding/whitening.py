"""Whitening: inputs are turned and stretched until no linear relation is left between them, learned once and kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError


@dataclass(frozen=True, eq=False)
class Whitening:
    """Subtract `mean` (n,), then apply the symmetric `matrix` (n, n); what comes out looks like what went in.

    Source: zero-phase component analysis, Bell & Sejnowski 1997.
    """

    mean: NDArray[np.float64]
    matrix: NDArray[np.float64]

    def __call__(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the whitened (B, n).   Errors: InputError for NaN and another number of inputs."""
        x = _checked(X)
        if x.shape[1] != len(self.mean):
            raise InputError(f"whitening was learned of {len(self.mean)} inputs, got {x.shape[1]}")
        whitened: NDArray[np.float64] = (x - self.mean) @ self.matrix
        return whitened


def whitening_of(X: ArrayLike, epsilon: float = 1e-2) -> Whitening:
    """Learn the whitening of training data (N, n): images or patches in rows.

    `epsilon`, as a share of the largest variance, keeps directions that hardly vary from being blown up.
    Errors: InputError for fewer than two rows, NaN, data that do not vary, and an epsilon not above 0.
    """
    x = _checked(X)
    if len(x) < 2:
        raise InputError(f"two rows at least are needed to learn how inputs vary, got {len(x)}")
    if not epsilon > 0.0:
        raise InputError(f"epsilon is above 0, got {epsilon}")
    mean = x.mean(axis=0)
    variance, directions = np.linalg.eigh(np.cov(x - mean, rowvar=False, bias=True).reshape(len(mean), -1))
    if not variance[-1] > 0.0:
        raise InputError("the rows are all equal: there is nothing to whiten")
    scale = 1.0 / np.sqrt(np.maximum(variance, 0.0) + epsilon * variance[-1])
    return Whitening(mean, (directions * scale) @ directions.T)


def either_sign(x: ArrayLike) -> NDArray[np.float64]:
    """Return (B, C, ...) as intensities (B, 2 C, ...): what is above 0 in channels of its own, then what is below.

    Errors: InputError for NaN and for no axis of channels.
    """
    values = np.asarray(x, np.float64)
    if values.ndim < 2 or not np.isfinite(values).all():
        raise InputError(f"finite values (B, C, ...) are needed, got shape {values.shape}")
    return np.concatenate([np.maximum(values, 0.0), np.maximum(-values, 0.0)], axis=1)


def _checked(X: ArrayLike) -> NDArray[np.float64]:
    x = np.asarray(X, np.float64)
    if x.ndim != 2:
        raise InputError(f"rows of inputs (B, n) are needed, got shape {x.shape}")
    if not np.isfinite(x).all():
        raise InputError(f"the rows hold {int((~np.isfinite(x)).sum())} NaN or infinite values; clean the input first")
    return x
