"""Digits recognised by a deep network whose last layer is taught by reward, without a classifier (Mozafari 2019)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from spikesight.datasets.images import mnist
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, untrained
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.rstdp_mnist import network
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train

PUBLISHED = 0.972
"""Test accuracy after 680 passes, the best of them: the paper, table 2."""

QUICK_PASSES = 30


class Form(StrEnum):
    """Which network: the paper's, or one with finer places that learns in fewer passes."""

    PUBLISHED = "published"
    FINE = "fine"


@dataclass(frozen=True)
class RstdpMnist:
    """See the README beside this file. `form` of the network, published or fine; `passes` over the training images, in
    which rates cool down to the share `cooling`.
    """

    name = "rstdp-mnist"
    form: Form = Form.FINE
    passes: int = 24
    cooling: float = 0.02

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and fewer maps."""
        if order.quick:
            images, model = enlarged_digits(), network.for_digits(QUICK_PASSES, self.cooling, order.seed)
        else:
            images = mnist(order.data)
            make = network.fine if self.form is Form.FINE else network.published
            model = make(self.passes, self.cooling, order.seed)
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then let the map with the largest potential name each test image; the control is the untrained
        network.

        Errors: see `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        published = None if order.quick else PUBLISHED
        return reproduce(recipe.task(order), order, published, untrained, others={"linear_on_pixels": linear_on_pixels})


RECIPE = RstdpMnist()
