"""Multi-layered features of MNIST with thresholds that seek a target time (Falez et al. 2019)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sklearn.base import clone

from spikesight.base.errors import InputError
from spikesight.datasets.images import ImageSet, mnist
from spikesight.estimators.falez import FalezCSNN
from spikesight.first_spike.learning.falez import Fixed
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.linear_readout import LinearReadout
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo import falez

PUBLISHED = 0.986
"""Three layers of 32, 128 and 4,096 maps, 100 passes each: the paper, section IV."""

FC_PASSES, FC_ANNEALING = 8, 0.65
"""Of the third layer, where there is one: its passes take the longest."""

CONTROL_PASSES = 3
"""In which the thresholds of random weights find their place."""

READOUT = LinearReadout(C=0.01)


@dataclass(frozen=True)
class FalezMnist:
    """See the README beside this file. `stages` 1 to 3, of which the last is read; `first`, `second` and `third` are
    their maps; `passes` over the training images of the first two, after each of which changes become `annealing` times
    as large.
    """

    name = "falez-mnist"
    stages: int = 2
    first: int = 32
    second: int = 128
    third: int = 1024
    passes: int = 20
    annealing: float = 0.8

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and fewer maps.

        Errors: InputError for stages that there are not.
        """
        if not 1 <= self.stages <= len(falez.NAMES):
            raise InputError(f"stages are 1 to {len(falez.NAMES)}, got {self.stages}")
        images = enlarged_digits() if order.quick else mnist(order.data)
        maps = (16, 32, 64) if order.quick else (self.first, self.second, self.third)
        passes, annealing = (self.passes, self.passes, FC_PASSES), (self.annealing, self.annealing, FC_ANNEALING)
        architecture = falez.digits(maps[: self.stages], passes, annealing)
        fields = 2 if self.stages == 1 else None
        model = FalezCSNN(architecture, fields=fields, per_round=5000, seed=order.seed)
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare a linear classifier on the features with one on those of the untrained network.

        Errors: see `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        published = None if order.quick or recipe.stages < 2 else PUBLISHED
        others = {"linear_on_pixels": linear_on_pixels}
        return reproduce(recipe.task(order), order, published, on_random_weights, READOUT, others)


def on_random_weights(model: FalezCSNN, images: ImageSet) -> float:
    """Return the accuracy with weights as they were drawn: the control. Thresholds adapt to them as they do to learned
    ones; without that all neurons would fire at once and say nothing.
    """
    stages = tuple(replace(stage, rule=Fixed(), passes=CONTROL_PASSES) for stage in model.stages)
    return READOUT(clone(model).set_params(stages=stages).fit(images.train), images)


RECIPE = FalezMnist()
