"""MNIST with convolutions whose neurons fire once, taught by spike times (Mirsadeghi et al. 2023)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spikesight.datasets.images import mnist
from spikesight.estimators.augmentation import Shifted
from spikesight.recipes import stidi
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train

PUBLISHED = 0.992


@dataclass(frozen=True)
class StidiMnist:
    """See the README beside this file. Convolutions of `first` and `second` maps and `dense` neurons; `passes` over the
    training images, which are moved by up to `shift` pixels at random; `rate` of learning.
    """

    name = "stidi-mnist"
    first: int = 16
    second: int = 32
    dense: int = 128
    passes: int = 15
    shift: int = 1
    rate: float = 0.01

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged."""
        images = enlarged_digits() if order.quick else mnist(order.data)
        passes, rate = (stidi.QUICK_PASSES, stidi.QUICK_RATE) if order.quick else (self.passes, self.rate)
        largest = float(images.train.max())
        moved = Shifted(self.shift)
        model = stidi.network((self.first, self.second), self.dense, passes, moved, rate, largest, order.seed)
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with the same network whose convolutions stay random.   Errors: `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        published = None if order.quick else PUBLISHED
        others = {"linear_on_pixels": linear_on_pixels}
        return reproduce(recipe.task(order), order, published, stidi.random_convolutions, others=others)


RECIPE = StidiMnist()
