"""Fashion-MNIST: an artificial network trained to be converted, and the spiking network it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from torch import nn

from spikesight.base.errors import InputError
from spikesight.datasets.images import fashion_mnist
from spikesight.deep.conversion import QCFS
from spikesight.deep.losses import CrossEntropy
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import Cosine
from spikesight.estimators.augmentation import AsTheyAre, Both, Mirrored, Shifted
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, untrained
from spikesight.recipes.convert_fashion.compared import Compared
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.fashion_csnn import FashionCsnn

HEIGHT = 4.0
"""Where the heights of QCFS begin: activations behind a normalisation are seldom larger."""

QUICK_CHANNELS, QUICK_EPOCHS = (8, 16), 8


@dataclass(frozen=True)
class ConvertFashion:
    """See the README beside this file. `steps` of the spiking network; `levels` of the activation that is trained with
    (0: rectifiers, and scales found from data); `width`, channels of the first of three convolutions.
    """

    name = "convert-fashion"
    steps: int = 16
    levels: int = 8
    width: int = 32
    epochs: int = 15
    rate: float = 3e-3

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and fewer channels."""
        if self.levels < 0:
            raise InputError(f"an activation has levels, or 0 of them for a rectifier: got {self.levels}")
        if self.steps < 1:
            raise InputError(f"an image is shown for a step at least, got {self.steps}")
        images = enlarged_digits() if order.quick else fashion_mnist(order.data)
        channels = QUICK_CHANNELS if order.quick else (self.width, 2 * self.width, 4 * self.width)
        neuron: Callable[[], nn.Module] = partial(QCFS, self.levels, HEIGHT) if self.levels else nn.ReLU
        model = DeepClassifier(
            FashionCsnn(channels, steps=1, neuron=neuron),
            Pixels((1, 28, 28)),
            loss=CrossEntropy(),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=50 if order.quick else 100,
            optimiser=AdamW(self.rate, 0.01),
            schedule=Cosine(0.05),
            augmentation=AsTheyAre() if order.quick else Both(Mirrored(), Shifted(2)),
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train the artificial network, convert it, and score both.   Errors: `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        compared = Compared(recipe.steps)
        first = "learned" if recipe.levels else "percentile"
        others = (first, "balanced", "largest", *(("percentile",) if recipe.levels else ()), "largest_from_rest")
        figures = {**compared.figures(others), "untrained": untrained, "linear_on_pixels": linear_on_pixels}
        value, control = compared.after(first, recipe.steps), compared.after("largest_from_rest", recipe.steps)
        return reproduce(recipe.task(order), order, None, control, value, others=figures)


RECIPE = ConvertFashion()
