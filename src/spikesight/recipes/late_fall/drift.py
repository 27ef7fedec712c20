"""A learning rate that grows in the middle of a run, although nobody asked it to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from spikesight.base.errors import InputError
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp
from spikesight.datasets.images import ImageSet
from spikesight.estimators.diehl_cook import DiehlCook

STEPS = 8
"""In so many equal factors the rate grows."""


@dataclass(frozen=True)
class Drift:
    """After `after` stimuli the learning rate grows, in `STEPS` steps that are `every` stimuli apart, to `factor` times
    what it was, and stays there.

    Errors: InputError for numbers that make no drift.
    """

    after: int
    every: int
    factor: float

    def __post_init__(self) -> None:
        if self.after < 0 or self.every < 1 or not 0.0 < self.factor < math.inf:
            raise InputError(f"a rate changes after 0 images or more, by a positive factor, got {self}")

    def times(self, done: int) -> float:
        """Return how many times its first value the rate has for the stimulus after `done` others."""
        steps = (done - self.after) // self.every + 1
        return float(self.factor ** (min(max(steps, 0), STEPS) / STEPS))

    @property
    def moments(self) -> tuple[int, ...]:
        """After how many stimuli the rate is changed."""
        return tuple(self.after + k * self.every for k in range(STEPS))

    @property
    def end(self) -> int:
        """After so many stimuli the rate has been at its last value for as long as at each of those before."""
        return self.after + STEPS * self.every


def faster(rule: DiehlCookStdp, times: float) -> DiehlCookStdp:
    """Return `rule` with both its rates, of potentiation and of depression, `times` as high."""
    return replace(rule, rate_pre=rule.rate_pre * times, rate_post=rule.rate_post * times)


def go_on_with(model: DiehlCook, rule: DiehlCookStdp, images: ImageSet) -> None:
    """Let `model`, which is learning `images`, learn by another rule from now on; all else stays as it is."""
    now = model.snapshot()
    model.set_params(rule=rule)
    model.go_on(now, images.train, images.train_labels)
