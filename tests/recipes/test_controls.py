from __future__ import annotations

import numpy as np

from spikesight.datasets.images import digits
from spikesight.recipes.controls import linear_on_pixels


def test_pixels_alone_tell_most_digits() -> None:
    assert 0.94 < linear_on_pixels(None, digits()) < 0.99


def test_labels_that_mean_nothing_are_not_learned() -> None:
    images = digits()
    mixed = images._replace(test_labels=np.random.default_rng(0).permutation(images.test_labels))
    assert linear_on_pixels(None, mixed) < 0.25


def test_black_images_tell_nothing() -> None:
    images = digits()
    black = images._replace(train=np.zeros_like(images.train), test=np.zeros_like(images.test))
    assert linear_on_pixels(None, black) < 0.15
