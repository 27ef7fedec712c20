"""Which class a unit answers to."""

from __future__ import annotations

import numpy as np

from spikesight.base.errors import InputError


def mean_responses(counts: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Return the mean number of spikes of every unit per stimulus of every class.

    Shapes: counts (stimuli, units), labels (stimuli,) -> (classes, units). Labels below 0 are left out; a class
    that was never shown has NaN.   Errors: InputError where the lengths differ or a label is not below `classes`.
    """
    counts, labels = np.asarray(counts), np.asarray(labels)
    if len(counts) != len(labels):
        raise InputError(f"one label per stimulus is needed, got {len(labels)} labels for {len(counts)} stimuli")
    if labels.size and labels.max() >= classes:
        raise InputError(f"labels run from 0 to {classes - 1}, got {labels.max()}")
    shown = labels >= 0
    one_hot = np.zeros((len(labels), classes))
    one_hot[np.flatnonzero(shown), labels[shown]] = 1.0
    presentations = one_hot.sum(axis=0)
    totals = one_hot.T @ counts
    means = np.full(totals.shape, np.nan)
    np.divide(totals, presentations[:, None], out=means, where=presentations[:, None] > 0)
    return means


def preferred_class(responses: np.ndarray) -> np.ndarray:
    """Return the class with the highest mean response of every unit, -1 for a unit that never spiked.

    Shapes: responses (classes, units) with NaN for classes not shown -> int (units,). Ties go to the lower class.
    """
    known = np.nan_to_num(np.asarray(responses, dtype=np.float64), nan=0.0)
    if known.shape[0] == 0:
        return np.full(known.shape[1], -1)
    return np.where(known.max(axis=0) > 0, known.argmax(axis=0), -1)


def class_sizes(class_of_unit: np.ndarray, classes: int) -> np.ndarray:
    """Return how many units belong to every class. Shapes: int (units,) with -1 for none -> int64 (classes,)."""
    owners = np.asarray(class_of_unit)
    return np.bincount(owners[owners >= 0], minlength=classes)
