"""MNIST in two volleys, learned by the exact slopes of spike times (Mostafa 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spikesight.datasets.images import ImageSet, mnist
from spikesight.estimators.augmentation import Shifted
from spikesight.estimators.mostafa import Mostafa
from spikesight.first_spike.learning.mostafa import EarliestWins
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, retrained
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train

PUBLISHED = {(800, 1): 0.9755, (400, 2): 0.9714}
"""Test accuracy by neurons of a hidden layer and number of hidden layers: the paper, table I (not verified)."""

FIRST, OTHERS = (40.0, 0.3), (3.0, 0.3)
"""Mean of the sums of initial weights and their spread, of the first layer and of the others."""

RANDOM = 10.0, 3.0
"""The same of a first layer that stays random: its neurons differ more than those that are going to learn, or it would
tell nothing apart.
"""

QUICK_EPOCHS = 20


@dataclass(frozen=True)
class MostafaMnist:
    """See the README beside this file. `layers` hidden layers of `n` neurons each; `epochs`; training images are moved
    by up to `shift` pixels at random; `sharpness` of the loss.
    """

    name = "mostafa-mnist"
    n: int = 800
    layers: int = 1
    epochs: int = 30
    shift: int = 1
    sharpness: float = 10.0

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and fewer neurons."""
        images = enlarged_digits() if order.quick else mnist(order.data)
        hidden = (self.n // 4 if order.quick else self.n,) * self.layers
        mean, spread = zip(FIRST, *[OTHERS] * self.layers, strict=True)
        model = Mostafa(
            hidden,
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=20 if order.quick else 100,
            mean=mean,
            spread=spread,
            loss=EarliestWins(self.sharpness),
            augmentation=Shifted(self.shift),
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with the same network whose hidden weights stay random.   Errors: `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        published = None if order.quick else PUBLISHED.get((recipe.n, recipe.layers))
        others = {"linear_on_pixels": linear_on_pixels}
        return reproduce(recipe.task(order), order, published, random_hidden, others=others)


def random_hidden(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of the same network of which only the output layer learned, for as long."""
    mean, spread = (RANDOM[0], *model.mean[1:]), (RANDOM[1], *model.spread[1:])
    return retrained(model, images, frozen=len(model.hidden), mean=mean, spread=spread)


RECIPE = MostafaMnist()
