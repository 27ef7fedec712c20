"""Faces and motorbikes told apart by features learned without labels (Kheradpisheh et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spikesight.base.errors import InputError
from spikesight.datasets.faces_motorbikes import faces_motorbikes
from spikesight.encoding.on_off import OnOff
from spikesight.estimators.sdnn import SDNN
from spikesight.first_spike.features import FinalPotentials
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.linear_readout import LinearReadout
from spikesight.recipes.sdnn import Crops, Shuffled, Untrained, large_digits
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Score, Task, reproduce, train
from spikesight.zoo import kheradpisheh

PUBLISHED = 0.991
"""The paper, section 3.1."""

READOUT = LinearReadout(C=0.03)

QUICK_MAPS = (4, 20, 20)
"""Of the three stages, in the quick version: those of the paper."""


@dataclass(frozen=True)
class SdnnFacesMotorbikes:
    """See the README beside this file. `first`, `second` and `third` are numbers of maps; of `stages`, 1 to 3, the last
    is read: the largest potentials in `fields` x `fields` parts of each map.
    """

    name = "sdnn-faces-motorbikes"
    stages: int = 3
    first: int = 8
    second: int = 40
    third: int = 40
    fields: int = 3

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's zeros and ones, as large as the pictures.

        Errors: InputError for stages that there are not.
        """
        if not 1 <= self.stages <= len(QUICK_MAPS):
            raise InputError(f"stages are 1 to {len(QUICK_MAPS)}, got {self.stages}")
        images = large_digits(10, classes=2) if order.quick else faces_motorbikes(order.data)
        maps = QUICK_MAPS if order.quick else (self.first, self.second, self.third)
        model = SDNN(
            kheradpisheh.pictures(*maps)[: self.stages],
            encoder=OnOff(threshold=15.0, radius=None),
            features=FinalPotentials(self.fields),
            image_shape=images.shape,
            per_round=250,
            seed=order.seed,
        )
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
        published = None if order.quick else PUBLISHED
        others: dict[str, Score] = {
            "random_crops": Crops(READOUT),
            "shuffled_weights": Shuffled(READOUT),
            "linear_on_pixels": linear_on_pixels,
        }
        return reproduce(recipe.task(order), order, published, Untrained(READOUT), READOUT, others)


RECIPE = SdnnFacesMotorbikes()
