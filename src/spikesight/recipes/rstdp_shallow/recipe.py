"""Categories by the first neuron to fire, taught by reward alone (Mozafari et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from spikesight.base.randomness import generator
from spikesight.datasets.eth80 import eth80
from spikesight.datasets.faces_motorbikes import faces_motorbikes
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, untrained
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.rewarded import linear_on_features
from spikesight.recipes.rstdp_shallow.networks import for_digits, for_faces_motorbikes, for_objects
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train


class Pictures(StrEnum):
    """What is told apart."""

    FACES_MOTORBIKES = "faces-motorbikes"
    ETH80 = "eth80"


PUBLISHED = {Pictures.FACES_MOTORBIKES: 0.989, Pictures.ETH80: 0.895}
"""Test accuracy: the paper; not verified."""

LEARNING_OBJECTS = 7
"""Of the eight of each class of ETH-80 that are there; the eighth is tested."""


@dataclass(frozen=True)
class RstdpShallow:
    """See the README beside this file. `pictures` faces-motorbikes or eth80; `passes` over the training images, in
    which rates cool down to the share `cooling`.
    """

    name = "rstdp-shallow"
    pictures: Pictures = Pictures.FACES_MOTORBIKES
    passes: int = 300
    cooling: float = 0.1

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged."""
        if order.quick:
            images, model = enlarged_digits(), for_digits(order.seed)
        elif self.pictures is Pictures.ETH80:
            images = eth80(order.data).split(LEARNING_OBJECTS, generator(order.seed, "objects"))
            model = for_objects(self.passes, self.cooling, order.seed)
        else:
            images, model = faces_motorbikes(order.data), for_faces_motorbikes(self.passes, self.cooling, order.seed)
        return Task(self.name, model.set_params(image_shape=images.shape), images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then let the first neuron to fire name each test image; the control is the untrained network.

        Errors: see `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        published = None if order.quick else PUBLISHED[recipe.pictures]
        others = {"linear_on_pixels": linear_on_pixels, "linear_on_features": linear_on_features}
        return reproduce(recipe.task(order), order, published, untrained, others=others)


RECIPE = RstdpShallow()
