"""Fashion-MNIST learned by proxy (Kheradpisheh, Mirsadeghi & Masquelier 2022)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from sklearn.base import clone

from spikesight.datasets.images import ImageSet, fashion_mnist
from spikesight.deep.conversion import Percentile, convert, curve
from spikesight.deep.losses import Counts, CrossEntropy, Loss
from spikesight.deep.neurons.leaky import IF
from spikesight.deep.readouts import MeanOverTime, SumOverTime
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import Constant, Cosine
from spikesight.equations.reset import Subtract
from spikesight.estimators.augmentation import AsTheyAre, Augmentation, Both, Mirrored, Shifted
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, untrained
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.fashion_csnn import FashionCsnn
from spikesight.zoo.proxy_fashion import Artificial, ByProxy, ProxyFashion

PUBLISHED = 0.9456
"""Test accuracy of the paper's network, abstract."""

CALIBRATION = 500
"""Training images, the first ones, by which the control is converted."""

QUICK_CHANNELS, QUICK_EPOCHS = (8, 16), 10


@dataclass(frozen=True)
class ProxyFashionRecipe:
    """See the README beside this file. `width`, channels of the first of three convolutions; `steps`, `threshold`;
    `epochs` at `rate`.
    """

    name = "proxy-fashion"
    width: int = 32
    steps: int = 6
    threshold: float = 2.0
    epochs: int = 15
    rate: float = 3e-3

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and a smaller network."""
        images = enlarged_digits() if order.quick else fashion_mnist(order.data)
        model = DeepClassifier(
            self.architecture(order.quick),
            Pixels((1, 28, 28)),
            loss=self.loss(),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=50 if order.quick else 100,
            optimiser=AdamW(self.rate, 1e-4),
            schedule=Cosine(0.05),
            augmentation=self.augmentation(order.quick),
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def architecture(self, quick: bool = False) -> ByProxy:
        """Return the network; the published one is in `as_published`."""
        channels = QUICK_CHANNELS if quick else (self.width, 2 * self.width, 4 * self.width)
        return ByProxy(FashionCsnn(channels, self.steps, partial(IF, self.threshold, Subtract())))

    def loss(self) -> Loss:
        """Return the cross entropy of the output currents, the mean over time."""
        return CrossEntropy(SumOverTime(), sharpness=1.0 / self.steps)

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
        figures = {
            "artificial": control.artificial,
            "converted_rounding": control.rounding,
            "untrained": untrained,
            "linear_on_pixels": linear_on_pixels,
        }
        published = None if order.quick else PUBLISHED
        return reproduce(recipe.task(order), order, published, control, others=figures)


class Found(NamedTuple):
    """Test accuracies of the artificial network, and converted, with membranes that begin at rest, or half way up."""

    artificial: float
    from_rest: float
    rounding: float


@dataclass
class Converted:
    """The control: the artificial network of the same shape, trained by itself as long, and converted."""

    found: Found | None = None

    def __call__(self, model: Any, images: ImageSet) -> float:
        """Return the test accuracy after conversion to as many steps as the network has that learned by proxy."""
        return self._found(model, images).from_rest

    def rounding(self, model: Any, images: ImageSet) -> float:
        """Return the same with membranes that begin at half their threshold."""
        return self._found(model, images).rounding

    def artificial(self, model: Any, images: ImageSet) -> float:
        """Return the test accuracy before conversion."""
        return self._found(model, images).artificial

    def _found(self, model: Any, images: ImageSet) -> Found:
        if self.found is None:
            net: FashionCsnn = model.architecture.like
            twin = clone(model).set_params(architecture=Artificial(net), loss=CrossEntropy(MeanOverTime()))
            twin.fit(images.train, images.train_labels)
            calibration = twin.prepare(images.train[:CALIBRATION], twin.largest_)
            tested = twin.prepare(images.test, twin.largest_)
            labels = torch.from_numpy(np.searchsorted(twin.classes_, images.test_labels))
            rest, half = (
                curve(twin.net_, convert(twin.net_, calibration, method, steps=net.steps), tested, labels)
                for method in (Percentile(99.9, begun=0.0), Percentile(99.9))
            )
            self.found = Found(rest.artificial, float(rest.accuracy[-1]), float(half.accuracy[-1]))
        return self.found


def as_published(seed: int, samples: int = 60_000) -> DeepClassifier:
    """Return the classifier as the paper's code trains it on `samples` images: for a GPU, not for a few cores.

    128 channels, 15 steps, output neurons that fire once for the right class; batch normalisations keep their
    statistics after the first epoch.
    """
    return DeepClassifier(
        ByProxy(ProxyFashion(), settle=samples // 100),
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
