"""A linear classifier on what a transformer gives."""

import numpy as np

from spikesight.datasets.images import ImageSet
from spikesight.recipes.linear_readout import LinearReadout


class Angle:
    """Gives the angle of points of a plane: what tells them apart is linear in it."""

    def transform(self, X):
        return np.arctan2(*(X.astype(float) - 128).T)[:, None]


class Nothing:
    """Gives the same for every point."""

    def transform(self, X):
        return np.zeros((len(X), 2))


def test_it_reads_what_features_hold_and_no_more():
    points = np.random.default_rng(0).integers(0, 256, (600, 2)).astype(np.uint8)
    labels = (points[:, 0] > 128).astype(np.int64)
    images = ImageSet("points", (1, 2), points[:400], labels[:400], points[400:], labels[400:])
    assert LinearReadout(C=1.0)(Angle(), images) > 0.97
    majority = max(np.bincount(labels[400:])) / 200
    assert LinearReadout(C=1.0)(Nothing(), images) in (majority, 1 - majority)
