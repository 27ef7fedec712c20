"""What an estimator takes for stimuli and labels, checked once at its door."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import validate_data

from spikesight.base.errors import InputError


def checked_stimuli(estimator: Any, X: ArrayLike, *, reset: bool = False) -> NDArray[Any]:
    """Return X as (samples, inputs) numbers >= 0; `reset` remembers the number of inputs, else it must be the same.

    Errors: InputError where X is empty, not two-dimensional, of another width, or holds NaN, infinite or negative
    values.
    """
    shape = np.shape(X)
    if len(shape) == 3:
        raise InputError(
            f"X has shape {shape}; flatten images first: X.reshape(len(X), -1), which gives {(shape[0], '...')}"
        )
    if len(shape) == 2 and shape[0] == 0:
        raise InputError(f"X is empty: got shape {shape}, expected at least one stimulus")
    values = np.asarray(X)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        bad = np.flatnonzero(~np.isfinite(values).all(axis=-1))
        raise InputError(
            f"X contains NaN or infinite values in {len(bad)} of {len(values)} stimuli, the first at row {bad[0]}"
        )
    try:
        checked: NDArray[Any] = validate_data(estimator, X, reset=reset, dtype="numeric")
    except InputError:
        raise
    except ValueError as error:
        raise InputError(str(error)) from error
    if checked.min() < 0:
        raise InputError(
            f"Negative values in data passed to {type(estimator).__name__}: X goes down to {checked.min():g}, but an "
            "intensity is a firing rate and cannot be negative. Shift X, or split it into two channels, its "
            "positive and its negative part."
        )
    return checked


def checked_labels(y: ArrayLike, samples: int, classes: NDArray[Any]) -> NDArray[np.int64]:
    """Return labels as positions in `classes`.

    Errors: InputError where y has another length than X or holds a label that is not among `classes`.
    """
    labels = np.asarray(y)
    if labels.shape != (samples,):
        raise InputError(
            f"y has shape {labels.shape}, X has {samples} stimuli: expected one label each, shape ({samples},)"
        )
    unknown = np.setdiff1d(labels, classes)
    if unknown.size:
        raise InputError(f"y holds labels {unknown[:5].tolist()} that are not among the classes {classes.tolist()}")
    return np.searchsorted(classes, labels)
