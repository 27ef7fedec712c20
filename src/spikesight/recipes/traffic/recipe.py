"""Encrypted traffic told apart by flow pictures and one hidden layer of spiking neurons (Rasteh et al. 2022)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.randomness import generator
from spikesight.datasets.images import ImageSet
from spikesight.datasets.made_up_traffic import MadeUpTraffic
from spikesight.deep.losses import CrossEntropy
from spikesight.deep.training.optimisers import AdamW
from spikesight.encoding.flow_picture import SIZES, STEPS, both_ways_together, steps_shuffled
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_classifier, untrained
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.traffic.pictures import TEST_SHARE, Counted, Pictures, by_capture, pictures_of, split
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.traffic import TrafficNet

DATA_SEED = 0
"""Of the made-up sessions: a data set does not change with the seed of a training."""

QUICK = MadeUpTraffic(captures=10, sessions=1, seconds=90.0)


@dataclass(frozen=True)
class Traffic:
    """See the README beside this file. `n` hidden neurons, `epochs`, learning `rate`, `captures` of a class.

    Settings of 0 or 1: `logarithm` shows log(1 + n) of counts n, which as published are as they are; `mixed` splits
    windows at random, as published, whatever capture they are of; `shuffled` puts the steps of each picture in an order
    of its own; `undirected` takes the direction of packets away.
    """

    name = "traffic"
    n: int = 100
    epochs: int = 30
    rate: float = 2e-3
    captures: int = 60
    logarithm: int = 1
    mixed: int = 0
    shuffled: int = 0
    undirected: int = 0

    def images(self, quick: bool) -> ImageSet:
        """Return the pictures, split."""
        traffic = QUICK if quick else MadeUpTraffic(self.captures, sessions=1, seconds=90.0)
        whole = pictures_of(traffic, DATA_SEED)
        if self.undirected:
            whole = whole._replace(pictures=both_ways_together(whole.pictures).astype(np.uint8))
        if self.shuffled:
            mixed_up = steps_shuffled(whole.pictures, generator(DATA_SEED, "shuffled steps"))
            whole = whole._replace(pictures=mixed_up)
        return split(whole, self._test(whole), generator(DATA_SEED, "balance"))

    def _test(self, whole: Pictures) -> NDArray[np.bool_]:
        random = generator(DATA_SEED, "split")
        if not self.mixed:
            return by_capture(whole.label, whole.capture, random)
        test = np.zeros(len(whole.label), np.bool_)
        test[random.permutation(len(test))[: round(TEST_SHARE * len(test))]] = True
        return test

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` makes fewer sessions."""
        model = DeepClassifier(
            TrafficNet(self.n),
            Counted(STEPS, (SIZES,), bool(self.logarithm)),
            loss=CrossEntropy(),
            epochs=8 if order.quick else self.epochs,
            batch=32,
            optimiser=AdamW(self.rate, weight_decay=1e-5),
            clip=5.0,
            per_round=320,
            seed=order.seed,
        )
        return Task(self.name, model, self.images(order.quick), order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with a linear classifier of the summed pictures.   Errors: `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        return reproduce(recipe.task(order), order, None, linear_on_sums, others={"untrained": untrained})


def linear_on_sums(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of a linear classifier of how many packets of each size there are, whenever they come.

    Counts are compressed by log(1 + n) and divided by the largest of the training set; `model` is not used.
    """
    train, test = (
        np.log1p(one.reshape(-1, STEPS, SIZES).sum(1, dtype=np.float64)) for one in (images.train, images.test)
    )
    scale = train.max()
    classifier = linear_classifier().fit(train / scale, images.train_labels)
    return float(classifier.score(test / scale, images.test_labels))


RECIPE = Traffic()
