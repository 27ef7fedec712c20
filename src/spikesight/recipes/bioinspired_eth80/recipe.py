"""Objects seen from many sides, told apart by features of several sizes (Kheradpisheh et al. 2015)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sklearn.base import clone

from spikesight.base.randomness import generator
from spikesight.datasets.eth80 import eth80
from spikesight.datasets.images import ImageSet
from spikesight.estimators.bio_inspired import BioInspired
from spikesight.recipes.bioinspired_eth80.crops import crops_in_place
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.linear_readout import LinearReadout
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo import kheradpisheh_2015

PUBLISHED = 0.81
"""ETH-80, half of the objects of each class for learning; not verified."""

WINDOWS, SHARE = (16, 11, 8), 0.35
"""Sides of what a feature sees of C1 at each scale, and how much of it must agree for a spike."""

QUICK_WINDOWS, QUICK_MAPS, QUICK_IMAGES = (6, 4, 3), 20, 2000
"""For images of 28 x 28, of which 8, 6 and 4 places of C1 are left."""

READOUT = LinearReadout(C=0.01)


@dataclass(frozen=True)
class BioinspiredEth80:
    """See the README beside this file. `features` in all, a third for each of the three scales; `images` that each
    scale learns from at most; `learning` objects of each class, of the eight that are there.
    """

    name = "bioinspired-eth80"
    features: int = 399
    images: int = 8000
    learning: int = 5

    def task(self, order: Order) -> Task:
        """Return what is taught to whom; the seed draws the objects too. `quick` takes scikit-learn's digits, enlarged,
        and 60 features.
        """
        if order.quick:
            images = enlarged_digits()
            bands = kheradpisheh_2015.bands(QUICK_MAPS, QUICK_WINDOWS, SHARE, QUICK_IMAGES)
        else:
            images = eth80(order.data).split(self.learning, generator(order.seed, "objects"))
            bands = kheradpisheh_2015.bands(self.features // 3, WINDOWS, SHARE, self.images)
        model = BioInspired(bands, image_shape=images.shape, seed=order.seed)
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare a linear classifier on the features with one on those of random weights, and of pieces
        cut from the training images at random.   Errors: see `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        published = None if order.quick else PUBLISHED
        others = {"random_crops": on_random_crops, "linear_on_pixels": linear_on_pixels}
        return reproduce(recipe.task(order), order, published, on_random_weights, READOUT, others)


def on_random_weights(model: BioInspired, images: ImageSet) -> float:
    """Return the accuracy with weights as they were drawn: the control."""
    return READOUT(clone(model).begin(images.train), images)


def on_random_crops(model: BioInspired, images: ImageSet) -> float:
    """Return the accuracy with features that are pieces of training images, at places drawn at random."""
    return READOUT(crops_in_place(clone(model).begin(images.train), images.train), images)


RECIPE = BioinspiredEth80()
