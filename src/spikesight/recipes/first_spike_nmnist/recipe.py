"""Digits before an event camera, named by neurons that fire once: the first spike wins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spikesight.datasets.images import ImageSet
from spikesight.estimators.augmentation import Shifted
from spikesight.estimators.mostafa import Mostafa
from spikesight.events.representations.cuts import Periods
from spikesight.first_spike.learning.mostafa import EarliestWins
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, retrained, untrained
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.sew_resnet_nmnist.films import moved_digits, recordings
from spikesight.recipes.training import Task, reproduce, train

SACCADES = Periods(105_000, 3, begin=0)
"""The camera moved three times, for 105 ms each: in every one, other edges are seen as ON and OFF."""

MOST = 4
"""Events of a pixel in a saccade that are told apart: more are as many."""

LEVEL, QUICK_LEVEL = 0.5, 0.25
"""`level` of the network: a pixel is early where three or more events were counted, or where a moved digit changed by 5
of 16 or more.
"""

QUICK_EPOCHS = 30
BATCH, QUICK_BATCH = 20, 50

FIRST, OUT = (10.0, 0.3), (3.0, 0.3)
"""Mean of the sums of initial weights and their spread, of the hidden layer and of the output neurons."""

RANDOM = 10.0, 3.0
"""The same of a hidden layer that stays random: its neurons differ more than those that are going to learn, or it would
tell nothing apart.
"""


@dataclass(frozen=True)
class FirstSpikeNMnist:
    """See the README beside this file. `n` hidden neurons; `epochs`; recordings are moved by up to `shift` pixels at
    random; `sharpness` of the loss.
    """

    name = "first-spike-nmnist"
    n: int = 50
    epochs: int = 80
    shift: int = 1
    sharpness: float = 10.0

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, moved."""
        films = moved_digits() if order.quick else recordings(order.data, SACCADES, MOST)
        mean, spread = zip(FIRST, OUT, strict=True)
        model = Mostafa(
            (self.n,),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=QUICK_BATCH if order.quick else BATCH,
            level=QUICK_LEVEL if order.quick else LEVEL,
            mean=mean,
            spread=spread,
            loss=EarliestWins(self.sharpness),
            augmentation=Shifted(self.shift),
            seed=order.seed,
            image_shape=(films.train.shape[1] // math.prod(films.shape), *films.shape),
        )
        return Task(self.name, model, films, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with the same network whose hidden weights stay random.

        Also measured: a linear classifier on the same counts, and the network untrained.   Errors: `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        others = {"linear_on_counts": linear_on_pixels, "untrained": untrained}
        return reproduce(recipe.task(order), order, None, random_hidden, others=others)


def random_hidden(model: Any, films: ImageSet) -> float:
    """Return the test accuracy of the same network of which only the output layer learned, for as long."""
    mean, spread = (RANDOM[0], *model.mean[1:]), (RANDOM[1], *model.spread[1:])
    return retrained(model, films, frozen=1, mean=mean, spread=spread)


RECIPE = FirstSpikeNMnist()
