"""Votes of a population of units that each stand for a class."""

from __future__ import annotations

import numpy as np

from spikesight.analysis.selectivity import class_sizes


def votes(counts: np.ndarray, class_of_unit: np.ndarray, classes: int) -> np.ndarray:
    """Return the mean spike count of the units of every class, for one stimulus; 0 where a class has no unit.

    Shapes: counts (units,), class_of_unit int (units,) with -1 for none -> (classes,).
    Source: Diehl and Cook 2015, section 2.6: the highest average over the neurons of a class is the answer.
    """
    owners = np.asarray(class_of_unit)
    assigned = owners >= 0
    totals = np.bincount(owners[assigned], weights=np.asarray(counts)[assigned], minlength=classes)
    return np.asarray(totals / np.maximum(class_sizes(owners, classes), 1))


def winner(vote: np.ndarray) -> int:
    """Return the class with most votes, the lower one in a tie, -1 where nobody voted."""
    vote = np.asarray(vote)
    return int(vote.argmax()) if vote.size and vote.max() > 0 else -1
