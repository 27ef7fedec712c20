"""Faces and motorbikes told apart with one spike per neuron (Kheradpisheh & Masquelier 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spikesight.datasets.faces_motorbikes import faces_motorbikes
from spikesight.datasets.images import ImageSet
from spikesight.estimators.two_layers import Averaging
from spikesight.first_spike.learning.moment import MomentRule
from spikesight.first_spike.learning.s4nn import Pace
from spikesight.recipes import s4nn
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train

PUBLISHED = 0.992
"""The paper, section 3.1."""

PAPERS = (0.0, 5.0), (0.0, 48.0)
"""Ranges of initial weights, for MNIST."""

PIXELS = 784
"""For which the initial weights are made; of larger pictures each pixel weighs less."""

RATE = 50.0
"""Of the hidden weights, divided by the number of pixels: of many pixels each moves less."""

AVERAGING = Averaging(3000)
"""Images, several passes: few pictures teach each a step."""

ROUND = 500
"""Images: all pictures."""


@dataclass(frozen=True)
class S4nnFacesMotorbikes:
    """See the README beside this file. `hidden` neurons; `passes` over the training images, which are moved by up to
    `shift` pixels; `rule` is "moment", or "published" for the authors' own, which shifts nothing.
    """

    name = "s4nn-faces-motorbikes"
    hidden: int = 20
    passes: int = 60
    rule: str = s4nn.MOMENT
    shift: int = 0

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's zeros and ones, enlarged."""
        images = noughts_and_ones() if order.quick else faces_motorbikes(order.data)
        scale = PIXELS / images.train.shape[1]
        hidden_range, output_range = PAPERS if self.rule == s4nn.PUBLISHED else s4nn.INITIAL
        model = s4nn.real(
            self.hidden,
            self.passes,
            self.rule,
            self.shift,
            order.seed,
            initial=((scale * hidden_range[0], scale * hidden_range[1]), output_range),
            image_shape=images.shape,
            per_round=ROUND,
        )
        if self.rule == s4nn.MOMENT:
            rule = MomentRule(RATE / images.train.shape[1], pace=Pace(rate=0.003))
            model.set_params(rule=rule, averaging=AVERAGING)
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with the same network whose hidden weights stay random.   Errors: `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        published = None if order.quick else PUBLISHED
        return reproduce(recipe.task(order), order, published, s4nn.random_hidden, others=s4nn.OTHERS)


def noughts_and_ones() -> ImageSet:
    """Return two of the classes of scikit-learn's digits, enlarged."""
    images = enlarged_digits()
    train, test = (np.flatnonzero(labels < 2) for labels in (images.train_labels, images.test_labels))
    return images._replace(
        train=images.train[train],
        train_labels=images.train_labels[train],
        test=images.test[test],
        test_labels=images.test_labels[test],
    )


RECIPE = S4nnFacesMotorbikes()
