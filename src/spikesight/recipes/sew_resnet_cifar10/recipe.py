"""Photographs of ten kinds of things, named by spiking ResNets with and without SEW blocks (Fang et al. 2021)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spikesight.base.errors import InputError
from spikesight.datasets.cifar10 import cifar10, cifar10_small
from spikesight.datasets.images import ImageSet, digits
from spikesight.deep.training.optimisers import Sgd
from spikesight.deep.training.schedules import Cosine
from spikesight.estimators.augmentation import AsTheyAre, Both, Mirrored, Shifted
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, retrained
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.residual_layout import PUBLISHED, Layout, SmallStem
from spikesight.zoo.sew_resnet import SewResNet
from spikesight.zoo.spiking_resnet import SpikingResNet

QUICK = Layout((1, 1), width=8)
QUICK_EPOCHS, QUICK_STEPS = 6, 2
STAGES_OF_SMALL = 3


@dataclass(frozen=True)
class SewResNetCifar10:
    """See the README beside this file. `layers` is one of the published depths, 18 to 152, for the whole CIFAR-10; 0 is
    a small network of three stages for the small set: `blocks` in each, `width` channels in the first. Images are held
    for `steps` steps; `epochs`; `rate` of descent with momentum.
    """

    name = "sew-resnet-cifar10"
    layers: int = 0
    blocks: int = 2
    width: int = 16
    steps: int = 4
    epochs: int = 12
    rate: float = 0.1

    def layout(self) -> Layout:
        """Return the blocks.   Errors: InputError for a depth that is not published."""
        if not self.layers:
            return Layout((self.blocks,) * STAGES_OF_SMALL, width=self.width)
        if self.layers not in PUBLISHED:
            raise InputError(
                f"layers is one of {', '.join(map(str, PUBLISHED))}, or 0 for a small network: got {self.layers}"
            )
        return PUBLISHED[self.layers]

    def images(self, order: Order) -> ImageSet:
        """Return the set that belongs to the depth. `quick`: the digits of scikit-learn."""
        if order.quick:
            return digits()
        return cifar10(order.data) if self.layers else cifar10_small(order.data)

    def task(self, order: Order) -> Task:
        """Return what is taught to whom."""
        images = self.images(order)
        planes = 1 if order.quick else 3
        layout, steps = (QUICK, QUICK_STEPS) if order.quick else (self.layout(), self.steps)
        model = DeepClassifier(
            SewResNet(layout, steps, stem=SmallStem()),
            Pixels((planes, *images.shape)),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=128 if self.layers else 32,
            optimiser=Sgd(self.rate),
            schedule=Cosine(),
            augmentation=AsTheyAre() if order.quick else Both(Shifted(4), Mirrored()),
            per_round=1000,
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with the plain spiking ResNet of the same blocks, trained alike.

        Also measured: a linear classifier on the pixels.   Errors: `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        return reproduce(recipe.task(order), order, None, plain, others={"linear_on_pixels": linear_on_pixels})


def plain(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of the spiking ResNet without SEW blocks, trained alike; its branches begin silent."""
    sew = model.architecture
    baseline = SpikingResNet(sew.layout, sew.steps, sew.stem, sew.neuron)
    return retrained(model, images, architecture=baseline)


RECIPE = SewResNetCifar10()
