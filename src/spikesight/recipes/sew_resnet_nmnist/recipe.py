"""Digits before an event camera, named by a small SEW network (Fang et al. 2021)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from spikesight.base.errors import UnknownName
from spikesight.datasets.images import ImageSet
from spikesight.deep.residual import Add, And, IAnd, Join
from spikesight.deep.training.optimisers import AdamW
from spikesight.estimators.augmentation import Shifted
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Sequence
from spikesight.events.representations.cuts import EqualShares
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_classifier, untrained
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.sew_resnet_nmnist.films import moved_digits, recordings
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.sew_events import SewEvents

JOINS: dict[str, Join] = {"add": Add(), "and": And(), "iand": IAnd()}
QUICK_FRAMES, QUICK_EPOCHS, QUICK_FILMS = 4, 9, 1000


@dataclass(frozen=True)
class SewResNetNMnist:
    """See the README beside this file. Blocks of `channels` channels, the last with twice as many; `join` of branch and
    shortcut: "add", "and" or "iand"; `frames` of each film; `epochs`; `rate` of AdamW; films are moved by up to `shift`
    pixels at random.
    """

    name = "sew-resnet-nmnist"
    channels: int = 16
    join: str = "add"
    frames: int = 6
    epochs: int = 30
    rate: float = 3e-3
    shift: int = 2

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes scikit-learn's digits, moved, and a smaller network.

        Errors: UnknownName for a join that is none.
        """
        if self.join not in JOINS:
            raise UnknownName("join", self.join, JOINS)
        if order.quick:
            films, steps = moved_digits(), QUICK_FRAMES
            films = films.first(QUICK_FILMS, len(films.test))
            wide: tuple[int, ...] = (self.channels // 2, self.channels)
        else:
            films, steps = recordings(order.data, EqualShares(self.frames)), self.frames
            wide = (self.channels, self.channels, 2 * self.channels)
        model = DeepClassifier(
            SewEvents(wide, len(wide), JOINS[self.join]),
            Sequence(steps, (2, *films.shape)),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=25,
            optimiser=AdamW(self.rate, weight_decay=1e-3),
            augmentation=Shifted(0 if order.quick else self.shift),
            per_round=len(films.train),
            seed=order.seed,
        )
        return Task(self.name, model, films, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with a linear classifier on the counts of the whole recording.

        Also measured: the network untrained.   Errors: `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        return reproduce(recipe.task(order), order, None, linear_on_counts, others={"untrained": untrained})


def linear_on_counts(model: Any, films: ImageSet) -> float:
    """Return the test accuracy of a linear classifier on the events per pixel and polarity, of all frames together."""
    steps, size = model.prepare.steps, math.prod(model.prepare.shape)
    train, test = (np.asarray(half, np.float32).reshape(-1, steps, size).sum(1) for half in (films.train, films.test))
    scale = float(train.max()) or 1.0
    classifier = linear_classifier().fit(train / scale, films.train_labels)
    return float(classifier.score(test / scale, films.test_labels))


RECIPE = SewResNetNMnist()
