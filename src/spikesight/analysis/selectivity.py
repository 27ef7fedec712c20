"""Which class a unit answers to."""

from __future__ import annotations

import numpy as np

from spikesight.base.errors import InputError
from spikesight.circuits import readout


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
    means = readout.mean_responses(counts[shown], labels[shown], classes)
    means[np.bincount(labels[shown], minlength=classes) == 0] = np.nan
    return means


def preferred_class(responses: np.ndarray) -> np.ndarray:
    """Return the class with the highest mean response of every unit, -1 for a unit that never spiked.

    Shapes: responses (classes, units) with NaN for classes not shown -> int (units,). Ties go to the lower class.
    """
    known = np.nan_to_num(np.asarray(responses, dtype=np.float64), nan=0.0)
    if known.shape[0] == 0:
        return np.full(known.shape[1], readout.UNASSIGNED)
    return readout.from_means(known)


def per_stimulus(spikes: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Return the mean number of spikes per stimulus of each class, NaN for a class that was not shown.

    Shapes: spikes (..., classes, units) in all, shown (..., classes) -> (..., classes, units).
    """
    times = np.asarray(shown, dtype=np.float64)[..., None]
    means = np.full(np.shape(spikes), np.nan)
    np.divide(spikes, times, out=means, where=times > 0)
    return means


def selectivity_index(responses: np.ndarray) -> np.ndarray:
    """Return (best - rest) / (best + rest) of every unit: 1 answers to one class alone, 0 to all alike.

    `best` is the highest mean response, `rest` the mean of those to the other classes. Shapes: responses
    (classes, units) with NaN for classes not shown -> (units,); NaN for a unit that never spiked, and where fewer than
    two classes were shown.   Source: Morcos, Barrett, Rabinowitz & Botvinick, ICLR 2018, section 3.
    """
    responses = np.asarray(responses, dtype=np.float64)
    known = responses[~np.isnan(responses).all(axis=1)]
    index = np.full(responses.shape[1], np.nan)
    if len(known) < 2:
        return index
    best = known.max(axis=0)
    rest = (known.sum(axis=0) - best) / (len(known) - 1)
    np.divide(best - rest, best + rest, out=index, where=best > 0)
    return index
