"""What the recipes of STiDi-BP share: the network with two convolutions, its training, its control."""

from __future__ import annotations

from typing import Any

from spikesight.datasets.images import ImageSet
from spikesight.encoding.latency import LinearSteps
from spikesight.estimators.augmentation import Augmentation
from spikesight.estimators.stidi_bp import STiDiBP
from spikesight.first_spike.learning.softmax_of_times import SoftmaxOfTimes
from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_layers import RampConvolution, RampDense
from spikesight.recipes.controls import retrained

STEPS, INPUT_STEPS = 64, 32
"""Of the time grid, and of the input within it."""

CONTROL_IMAGES = 290_000
"""Training images that the control is shown at most, five times all of MNIST: of fixed features there is less to learn.
"""

QUICK_PASSES, QUICK_RATE = 12, 0.03
"""Few images want larger steps."""


def network(
    maps: tuple[int, int], dense: int, passes: int, augmentation: Augmentation, rate: float, largest: float, seed: int
) -> STiDiBP:
    """Return a classifier with two convolutions of 5 x 5, each pooled 2 x 2, and a dense layer, untrained.

    `largest` is the brightest pixel.
    """
    return STiDiBP(
        (RampConvolution(maps[0]), RampConvolution(maps[1]), RampDense(dense)),
        ramp=Ramp(STEPS),
        steps=STEPS,
        encoder=LinearSteps(INPUT_STEPS, largest),
        judge=SoftmaxOfTimes(temperature=STEPS / 32),
        rate=rate,
        passes=passes,
        augmentation=augmentation,
        seed=seed,
    )


def random_convolutions(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of the same network whose convolutions stay random; only what is behind them learns."""
    passes = min(model.passes, max(1, CONTROL_IMAGES // len(images.train)))
    return retrained(model, images, frozen=2, passes=passes)
