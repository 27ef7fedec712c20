"""Scores of a made-up tagger whose tags are calibrated differently."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.randomness import generator


class Scored(NamedTuple):
    """Scores (items, tags) from 0 to 1, and which tags the items have, bool (items, tags)."""

    scores: NDArray[np.float32]
    labels: NDArray[np.bool_]


RAREST, MOST_FREQUENT = 0.002, 0.1
"""Share of items that have a tag: evenly spread between these on a logarithmic scale."""

SEPARATION = 1.0, 3.5
"""Distance, in standard deviations, of the evidence for items that have a tag from that for items that have not."""

GAIN, SHIFT = (0.5, 2.0), (-5.0, 0.5)
"""Of the calibration: the score is the sigmoid of gain times evidence plus shift."""


def tagger(items: int, tags: int, seed: int) -> Scored:
    """Draw `items` scored by a tagger of `tags`, each with a frequency, a separation and a calibration of its own."""
    random = generator(seed, "tagger")
    often = np.exp(random.uniform(np.log(RAREST), np.log(MOST_FREQUENT), tags))
    apart, gain, shift = (random.uniform(*limits, tags) for limits in (SEPARATION, GAIN, SHIFT))
    drawn = generator(seed, "items")
    labels = drawn.random((items, tags)) < often
    evidence = drawn.standard_normal((items, tags)) + apart * (labels - 0.5)
    scores = 1.0 / (1.0 + np.exp(-(gain * evidence + shift)))
    return Scored(scores.astype(np.float32), labels)
