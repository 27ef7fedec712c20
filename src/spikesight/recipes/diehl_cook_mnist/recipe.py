"""Unsupervised learning of MNIST digits with STDP (Diehl & Cook 2015), 400 neurons, constants of the authors' code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spikesight.datasets.images import ImageSet, digits, mnist
from spikesight.estimators.diehl_cook import EXCITATORY, DiehlCook
from spikesight.recipes import diehl_cook
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.course import Plan
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of

PUBLISHED = {100: 0.829, 400: 0.870, 1600: 0.919, 6400: 0.950}
"""Test accuracy by number of neurons: the paper, section 3."""

PUBLISHED_SIZE = 400
"""The authors' code has constants for this size only. A smaller layer shares the same spikes among fewer neurons."""

BRIGHTNESS = 10
"""Of an enlarged digit, per grey level."""


@dataclass(frozen=True)
class DiehlCookMnist:
    """See the README beside this file. `n` neurons, `passes` over the training images."""

    name = "diehl-cook-mnist"
    n: int = 400
    passes: int = 1

    def plan(self, order: Order) -> Plan:
        """Return what is taught to whom.

        `quick` takes scikit-learn's digits, enlarged, so that nothing is downloaded, three times
        as often: they are few.
        """
        images = enlarged_digits() if order.quick else mnist(order.data)
        exc = replace(EXCITATORY, jump=EXCITATORY.jump * self.n / PUBLISHED_SIZE)
        passes = 3 * self.passes if order.quick else self.passes
        model = DiehlCook(n=self.n, passes=passes, exc=exc, seed=order.seed)
        return Plan(
            self.name, model, images, diehl_cook.probes(every=100, weights=1000), order.quick, settings_of(self)
        )

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return diehl_cook.train(recipe.plan(order), order)

    def reproduce(self, order: Order) -> Result:
        """See `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        published = None if order.quick else PUBLISHED.get(recipe.n)
        return diehl_cook.reproduce(recipe.plan(order), order, published)


def enlarged_digits() -> ImageSet:
    """Return the 8 x 8 digits as 28 x 28 images of 0 to 150: each pixel three wide, two pixels of border.

    Their strokes are wider than those of MNIST, so they are darker: the mean is about that of MNIST (33), for which the
    constants are made.
    """
    small = digits()
    train, test = (_enlarged(images) for images in (small.train, small.test))
    return small._replace(name="digits-28", shape=(28, 28), train=train, test=test)


def _enlarged(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    large = (images.reshape(-1, 8, 8).clip(0, 15) * BRIGHTNESS).repeat(3, axis=1).repeat(3, axis=2)
    return np.pad(large, ((0, 0), (2, 2), (2, 2))).reshape(len(images), -1).astype(np.uint8)


RECIPE = DiehlCookMnist()
