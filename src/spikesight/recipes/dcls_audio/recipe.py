"""Kernels of few weights at learned places, on pictures of speech, beside full grids of as many numbers
(Khalfaoui-Hassani et al. 2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spikesight.datasets.audio import SpokenDigits, fitted, made_up_digits, spoken_digits
from spikesight.datasets.images import ImageSet
from spikesight.deep.spacings import Gaussian
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import Cosine
from spikesight.encoding.mel import Decibels, LogMel
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.recipes.contract import Order, Result
from spikesight.recipes.controls import linear_on_pixels
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.learned_places import fixed_places, full_grid
from spikesight.recipes.settings import settings_of
from spikesight.recipes.training import Task, reproduce, train
from spikesight.zoo.depthwise import LearnedPlaces
from spikesight.zoo.small_convnext import SmallConvNext

TINY = SmallConvNext((3, 3, 9, 3), (96, 192, 384, 768), 4, LearnedPlaces(23, 26, Gaussian()))
"""ConvNeXt-T with kernels of 23 x 23 and 26 elements, Gaussian, as published, for AudioSet: pictures of 1001 x 128."""

PUBLISHED = 0.4552
"""Mean average precision of `TINY` on AudioSet-2M; 0.4483 with full kernels of 7 x 7."""

SECONDS = 0.64
"""Of each recording: longer ones are cut, shorter ones followed by silence."""

QUICK_EPOCHS, QUICK_RATE = 24, 1e-2
"""Few steps have to do: they are large."""


@dataclass(frozen=True)
class DclsAudio:
    """See the README beside this file. Kernels have `elements` on a grid of `size` x `size`; two stages of `depth`
    blocks with `width` channels and twice as many; pictures have `bands`; `epochs`; `rate` of AdamW; `scale` with which
    blocks begin.
    """

    name = "dcls-audio"
    size: int = 11
    elements: int = 8
    depth: int = 2
    width: int = 24
    bands: int = 32
    epochs: int = 60
    rate: float = 4e-3
    scale: float = 1.0

    def task(self, order: Order) -> Task:
        """Return what is taught to whom. `quick` takes pairs of tones, made up, and a smaller network."""
        images = pictures_of(made_up_digits() if order.quick else spoken_digits(order.data), self.bands)
        depth, width = (1, self.width // 2) if order.quick else (self.depth, self.width)
        places = LearnedPlaces(self.size, self.elements, Gaussian())
        model = DeepClassifier(
            SmallConvNext((depth,) * 2, (width, 2 * width), 4 if order.quick else 2, places, self.scale),
            Pixels((1, *images.shape)),
            epochs=QUICK_EPOCHS if order.quick else self.epochs,
            batch=20 if order.quick else 50,
            optimiser=AdamW(QUICK_RATE if order.quick else self.rate, weight_decay=0.05),
            schedule=Cosine(warm_up=0.1),
            clip=1.0,
            per_round=400,
            seed=order.seed,
        )
        return Task(self.name, model, images, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return train(recipe.task(order), order)

    def reproduce(self, order: Order) -> Result:
        """Train, then compare with full kernels of as many numbers, or a few more.

        Also measured: places drawn at random that stay; a linear classifier.   Errors: `Recipe.reproduce`.
        """
        recipe, order = as_begun(self, order)
        others = {"fixed_places": fixed_places, "linear_on_pixels": linear_on_pixels}
        return reproduce(recipe.task(order), order, None, full_grid, others=others)


def pictures_of(spoken: SpokenDigits, bands: int) -> ImageSet:
    """Return recordings as pictures of frames by bands, in bytes: 60 decibels are 255."""
    mel = LogMel(rate=spoken.rate, bands=bands, lowest=60.0, highest=spoken.rate / 2, compress=Decibels())
    samples = round(SECONDS * spoken.rate) - 1  # a frame every hop, none at the end
    pictures = (255.0 * mel(fitted(spoken.waves, samples))).round().astype("u1")
    flat, test = pictures.reshape(len(pictures), -1), spoken.for_test
    shape = mel.frames(samples), bands
    return ImageSet("spoken-digits", shape, flat[~test], spoken.digit[~test], flat[test], spoken.digit[test])


RECIPE = DclsAudio()
