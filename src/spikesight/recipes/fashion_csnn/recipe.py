"""Fashion-MNIST by a convolutional network of leaky neurons, trained by surrogate gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from spikesight.base.errors import InputError
from spikesight.datasets.images import ImageSet, fashion_mnist
from spikesight.deep.losses import CrossEntropy
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import OneCycle
from spikesight.estimators.augmentation import Both, Mirrored, Shifted
from spikesight.estimators.deep_classifier import Architecture, DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, retrained
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.fashion_csnn import FashionCsnn

READOUT = "out"
READOUT_EPOCHS = 5
"""Of the control, in which only the readout learns: it is linear."""

QUICK_EPOCHS, QUICK_WIDTH, QUICK_BATCH = 6, 8, 50


@dataclass(frozen=True)
class FashionCsnnRecipe:
    """See the README beside this file. Three convolutions of `width`, twice and four times as many channels; the image
    is held for `steps`; `epochs`; the highest `rate`; training images move by up to `shift` pixels.

    With `hold_back`, so many of the training images are tested on in place of the test images: by these, settings are
    chosen.
    """

    name = "fashion-csnn"
    width: int = 32
    steps: int = 4
    epochs: int = 20
    batch: int = 100
    rate: float = 4e-3
    shift: int = 2
    smoothing: float = 0.1
    hold_back: int = 0

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and fewer channels."""
        images = enlarged_digits() if order.quick else fashion_mnist(order.data)
        width = QUICK_WIDTH if order.quick else self.width
        shifted = Shifted(self.shift)
        model = DeepClassifier(
            FashionCsnn((width, 2 * width, 4 * width), self.steps),
            Pixels((1, *images.shape)),
            loss=CrossEntropy(smoothing=self.smoothing),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=QUICK_BATCH if order.quick else self.batch,
            optimiser=AdamW(self.rate, weight_decay=0.01),
            schedule=OneCycle(),
            # A digit seen in the mirror is none; a shirt is.
            augmentation=shifted if order.quick else Both(Mirrored(), shifted),
            seed=order.seed,
        )
        return Task(self.name, model, held_back(images, self.hold_back), order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with the same network of which only the readout learns.   Errors: `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        others = {"linear_on_pixels": linear_on_pixels}
        return reproduce(recipe.task(order), order, None, random_features, others=others)


def held_back(images: ImageSet, count: int) -> ImageSet:
    """Return the set with the last `count` training images in the place of the test images; 0 leaves it as it is.

    Errors: InputError where none would be left to train on.
    """
    if not 0 <= count < len(images.train):
        raise InputError(f"of {len(images.train)} training images {count} cannot be held back")
    if not count:
        return images
    return images._replace(
        train=images.train[:-count],
        train_labels=images.train_labels[:-count],
        test=images.train[-count:],
        test_labels=images.train_labels[-count:],
    )


@dataclass(frozen=True)
class OnlyReadout:
    """A network of which only the readout learns; normalisations take their statistics."""

    of: Architecture

    def build(self, shape: Sequence[int], classes: int) -> nn.Module:
        """See `Architecture`."""
        net = self.of.build(tuple(shape), classes)
        for name, parameter in net.named_parameters():
            parameter.requires_grad_(name.startswith(READOUT))
        return net


def random_features(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of the same network with random convolutions, and a readout that learned."""
    epochs = min(model.epochs, READOUT_EPOCHS)
    return retrained(model, images, architecture=OnlyReadout(model.architecture), epochs=epochs)


RECIPE = FashionCsnnRecipe()
