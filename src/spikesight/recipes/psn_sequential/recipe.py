"""Images read row by row: parallel spiking neurons against leaky ones, in networks that learn as many numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from torch import nn

from spikesight.base.errors import UnknownName
from spikesight.datasets.images import ImageSet, fashion_mnist, mnist
from spikesight.deep.neurons import LIF, PSN, MaskedPSN, SlidingPSN
from spikesight.deep.training.optimisers import AdamW
from spikesight.equations.reset import NoReset, Subtract, ToValue
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Sequence
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import retrained
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Score, Task, reproduce, train
from spikesight.zoo.row_network import RowNetwork

ROWS, COLUMNS = 28, 28
CLASSES = 10

leaky = partial(LIF, through_reset=False)
SLOW = 5e-3
"""Seconds, of steps of 1 ms: the time constant of leaky neurons that did best with images held back."""

HALVING = 1e-3 / math.log(2.0)
"""Seconds, of steps of 1 ms: a membrane that halves in a step, which is the tau of 2 of the paper."""

NEURONS: dict[str, Callable[[], nn.Module]] = {
    "psn": partial(PSN, ROWS),
    "masked": partial(MaskedPSN, ROWS, ROWS),
    "sliding": partial(SlidingPSN, ROWS),
    "lif": partial(leaky, SLOW, 1.0, Subtract()),
    "lif-halving": partial(leaky, HALVING, 1.0, Subtract()),
    "lif-to-zero": partial(leaky, SLOW, 1.0, ToValue(0.0)),
    "lif-without-reset": partial(leaky, SLOW, 1.0, NoReset()),
}
"""All compared ones; "lif" is the best of the leaky ones with images held back, and the control."""

QUICK = 32, 6, 5e-3
"""Hidden neurons, epochs and rate of the quick version."""

DATA: dict[str, Callable[[Path | None], ImageSet]] = {"fashion": fashion_mnist, "mnist": mnist}


@dataclass(frozen=True)
class PsnSequential:
    """See the README beside this file. `data` is fashion or mnist, `neuron` a name of `NEURONS`; `images` of the
    training set are learned from in `epochs`; `hidden` neurons in each of the two layers of the network of PSN, and
    networks of other neurons learn as many numbers.
    """

    name = "psn-sequential"
    data: str = "fashion"
    neuron: str = "psn"
    images: int = 10_000
    epochs: int = 10
    hidden: int = 128
    rate: float = 2e-3

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, enlarged, and fewer neurons.

        Errors: UnknownName for other data and neurons.
        """
        if self.data not in DATA:
            raise UnknownName("data set of this recipe", self.data, DATA)
        images = enlarged_digits() if order.quick else DATA[self.data](order.data)
        images = images._replace(train=images.train[: self.images], train_labels=images.train_labels[: self.images])
        hidden, epochs, rate = QUICK if order.quick else (self.hidden, self.epochs, self.rate)
        model = DeepClassifier(
            network(self.neuron, hidden),
            Sequence(ROWS, (COLUMNS,)),
            epochs=epochs,
            batch=20 if order.quick else 100,
            optimiser=AdamW(rate),
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with leaky neurons, and with the rest of the family and of the leaky ones.

        Errors: `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        task = recipe.task(order)
        hidden = QUICK[0] if order.quick else recipe.hidden
        rest = () if order.quick else (name for name in NEURONS if name not in ("lif", recipe.neuron))
        others = {name.replace("-", "_"): with_neurons(name, hidden) for name in rest}
        return reproduce(task, order, None, with_neurons("lif", hidden), others=others)


def network(neuron: str, hidden: int) -> RowNetwork:
    """Return a network of these neurons that learns at least as many numbers as that of PSN with `hidden` neurons.

    Errors: UnknownName for neurons that are not compared.
    """
    if neuron not in NEURONS:
        raise UnknownName("neuron of this recipe", neuron, NEURONS)
    whole = RowNetwork(NEURONS["psn"], hidden)
    if neuron == "psn":
        return whole
    least = whole.parameters((COLUMNS,), CLASSES)
    return RowNetwork(NEURONS[neuron], 1).as_large_as(least, (COLUMNS,), CLASSES)


def with_neurons(neuron: str, hidden: int) -> Score:
    """Return what trains the same network with other neurons on the same images, as long, and scores it."""
    return partial(retrained, architecture=network(neuron, hidden))


RECIPE = PsnSequential()
