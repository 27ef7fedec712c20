"""What the recipes of S4NN and BS4NN share: their settings as estimators, quick versions, and controls."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from spikesight.base.errors import UnknownName
from spikesight.datasets.images import ImageSet
from spikesight.estimators.augmentation import AsTheyAre, Augmentation, Shifted
from spikesight.estimators.bs4nn import BS4NN
from spikesight.estimators.s4nn import S4NN
from spikesight.estimators.two_layers import Averaging
from spikesight.first_spike.learning.moment import MomentRule
from spikesight.first_spike.learning.s4nn import Pace
from spikesight.first_spike.learning.schedule import Falling, Shuffled
from spikesight.recipes.controls import linear_on_pixels, retrained
from spikesight.recipes.training import Score

MOMENT, PUBLISHED = "moment", "published"
"""Words for the rules: learning at the moment of decision, or as the authors' code has it."""

INITIAL = (-2.5, 5.0), (-24.0, 48.0)
"""Of real weights, for the rule `MOMENT`: the paper's ranges, and as much below 0 as half of what is above."""

BINARY = MomentRule(0.5, 0.1, window=40.0, near=0.8, pace=Pace(120.0, 0.2, 0.001))
BINARY_INITIAL, ALPHAS = ((-1.0, 1.0), (-1.0, 1.0)), (4.0, 2.0)
"""For weights of one bit: rates, the range of the real numbers behind the signs, and the scales at first."""

BINARY_AVERAGING = Averaging(60_000)
"""A bit that has just turned is noise; the mean of the real number behind it is not."""

FASHION = MomentRule(0.1, 0.05, window=60.0, near=0.8, pace=Pace(200.0, 0.4, 0.003))
FASHION_INITIAL = (-1.0, 2.0), (-24.0, 48.0)
"""For clothes, which light three times as many pixels as digits: smaller steps and weights, later decisions."""

NEURONS = 600
"""For which the scale of the output layer is made; fewer hidden neurons reach a lower threshold only."""

CONTROL_PASSES = 5
"""Of the control, at most: an output layer behind hidden weights that stay random has less to learn."""


def shifts(pixels: int) -> Augmentation:
    """Return what moves training images by up to some pixels."""
    return Shifted(pixels) if pixels else AsTheyAre()


def real(hidden: int, passes: int, rule: str, shift: int, seed: int, **changes: Any) -> S4NN:
    """Return S4NN for images of about 28 x 28, untrained; `changes` are parameters of the estimator.

    Errors: UnknownName for a rule that is neither `MOMENT` nor `PUBLISHED`.
    """
    if checked(rule) == PUBLISHED:
        return S4NN(hidden, passes=passes, seed=seed, **changes)
    settings: dict[str, Any] = {"rule": MomentRule(), "initial": INITIAL, "dead_below": 0.0}
    return S4NN(
        hidden,
        passes=passes,
        order=Shuffled(),
        schedule=Falling(),
        augmentation=shifts(shift),
        seed=seed,
        **{**settings, **changes},
    )


def binary(hidden: int, passes: int, rule: str, shift: int, seed: int, **changes: Any) -> BS4NN:
    """Return BS4NN for images of about 28 x 28, untrained; `changes` are parameters of the estimator.

    Errors: UnknownName for a rule that is neither `MOMENT` nor `PUBLISHED`.
    """
    if checked(rule) == PUBLISHED:
        return BS4NN(hidden, passes=passes, seed=seed, **changes)
    alphas = ALPHAS[0], ALPHAS[1] * NEURONS / max(hidden, 1)
    settings: dict[str, Any] = {
        "rule": BINARY,
        "initial": BINARY_INITIAL,
        "alphas": alphas,
        "averaging": BINARY_AVERAGING,
    }
    return BS4NN(
        hidden,
        passes=passes,
        order=Shuffled(),
        schedule=Falling(),
        augmentation=shifts(shift),
        seed=seed,
        **{**settings, **changes},
    )


def checked(rule: str) -> str:
    """Return the word for a rule.   Errors: UnknownName."""
    if rule not in (MOMENT, PUBLISHED):
        raise UnknownName("rule", rule, (MOMENT, PUBLISHED))
    return rule


def random_hidden(model: Any, images: ImageSet) -> float:
    """Return the test accuracy of the same network whose hidden weights stay random; only the output layer learned."""
    rule, passes = replace(model.rule, hidden=0.0), min(CONTROL_PASSES, model.passes)
    return retrained(model, images, rule=rule, passes=passes, augmentation=AsTheyAre())


def alone(model: Any, images: ImageSet) -> float:
    """Return the test accuracy where two outputs in the same step are a mistake, whatever their potentials."""
    return float(model.alone_score(images.test, images.test_labels))


def generous(model: Any, images: ImageSet) -> float:
    """Return the test accuracy as the authors' code counts: a label among the earliest is right."""
    return float(model.generous_score(images.test, images.test_labels))


OTHERS: dict[str, Score] = {
    "accuracy_alone": alone,
    "accuracy_generous": generous,
    "linear_on_pixels": linear_on_pixels,
}
"""Further figures of a run."""
