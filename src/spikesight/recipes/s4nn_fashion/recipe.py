"""Fashion-MNIST with one spike per neuron, the first of which answers (Kheradpisheh et al. 2021)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spikesight.datasets.images import fashion_mnist
from spikesight.recipes import s4nn
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train

PUBLISHED = 0.880
"""Of the network with real weights that the paper of BS4NN compares with: 87.3 %, and 0.7 more."""


@dataclass(frozen=True)
class S4nnFashion:
    """See the README beside this file. `hidden` neurons; `passes` over the training images, which are moved by up to
    `shift` pixels; `rule` is "moment", or "published" for the authors' own, which shifts nothing.
    """

    name = "s4nn-fashion"
    hidden: int = 1000
    passes: int = 5
    rule: str = s4nn.MOMENT
    shift: int = 0

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and fewer neurons."""
        images = enlarged_digits() if order.quick else fashion_mnist(order.data)
        hidden = self.hidden // 10 if order.quick else self.hidden
        model = s4nn.real(hidden, self.passes, self.rule, self.shift, order.seed)
        if self.rule == s4nn.MOMENT and not order.quick:
            model.set_params(rule=s4nn.FASHION, initial=s4nn.FASHION_INITIAL)
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


RECIPE = S4nnFashion()
