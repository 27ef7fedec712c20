"""Objects of eight classes told apart by features learned without labels (Kheradpisheh et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spikesight.base.randomness import generator
from spikesight.datasets.eth80 import eth80
from spikesight.datasets.images import ImageSet
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

PUBLISHED = 0.828
"""The paper, section 3.2."""

LEARNING = 4
"""Objects of each class, of 8, whose views are the training set."""

READOUT = LinearReadout(C=0.03)

QUICK_IMAGES = 5_000
"""That each stage learns from in the quick version."""


@dataclass(frozen=True)
class SdnnEth80:
    """See the README beside this file. `first` and `second` are numbers of maps; of each map of the second stage the
    largest potentials in `fields` x `fields` parts are read. The seed also draws the objects of the training set.
    """

    name = "sdnn-eth80"
    first: int = 16
    second: int = 200
    fields: int = 5

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, as large as the pictures, fewer maps."""
        stages = kheradpisheh.objects(self.first, self.second)
        if order.quick:
            stages = kheradpisheh.objects(8, 40, (QUICK_IMAGES, QUICK_IMAGES))
        model = SDNN(
            stages,
            encoder=OnOff(threshold=5.0, radius=None),
            features=FinalPotentials(self.fields),
            per_round=500,
            seed=order.seed,
        )
        return Task(self.name, model, _images(order), order.quick, settings_of(self), looks=16)

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


def _images(order: Order) -> ImageSet:
    if order.quick:
        return large_digits(8)
    return eth80(order.data).split(LEARNING, generator(order.seed, "objects"))


RECIPE = SdnnEth80()
