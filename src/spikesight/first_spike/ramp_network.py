"""Layers of neurons with ramps behind one another: what they do, and what a batch of labelled items teaches them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.cores import usable_cores
from spikesight.first_spike import ramp_passes
from spikesight.first_spike.learning.ramp_rule import Heard, RampRule
from spikesight.first_spike.learning.softmax_of_times import Judge
from spikesight.first_spike.learning.weight_form import Real, WeightForm
from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_layers import Crossed, MakePasses, Passes, RampLayer, Steps

PART = 8
"""Items whose gradients are added up together. Parts are added in their order, so that nothing depends on cores."""

LATE = 2.0
"""Slope along which the potential of an output neuron goes on after the last step, in thresholds per all steps."""

REAL = Real()

Values = NDArray[Any]


class Answers(NamedTuple):
    """Times (B, classes) of output neurons; slopes of their potentials; and times up to which inputs counted.

    A neuron that never fires is given the time at which it would if its potential rose on from the last step along a
    line: the smaller its potential, the later. So it can learn to fire, and of nobody fired, the likeliest is told.
    """

    times: Values
    slopes: Values
    at: Values


class Lesson(NamedTuple):
    """What items teach: `gradients` of the weights, summed over items, in rows; the summed `loss`; how many items were
    `right` (the first output neuron, alone); and of every layer, how often each neuron or map `fired`.
    """

    gradients: list[Values]
    loss: float
    right: int
    fired: list[NDArray[np.int64]]


@dataclass(frozen=True)
class RampNetwork:
    """`layers` behind an input of `shape_in`, on a grid of `steps`; the last one's neurons are the answers. They hear
    their weights in a `form`.
    """

    layers: tuple[RampLayer, ...]
    ramp: Ramp
    shape_in: tuple[int, ...]
    steps: int
    make: MakePasses = ramp_passes.passes
    form: WeightForm = REAL

    @cached_property
    def passes(self) -> tuple[Passes, ...]:
        """How each layer is computed.   Errors: InputError where layers do not fit one another."""
        return tuple(
            self.make(layer, self.ramp, shape, self.steps)
            for layer, shape in zip(self.layers, self.shapes[:-1], strict=True)
        )

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """How the neurons of the input and of every layer lie."""
        shapes = [self.shape_in]
        for layer in self.layers:
            shapes.append(layer.shape(shapes[-1]))
        return shapes

    def fire(self, laid_out: Sequence[Values], times: Steps) -> list[Crossed]:
        """Return what every layer does with items whose inputs fire at `times`."""
        found: list[Crossed] = []
        for passes, rows in zip(self.passes, laid_out, strict=True):
            found.append(passes.fire(rows, found[-1].steps if found else times))
        return found

    def laid_out(self, w: Sequence[Values]) -> list[Values]:
        """Return weights as `fire` takes them, which is worth doing once for many items."""
        return [passes.laid_out(self.form(rows)) for passes, rows in zip(self.passes, w, strict=True)]

    def answers(self, crossed: Crossed) -> Answers:
        """Return the times of the last layer's neurons."""
        fired, late = crossed.slopes > 0, crossed.slopes.dtype.type(LATE * self.ramp.threshold / self.steps)
        end = crossed.times.dtype.type(self.steps - 1)
        made_up = end + (self.ramp.threshold - crossed.potentials) / late
        return Answers(
            np.where(fired, crossed.times, made_up),
            np.where(fired, crossed.slopes, late),
            np.where(fired, crossed.times, end),
        )

    def lesson(
        self,
        w: Sequence[Values],
        times: Steps,
        labels: NDArray[np.int64],
        rule: RampRule,
        judge: Judge,
        frozen: int = 0,
    ) -> Lesson:
        """Return what a batch teaches, on all cores. The first `frozen` layers learn nothing, and have no gradient."""
        parts = [slice(first, first + PART) for first in range(0, len(times), PART)]
        cores, laid_out = min(usable_cores(), len(parts)), self.laid_out(w)
        used = [self.form(rows) for rows in w]

        def teach(part: slice) -> Lesson:
            return self._part(used, laid_out, times[part], labels[part], rule, judge, frozen)

        if cores == 1:
            taught = list(map(teach, parts))
        else:
            with ThreadPoolExecutor(cores) as pool:
                taught = list(pool.map(teach, parts))
        gradients, fired = taught[0].gradients, taught[0].fired
        for one in taught[1:]:
            for total, more in zip(gradients, one.gradients, strict=True):
                total += more
            fired = [total + more for total, more in zip(fired, one.fired, strict=True)]
        return Lesson(gradients, sum(one.loss for one in taught), sum(one.right for one in taught), fired)

    def _part(
        self,
        w: Sequence[Values],
        laid_out: Sequence[Values],
        times: Steps,
        labels: NDArray[np.int64],
        rule: RampRule,
        judge: Judge,
        frozen: int,
    ) -> Lesson:
        layers = self.fire(laid_out, times)
        answers = self.answers(layers[-1])
        judged = judge(answers.times, labels, self.steps)
        errors = judged.errors.astype(w[-1].dtype)
        at, slopes = answers.at, answers.slopes
        gradients = [np.zeros_like(rows) for rows in w[frozen:]]
        for number in reversed(range(frozen, len(w))):
            crossed, heard_times = layers[number], layers[number - 1].steps if number else times
            heard = Heard(self.passes[number], self.ramp, w[number], heard_times, crossed, at, slopes)
            heard.passes.learn(heard.times, crossed, at, rule.amounts(errors, heard), gradients[number - frozen])
            if number > frozen:
                below = layers[number - 1]
                errors = rule.pass_down(errors, heard).reshape(below.times.shape)
                fired = below.slopes > 0
                errors = np.where(fired, errors, errors.dtype.type(0))
                at, slopes = np.where(fired, below.times, 0).astype(errors.dtype), np.where(fired, below.slopes, 1)
                slopes = slopes.astype(errors.dtype)
        right = int(strictly_first(answers.times, labels).sum())
        counts = [(one.steps < self.steps).sum(axis=tuple(range(one.steps.ndim - 1))) for one in layers]
        return Lesson(gradients, judged.loss, right, counts)


def strictly_first(times: Values, labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether the neuron `labels` (B,) fires before every other, times (B, classes): a tie is none."""
    rows = np.arange(len(times))
    others = times.copy()
    others[rows, labels] = np.inf
    first: NDArray[np.bool_] = times[rows, labels] < others.min(axis=1)
    return first
