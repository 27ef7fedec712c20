"""What an estimator takes for stimuli and labels, checked once at its door."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d, validate_data

from spikesight.base.errors import InputError


def checked_stimuli(estimator: Any, X: ArrayLike, *, reset: bool = False) -> NDArray[Any]:
    """Return X as (samples, inputs) numbers >= 0; `reset` remembers the number of inputs, else it must be the same.

    Errors: InputError where X is empty, not two-dimensional, of another width, or holds NaN, infinite or negative
    values.
    """
    values = np.asarray(X)
    shape = values.shape
    if len(shape) == 3:
        raise InputError(
            f"X has shape {shape}; flatten images first: X.reshape(len(X), -1), which gives {(shape[0], '...')}"
        )
    if len(shape) == 2 and shape[0] == 0:
        raise InputError(f"X is empty: got shape {shape}, expected at least one stimulus")
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


def checked_labels(y: ArrayLike | None, samples: int, classes: NDArray[Any]) -> NDArray[np.int64]:
    """Return labels as positions in `classes`.

    Errors: InputError where y has another length than X or holds a label that is not among `classes`.
    """
    labels = one_label_each(y)
    if labels.shape != (samples,):
        raise InputError(
            f"y has shape {labels.shape}, X has {samples} stimuli: expected one label each, shape ({samples},)"
        )
    unknown = np.setdiff1d(labels, classes)
    if unknown.size:
        raise InputError(f"y holds labels {unknown[:5].tolist()} that are not among the classes {classes.tolist()}")
    return np.searchsorted(classes, labels)


def one_label_each(y: ArrayLike | None) -> NDArray[Any]:
    """Return labels as an array (samples,).   Errors: InputError where y is missing, not a column, or not classes."""
    if y is None:
        raise InputError("this estimator requires y to be passed, but the target y is None: labels name its neurons")
    try:
        labels: NDArray[Any] = column_or_1d(y, warn=True)
        check_classification_targets(labels)
    except ValueError as error:
        raise InputError(str(error)) from error
    return labels


def rows_and_columns(pixels: int, image_shape: tuple[int, int] | None) -> tuple[int, int]:
    """Return rows and columns of images of so many pixels, square where nothing else is given.

    Errors: InputError where they make no such image.
    """
    shape = image_shape or (math.isqrt(pixels),) * 2
    if math.prod(shape) != pixels:
        raise InputError(
            f"X has {pixels} pixels, which make no image of {shape[0]} x {shape[1]}: give image_shape=(rows, columns)"
        )
    return shape
