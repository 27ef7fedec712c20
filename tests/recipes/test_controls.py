from __future__ import annotations

import numpy as np

from spikesight.datasets.images import digits
from spikesight.deep.training.optimisers import AdamW
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.recipes.controls import linear_on_pixels, retrained, untrained
from spikesight.zoo.fashion_csnn import FashionCsnn


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


def small(epochs: int) -> DeepClassifier:
    return DeepClassifier(FashionCsnn((8,)), Pixels((1, 8, 8)), epochs=epochs, batch=20, optimiser=AdamW(1e-2))


def test_a_model_untrained_and_trained_otherwise_stand_beside_it() -> None:
    images = digits().first(300, 100)
    model = small(1).fit(images.train, images.train_labels)
    kept = {name: array.copy() for name, array in model.snapshot().items()}
    other = small(4).fit(images.train, images.train_labels)
    expected = other.strict_score(images.test, images.test_labels)
    assert retrained(model, images, epochs=4) == expected
    assert untrained(model, images) < expected - 0.3
    for name, array in model.snapshot().items():  # the one it stands beside stays as it is
        np.testing.assert_array_equal(array, kept[name])
