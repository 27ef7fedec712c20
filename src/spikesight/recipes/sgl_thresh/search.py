"""What learning thresholds stands beside: one threshold for all, one tag after the other, and the best there is.

All look for a large micro F1 score, 2 TP / (decided + labelled), on the items that they are given.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.recipes.sgl_thresh.scores import Scored


class Cuts(NamedTuple):
    """By number of decided items, 0 to N: hits (N + 1, tags), and the threshold between the last and the next."""

    hits: NDArray[np.int64]
    thresholds: NDArray[np.float64]


def cuts(known: Scored) -> Cuts:
    """Return every cut of the scores of every tag. Between equal scores there is none: their threshold is NaN."""
    order = np.argsort(-known.scores, axis=0, kind="stable")
    falling = np.take_along_axis(known.scores, order, 0).astype(np.float64)
    hits = np.cumsum(np.take_along_axis(known.labels, order, 0), axis=0, dtype=np.int64)
    above, below = np.pad(falling, ((1, 0), (0, 0)), constant_values=1.0), np.pad(falling, ((0, 1), (0, 0)))
    middle = np.where(above > below, (above + below) / 2.0, np.nan)
    middle[0], middle[-1] = 1.0, 0.0
    return Cuts(np.pad(hits, ((1, 0), (0, 0))), middle)


def shared(known: Scored, tried: int = 99) -> float:
    """Return the best single threshold for all tags, of so many between 0 and 1."""
    thresholds = np.linspace(0.0, 1.0, tried + 2)[1:-1]
    labelled = known.labels.sum()
    right = np.sort(known.scores[known.labels])
    every = np.sort(known.scores, axis=None)
    hits, decided = (len(one) - np.searchsorted(one, thresholds) for one in (right, every))
    return float(thresholds[np.argmax(2.0 * hits / (decided + labelled))])


def one_after_the_other(known: Scored, passes: int = 5) -> NDArray[np.float64]:
    """Return thresholds (tags,) found by coordinate search from one half: for each tag in turn the cut with which the
    score of all is largest, until a pass changes nothing.
    """
    found, labelled = cuts(known), int(known.labels.sum())
    tags, counted = np.arange(known.labels.shape[1]), np.arange(len(found.hits))
    chosen = (known.scores >= 0.5).sum(axis=0)
    possible = np.isfinite(found.thresholds)
    for _ in range(passes):
        before = chosen.copy()
        for tag in tags:
            hits = found.hits[chosen, tags].sum() - found.hits[chosen[tag], tag]
            decided = chosen.sum() - chosen[tag]
            scores = 2.0 * (hits + found.hits[:, tag]) / np.maximum(1, decided + counted + labelled)
            chosen[tag] = np.argmax(np.where(possible[:, tag], scores, -1.0))
        if (before == chosen).all():
            break
    thresholds: NDArray[np.float64] = found.thresholds[chosen, tags]
    return thresholds


def best(known: Scored, rounds: int = 50) -> NDArray[np.float64]:
    """Return the thresholds (tags,) of the largest score there is on these items.

    The score is a ratio; for a given value of it, tags can be chosen for one by one.   Source: Dinkelbach 1967.
    """
    found, labelled = cuts(known), int(known.labels.sum())
    tags, counted, value = np.arange(known.labels.shape[1]), np.arange(len(found.hits))[:, None], 0.0
    possible = np.isfinite(found.thresholds)
    for _ in range(rounds):
        chosen = np.argmax(np.where(possible, 2.0 * found.hits - value * counted, -np.inf), axis=0)
        reached = 2.0 * found.hits[chosen, tags].sum() / max(1, chosen.sum() + labelled)
        if reached <= value:
            break
        value = reached
    thresholds: NDArray[np.float64] = found.thresholds[chosen, tags]
    return thresholds
