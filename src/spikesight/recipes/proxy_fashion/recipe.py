"""Fashion-MNIST learned by proxy (Kheradpisheh, Mirsadeghi & Masquelier 2022)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.base import clone

from spikesight.datasets.images import ImageSet, fashion_mnist
from spikesight.deep.conversion import Percentile, convert, curve
from spikesight.deep.losses import Counts, CrossEntropy, Loss
from spikesight.deep.readouts import MeanOverTime
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import Constant, Cosine
from spikesight.estimators.augmentation import AsTheyAre, Augmentation, Both, Mirrored, Shifted
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.proxy_fashion import Artificial, ProxyFashion

PUBLISHED = 0.9456
"""Test accuracy of the paper's network, abstract."""

CALIBRATION = 500
"""Training images, the first ones, by which the control is converted."""

QUICK = {"channels": (8, 8), "hidden": (32,), "steps": 6}
QUICK_EPOCHS = 8


@dataclass(frozen=True)
class ProxyFashionRecipe:
    """See the README beside this file. `width` channels of the first of three convolutions, `steps`, `threshold`;
    `epochs` at `rate`.
    """

    name = "proxy-fashion"
    width: int = 32
    steps: int = 6
    threshold: float = 1.0
    epochs: int = 15
    rate: float = 3e-3

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and a smaller network."""
        images = enlarged_digits() if order.quick else fashion_mnist(order.data)
        model = DeepClassifier(
            self.architecture(order.quick),
            Pixels((1, 28, 28)),
            loss=self.loss(order.quick),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=50 if order.quick else 100,
            optimiser=AdamW(self.rate, 1e-4),
            schedule=Cosine(0.05),
            augmentation=self.augmentation(order.quick),
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def architecture(self, quick: bool = False) -> ProxyFashion:
        """Return the network: the published one is `PAPER`."""
        if quick:
            return ProxyFashion(**QUICK, threshold=self.threshold, silent=True)  # type: ignore[arg-type]
        channels = (self.width, self.width, 2 * self.width)
        return ProxyFashion(channels, (256,), self.steps, self.threshold, silent=True)

    def loss(self, quick: bool = False) -> Loss:
        """Return the squared distance of summed currents from half the number of steps for the right class, else 0."""
        return Counts(self.architecture(quick).steps / 2.0)

    def augmentation(self, quick: bool = False) -> Augmentation:
        """Return what is done to training images."""
        return AsTheyAre() if quick else Both(Mirrored(), Shifted(2))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train by proxy, then convert an artificial network of the same shape, trained as long, to as many steps.

        Errors: `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        control = Converted()
        figures = {"artificial": control.artificial, "untrained": untrained, "linear_on_pixels": linear_on_pixels}
        published = None if order.quick else PUBLISHED
        return reproduce(recipe.task(order), order, published, control, others=figures)


@dataclass
class Converted:
    """The control: the artificial network of the same shape, trained by itself as long, and converted."""

    found: tuple[float, float] | None = None

    def __call__(self, model: Any, images: ImageSet) -> float:
        """Return the test accuracy after conversion to as many steps as the network has that learned by proxy."""
        return self._both(model, images)[0]

    def artificial(self, model: Any, images: ImageSet) -> float:
        """Return the test accuracy before conversion."""
        return self._both(model, images)[1]

    def _both(self, model: Any, images: ImageSet) -> tuple[float, float]:
        if self.found is None:
            net: ProxyFashion = model.architecture
            twin = clone(model).set_params(architecture=Artificial(net), loss=CrossEntropy(MeanOverTime()))
            twin.fit(images.train, images.train_labels)
            calibration = twin.prepare(images.train[:CALIBRATION], twin.largest_)
            snn = convert(twin.net_, calibration, Percentile(99.9), steps=net.steps)
            labels = torch.from_numpy(np.searchsorted(twin.classes_, images.test_labels))
            found = curve(twin.net_, snn, twin.prepare(images.test, twin.largest_), labels)
            self.found = float(found.accuracy[-1]), found.artificial
        return self.found


def untrained(model: DeepClassifier, images: ImageSet) -> float:
    """Return the test accuracy of the same network before any training."""
    fresh = clone(model).begin(images.train, images.train_labels)
    return float(fresh.strict_score(images.test, images.test_labels))


def as_published(seed: int, samples: int = 60_000) -> DeepClassifier:
    """Return the classifier as the paper's code trains it on `samples` images: for a GPU, not for a few cores.

    128 channels, 15 steps, output neurons that fire once for the right class; batch normalisations keep their
    statistics after the first epoch.
    """
    return DeepClassifier(
        ProxyFashion(settle=samples // 100),
        Pixels((1, 28, 28)),
        loss=Counts(1.0),
        epochs=100,
        batch=100,
        optimiser=AdamW(1e-4, 1e-6, betas=(0.8, 0.99)),
        schedule=Constant(),
        augmentation=Shifted(1),
        seed=seed,
    )


RECIPE = ProxyFashionRecipe()
