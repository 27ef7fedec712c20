"""Numbers that compare accuracies, answers and representations: of a model under variation, or of two models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator

BOOTSTRAPS = 1000


def interval(
    right: NDArray[Any], images: NDArray[Any], coverage: float = 0.95, draws: int = BOOTSTRAPS, seed: int = 0
) -> tuple[float, float]:
    """Return where the accuracy of answers (n,) lies, by drawing images anew: all answers to an image go together.

    `right` says which answers are right, `images` (n,) which image each is to.   Errors: InputError without answers.
    """
    if not len(right):
        raise InputError("no answers: there is no accuracy")
    names, place = np.unique(images, return_inverse=True)
    count = np.bincount(place, minlength=len(names)).astype(float)
    hits = np.bincount(place, np.asarray(right, float), minlength=len(names))
    chosen = generator(seed, "bootstrap").integers(0, len(names), (draws, len(names)))
    accuracy = hits[chosen].sum(axis=1) / count[chosen].sum(axis=1)
    low, high = np.quantile(accuracy, [(1 - coverage) / 2, (1 + coverage) / 2])
    return float(low), float(high)


def half_level(levels: Sequence[float], accuracies: Sequence[float], chance: float) -> float:
    """Return the level at which accuracy has fallen half-way from that of the first level to chance.

    Between levels accuracy is taken to fall evenly; NaN where it does not fall so far, or begins at chance.
    """
    half = (accuracies[0] + chance) / 2
    if not accuracies[0] > chance:
        return float("nan")
    for before, after in zip(range(len(levels)), range(1, len(levels)), strict=False):
        if accuracies[after] <= half:
            step = (accuracies[before] - half) / (accuracies[before] - accuracies[after])
            return float(levels[before] + step * (levels[after] - levels[before]))
    return float("nan")


def invariance(accuracy: float, unvaried: float, chance: float, error: float = 0.0) -> float:
    """Return what is left of the accuracy above chance: 1 is invariant, 0 is chance.

    NaN where the unvaried accuracy is not above chance by more than `error`: there is nothing to be left of.
    """
    return (accuracy - chance) / (unvaried - chance) if unvaried - chance > error else float("nan")


def kappa(right: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Return how far two models err on the same images (n,) beyond what their accuracies make likely.

    0 where errors are independent, 1 where they are the same; NaN where both are always right, or always wrong.
    Source: Geirhos et al. 2020, error consistency.
    """
    a, b = float(np.mean(right)), float(np.mean(other))
    observed, expected = float(np.mean(np.equal(right, other))), a * b + (1 - a) * (1 - b)
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")


def confusion(labels: NDArray[np.int64], predictions: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Return how often each class (rows) was taken for each (columns); the last column counts images unanswered."""
    counts = np.zeros((classes, classes + 1), np.int64)
    np.add.at(counts, (labels, np.where(predictions < 0, classes, predictions)), 1)
    return counts


def confusion_correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Return the correlation of two confusion matrices off the diagonal; NaN where one of them has no mistakes."""
    off = np.ones(one.shape, np.bool_)
    np.fill_diagonal(off, False)
    a, b = (matrix[off].astype(float) for matrix in (one, other))
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 and b.std() > 0 else float("nan")


def dissimilarity(features: NDArray[Any]) -> NDArray[np.float64]:
    """Return 1 - Pearson's correlation of the features (n, d) of every two images, (n, n)."""
    rest = features - features.mean(axis=1, keepdims=True, dtype=np.float64)
    length = np.linalg.norm(rest, axis=1, keepdims=True)
    unit = np.divide(rest, length, out=np.zeros_like(rest), where=length > 0)
    apart: NDArray[np.float64] = 1.0 - unit @ unit.T
    return apart


def representations_alike(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Return Spearman's correlation of two dissimilarity matrices (n, n), above the diagonal; NaN where one is flat."""
    above = np.triu_indices(len(one), 1)
    a, b = (rankdata(matrix[above]) for matrix in (one, other))
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 and b.std() > 0 else float("nan")
