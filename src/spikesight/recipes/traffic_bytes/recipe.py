"""Real sessions told apart by their first 784 bytes and one hidden layer of spiking neurons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import balanced_accuracy_score

from spikesight.datasets.images import ImageSet
from spikesight.datasets.session_bytes import seen_in_training, session_bytes
from spikesight.deep.losses import CrossEntropy
from spikesight.deep.training.optimisers import AdamW
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, untrained
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, strictly, train
from spikesight.zoo.traffic import BytesNet

QUICK_EPOCHS = 8


@dataclass(frozen=True)
class TrafficBytes:
    """See the README beside this file. `n` hidden neurons, `steps` for which bytes are held, `epochs`, learning `rate`,
    `decay` of weights.
    """

    name = "traffic-bytes"
    n: int = 400
    steps: int = 8
    epochs: int = 20
    rate: float = 1e-3
    decay: float = 1e-2

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, in place of bytes."""
        images = enlarged_digits() if order.quick else session_bytes(order.data).images
        model = DeepClassifier(
            BytesNet(self.n // 4 if order.quick else self.n, self.steps),
            Pixels((int(np.prod(images.shape)),)),
            loss=CrossEntropy(),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=32 if order.quick else 128,
            optimiser=AdamW(self.rate, weight_decay=self.decay),
            clip=5.0,
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with a linear classifier of the bytes.   Errors: `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        others = {"accuracy_unseen": on_unseen, "accuracy_balanced": class_by_class, "untrained": untrained}
        return reproduce(recipe.task(order), order, None, linear_on_pixels, others=others)


def on_unseen(model: Any, images: ImageSet) -> float:
    """Return the test accuracy over sessions that are not, byte for byte, in the training set too."""
    new = ~seen_in_training(images)
    return strictly(model, images._replace(test=images.test[new], test_labels=images.test_labels[new]))


def class_by_class(model: Any, images: ImageSet) -> float:
    """Return the mean over classes of the share of each that is named right."""
    return float(balanced_accuracy_score(images.test_labels, model.predict(images.test)))


RECIPE = TrafficBytes()
