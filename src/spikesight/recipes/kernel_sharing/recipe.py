"""One kernel for all layers of a ConvMixer, beside a kernel for each, and beside a small network (Azadbakht 2022)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spikesight.datasets.cifar10 import cifar10, cifar10_small
from spikesight.datasets.images import ImageSet, digits
from spikesight.deep.training.optimisers import AdamW
from spikesight.estimators.augmentation import AsTheyAre, Both, Mirrored, Shifted
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, retrained
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.conv_mixer import ConvMixer
from spikesight.zoo.depthwise import Grid

QUICK = ConvMixer(32, 4, 1, Grid(3), shared=True)
QUICK_EPOCHS = 8
WHOLE = 256
"""Channels from which the whole CIFAR-10 is taken in place of the small set."""


@dataclass(frozen=True)
class KernelSharing:
    """See the README beside this file. `width`, `depth`, `kernel` and `patch` of the ConvMixer; `epochs`; `rate` of
    AdamW. From 256 channels on the whole CIFAR-10 is taken, else the small set.
    """

    name = "kernel-sharing"
    width: int = 64
    depth: int = 8
    kernel: int = 5
    patch: int = 2
    epochs: int = 15
    rate: float = 1e-2

    def task(self, order: Order) -> Task:
        """Return what is taught to whom: the network that shares. `quick` takes scikit-learn's digits."""
        photographs = cifar10 if self.width >= WHOLE else cifar10_small
        images = digits() if order.quick else photographs(order.data)
        net = ConvMixer(self.width, self.depth, self.patch, Grid(self.kernel), shared=True)
        model = DeepClassifier(
            QUICK if order.quick else net,
            Pixels((1 if order.quick else 3, *images.shape)),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=128 if self.width >= WHOLE else 50,
            optimiser=AdamW(self.rate, weight_decay=0.01),
            augmentation=AsTheyAre() if order.quick else Both(Shifted(4), Mirrored()),
            clip=1.0,
            per_round=1000,
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with a narrow network of as many parameters that does not share.

        Also measured: a kernel for each layer; one layer that uses the kernels once; a linear classifier.
        Errors: `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        others = {"unshared": unshared, "one_layer": one_layer, "linear_on_pixels": linear_on_pixels}
        return reproduce(recipe.task(order), order, None, narrow, others=others)


def unshared(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of the same network with kernels of their own for all layers."""
    return retrained(model, images, architecture=replace(model.architecture, shared=False))


def narrow(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of a network as deep, without sharing, of at most as many numbers."""
    return retrained(model, images, architecture=as_large(model.architecture, model.prepare.shape, len(model.classes_)))


def one_layer(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of a network as wide with a single block."""
    return retrained(model, images, architecture=replace(model.architecture, depth=1, shared=False))


def as_large(architecture: ConvMixer, shape: tuple[int, ...], classes: int) -> ConvMixer:
    """Return the widest network without sharing, as deep, of at most as many parameters as `architecture`."""
    most = parameters(architecture, shape, classes)
    found = replace(architecture, width=1, shared=False)
    while parameters(wider := replace(found, width=found.width + 1), shape, classes) <= most:
        found = wider
    return found


def parameters(architecture: ConvMixer, shape: tuple[int, ...], classes: int) -> int:
    """Return how many numbers a network learns; what is shared counts once."""
    return sum(parameter.numel() for parameter in architecture.build(shape, classes).parameters())


RECIPE = KernelSharing()
