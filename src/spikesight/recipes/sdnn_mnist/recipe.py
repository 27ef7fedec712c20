"""Features of MNIST learned by STDP without labels, and a linear classifier on them (Kheradpisheh et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spikesight.datasets.images import mnist
from spikesight.encoding.on_off import OnOff
from spikesight.estimators.sdnn import SDNN
from spikesight.first_spike.features import FinalPotentials
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.linear_readout import LinearReadout
from spikesight.recipes.sdnn import Untrained
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo import kheradpisheh

PUBLISHED = 0.984
"""The paper, section 3.3."""

READOUT = LinearReadout(C=0.003, tol=5e-5)

QUICK_THRESHOLD = 30.0
"""Contrasts of the enlarged digits, which go up to 150, are weaker."""


@dataclass(frozen=True)
class SdnnMnist:
    """See the README beside this file. `first` and `second` are numbers of maps; of each map of the second stage the
    largest potentials in `fields` x `fields` parts are read.
    """

    name = "sdnn-mnist"
    first: int = 32
    second: int = 300
    fields: int = 4

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and fewer maps."""
        images = enlarged_digits() if order.quick else mnist(order.data)
        second = min(self.second, 50) if order.quick else self.second
        encoder = OnOff(threshold=QUICK_THRESHOLD) if order.quick else OnOff()
        model = SDNN(
            kheradpisheh.digits(self.first, second),
            encoder=encoder,
            features=FinalPotentials(self.fields),
            per_round=500,
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
        others = {"linear_on_pixels": linear_on_pixels}
        return reproduce(recipe.task(order), order, published, Untrained(READOUT), READOUT, others)


RECIPE = SdnnMnist()
