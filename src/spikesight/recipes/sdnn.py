"""What the recipes of deep STDP networks share: their controls, and digits that are as large as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone

from spikesight.base.randomness import generator
from spikesight.datasets.images import ImageSet, digits
from spikesight.estimators.sdnn import SDNN
from spikesight.recipes.linear_readout import LinearReadout


@dataclass(frozen=True)
class Untrained:
    """The same classifier on features of the network before it learned: the control."""

    readout: LinearReadout

    def __call__(self, model: SDNN, images: ImageSet) -> float:
        """Return the test accuracy."""
        return self.readout(clone(model).begin(images.train, images.train_labels), images)


@dataclass(frozen=True)
class Shuffled:
    """The same classifier on features of kernels whose learned weights were shuffled within each map: a control.

    They have the values that were learned, and no longer their places.
    """

    readout: LinearReadout

    def __call__(self, model: SDNN, images: ImageSet) -> float:
        """Return the test accuracy."""
        other: Any = clone(model).go_on(model.snapshot(), images.train, images.train_labels)
        random = generator(model.seed, "shuffled")
        for number, w in enumerate(other.weights_):
            flat = w.reshape(len(w), -1)
            other.weights_[number] = random.permuted(flat, axis=1).reshape(w.shape)
        return self.readout(other, images)


def large_digits(times: int, brightness: int = 15, classes: int = 10) -> ImageSet:
    """Return the 8 x 8 digits of the first `classes` classes, pixels `times` wide and high, 0 to 15 `brightness`."""
    small = digits()
    train, test = (
        np.kron(images.reshape(-1, 8, 8).clip(0, 15) * brightness, np.ones((1, times, times), np.uint8)).astype(
            np.uint8
        )
        for images in (small.train, small.test)
    )
    first, held = small.train_labels < classes, small.test_labels < classes
    return ImageSet(
        f"digits-{8 * times}",
        (8 * times, 8 * times),
        train[first].reshape(first.sum(), -1),
        small.train_labels[first],
        test[held].reshape(held.sum(), -1),
        small.test_labels[held],
    )
