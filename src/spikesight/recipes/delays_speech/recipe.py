"""Spoken digits by a network whose delays are learned, beside random delays and none (Hammouamri et al. 2024)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from spikesight.base.errors import UnknownName
from spikesight.datasets.audio import made_up_digits, spoken_digits
from spikesight.datasets.images import ImageSet
from spikesight.deep.delays import Delays, Fixed, Learned, Undelayed
from spikesight.deep.losses import CrossEntropy
from spikesight.deep.readouts import SumOfSoftmax
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import OneCycle
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Sequence
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_classifier, linear_on_pixels, retrained
from spikesight.recipes.delays_speech.spikes import spikes_of
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Score, Task, reproduce, train
from spikesight.zoo.delayed import Delayed

KINDS: dict[str, Delays] = {"learned": Learned(), "random": Fixed(), "none": Undelayed()}

QUICK_EPOCHS, QUICK_CHANNELS, QUICK_SECONDS, QUICK_N = 8, 16, 0.5, 32

RATE, DECAY_OF_WEIGHTS = 5e-3, 1e-5
"""As published: the highest rate of the cycle, and weight decay."""


@dataclass(frozen=True)
class DelaysSpeech:
    """See the README beside this file. `delays` are "learned", "random" or "none", of up to `longest` steps of 10 ms;
    `layers` hidden layers of `n` neurons, `dropout` of their spikes; `channels` of the ear; `epochs`.
    """

    name = "delays-speech"
    delays: str = "learned"
    n: int = 16
    layers: int = 2
    longest: int = 24
    channels: int = 40
    epochs: int = 10
    dropout: float = 0.0

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes pairs of tones, made up, and a shorter training.

        Errors: UnknownName for other words than the three.
        """
        if self.delays not in KINDS:
            raise UnknownName("kind of delays", self.delays, KINDS)
        if order.quick:
            images = spikes_of(made_up_digits(), QUICK_CHANNELS, seconds=QUICK_SECONDS)
        else:
            images = spikes_of(spoken_digits(order.data), self.channels)
        steps, channels = images.shape
        net = Delayed((self.n,) * self.layers, self.longest, KINDS[self.delays], dropout=self.dropout)
        model = DeepClassifier(
            replace(net, hidden=(QUICK_N,)) if order.quick else net,
            Sequence(steps, (channels,)),
            loss=CrossEntropy(SumOfSoftmax()),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=20 if order.quick else 64,
            optimiser=AdamW(RATE, DECAY_OF_WEIGHTS),
            schedule=OneCycle(),
            per_round=320,
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then train the same network without delays, the control, and with random ones.

        Also measured: a linear classifier on the counts of each step, and on those of the whole utterance.
        Errors: `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        others: dict[str, Score] = {
            "random_delays": partial(with_delays, delays=Fixed()),
            "linear_on_steps": linear_on_pixels,
            "linear_on_counts": linear_on_counts,
        }
        control = partial(with_delays, delays=Undelayed())
        return reproduce(recipe.task(order), order, None, control, others=others)


def with_delays(model: Any, images: ImageSet, delays: Delays) -> float:
    """Return the test accuracy of the same network with other delays, trained as long."""
    return retrained(model, images, architecture=replace(model.architecture, delays=delays))


def linear_on_counts(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of a linear classifier on the spikes of each channel, whenever they came."""
    train, test = (x.reshape(len(x), *images.shape).sum(1).astype(np.float32) for x in (images.train, images.test))
    scale = float(train.max()) or 1.0
    classifier = linear_classifier().fit(train / scale, images.train_labels)
    return float(classifier.score(test / scale, images.test_labels))


RECIPE = DelaysSpeech()
