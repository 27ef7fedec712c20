"""Depthwise kernels of few weights at learned places, beside full grids of as many numbers (Khalfaoui-Hassani 2023)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spikesight.datasets.cifar10 import cifar10_small
from spikesight.datasets.images import digits
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import Cosine
from spikesight.estimators.augmentation import AsTheyAre, Both, Mirrored, Shifted
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.learned_places import fixed_places, full_grid
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.depthwise import LearnedPlaces
from spikesight.zoo.small_convnext import SmallConvNext

TINY = SmallConvNext((3, 3, 9, 3), (96, 192, 384, 768), 4, LearnedPlaces(17, 34), places_of_stages=True)
"""ConvNeXt-T with kernels of 17 x 17 and 34 elements, as published, for ImageNet."""

PUBLISHED = 0.825
"""Of `TINY` on ImageNet, top 1; 0.821 with full kernels of 7 x 7."""

QUICK_EPOCHS = 8


@dataclass(frozen=True)
class DclsVision:
    """See the README beside this file. Kernels have `elements` on a grid of `size` x `size`; two stages of `depth`
    blocks with `width` channels and twice as many; `epochs`; `rate` of AdamW; `scale` with which blocks begin.
    """

    name = "dcls-vision"
    size: int = 9
    elements: int = 8
    depth: int = 2
    width: int = 32
    epochs: int = 20
    rate: float = 2e-3
    scale: float = 0.1

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, and a smaller network."""
        images = digits() if order.quick else cifar10_small(order.data)
        depth, width = (1, self.width // 2) if order.quick else (self.depth, self.width)
        places = LearnedPlaces(5, 3) if order.quick else LearnedPlaces(self.size, self.elements)
        net = SmallConvNext((depth,) * 2, (width, 2 * width), 2, places, self.scale)
        model = DeepClassifier(
            net,
            Pixels((1 if order.quick else 3, *images.shape)),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=25 if order.quick else 50,
            optimiser=AdamW(self.rate, weight_decay=0.05),
            schedule=Cosine(warm_up=0.1),
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
        """Train, then compare with full kernels of as many numbers, or a few more.

        Also measured: places drawn at random that stay; a linear classifier.   Errors: `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        others = {"fixed_places": fixed_places, "linear_on_pixels": linear_on_pixels}
        return reproduce(recipe.task(order), order, None, full_grid, others=others)


RECIPE = DclsVision()
