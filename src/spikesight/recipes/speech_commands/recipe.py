"""Spoken digits by spiking convolutions that hardly fire (Pellegrini, Zimmer & Masquelier 2021)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from spikesight.datasets.audio import made_up_digits, spoken_digits
from spikesight.datasets.images import ImageSet
from spikesight.deep.losses import CrossEntropy, SquaredByDepth
from spikesight.deep.readouts import MaxOverTime, MeanOverTime
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import Cosine
from spikesight.deep.training.spikes import with_spikes
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels, untrained
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.recipes.speech_commands.pictures import WithDifferences, pictures_of, scales
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.s2net import S2Net

QUICK_TEST = 3
"""Of the made-up recordings of each class and speaker, the first ones."""

QUICK_CHANNELS, QUICK_BANDS, QUICK_EPOCHS = 8, 16, 8


@dataclass(frozen=True)
class SpeechCommands:
    """See the README beside this file. `channels` of each layer, mel `bands`, `epochs`, learning `rate`; `cost` of a
    spike in the loss.

    Settings of 0 or 1: `lateral` connections, the form of 2019; `causal` convolutions; `leaky` readout.
    """

    name = "speech-commands"
    channels: int = 16
    bands: int = 20
    epochs: int = 30
    rate: float = 5e-3
    cost: float = 1.0
    lateral: int = 0
    causal: int = 0
    leaky: int = 0

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes made-up digits of two tones, fewer channels and bands."""
        spoken = made_up_digits() if order.quick else spoken_digits(order.data)
        test = spoken.recording < QUICK_TEST if order.quick else spoken.for_test
        images = pictures_of(spoken, test, QUICK_BANDS if order.quick else self.bands)
        channels = QUICK_CHANNELS if order.quick else self.channels
        model = DeepClassifier(
            S2Net(channels, bool(self.lateral), bool(self.causal), bool(self.leaky)),
            WithDifferences(*images.shape, scales(images)),
            loss=CrossEntropy(MaxOverTime() if self.leaky else MeanOverTime()),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=16 if order.quick else 32,
            optimiser=AdamW(self.rate, weight_decay=1e-5),
            schedule=Cosine(warm_up=0.1),
            clip=5.0,
            activity=SquaredByDepth(self.cost) if self.cost else None,
            per_round=400,
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with a linear classifier of the pictures.   Errors: `Recipe.reproduce`."""
        recipe, order = as_begun(self, order)
        layers = ("conv1", "conv2", "conv3")
        others = {f"activity_{layer}": activity_of(layer) for layer in layers}
        return reproduce(
            recipe.task(order),
            order,
            None,
            linear_on_pixels,
            others={"activity": activity, **others, "untrained": untrained},
        )


def rates(model: Any, images: ImageSet) -> dict[str, float]:
    """Return the share of steps in which the neurons of each layer fire, over the test pictures."""
    model.net_.eval()
    with torch.inference_mode():
        _, spikes = with_spikes(model.net_, model.net_, model.prepare(images.test, 1.0))
    return {name: float(one.mean()) for name, one in spikes.items()}


def activity(model: Any, images: ImageSet) -> float:
    """Return the share of steps in which a neuron fires, over all layers, which are of one size."""
    each = rates(model, images)
    return sum(each.values()) / len(each)


def activity_of(layer: str) -> Callable[[Any, ImageSet], float]:
    """Return what measures the activity of one layer."""
    return lambda model, images: rates(model, images)[layer]


RECIPE = SpeechCommands()
