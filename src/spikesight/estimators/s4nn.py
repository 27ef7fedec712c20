"""Temporal backpropagation with one spike per neuron (S4NN) as a scikit-learn classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.estimators.augmentation import AsTheyAre, Augmentation
from spikesight.estimators.two_layers import Arrays, Averaging, Form, Range, TwoLayerClassifier
from spikesight.first_spike.dense import Dense, fire
from spikesight.first_spike.learning.moment import MomentRule
from spikesight.first_spike.learning.s4nn import DELAY, S4NNRule, Weights
from spikesight.first_spike.learning.schedule import AsGiven, Constant, Order, Schedule

LOOKED_AT = 5000
"""Training images on which it is seen after a pass which hidden neurons are dead: the first ones."""


class S4NN(TwoLayerClassifier):
    """`hidden` neurons and one per class, each firing once; the first output to fire is the answer.

    Parameters: `passes` over the training set; `steps` of an image; `rule` with its rates, the
    paper's or `MomentRule`; `thresholds` of both layers;
    `initial` ranges of both layers' weights; `dead_below`: a hidden neuron that fires for a smaller share of
    training images has its weights drawn anew after the pass; `order` of images and `schedule` of rates; `augmentation`
    changes training images (B, rows, columns) with a generator, before they are learned from; `averaging` of the
    weights that answer; `image_shape` (None: square); `brightest` value (None: of the training set), which fires in
    step 0; `per_round` images; `seed`.

    Defaults are those of the authors' code for MNIST. Weights and thresholds of another input should be such that a
    hidden neuron crosses its threshold within an image; a layer that never fires is told.

    Source: Kheradpisheh & Masquelier, Int. J. Neural Systems 30(6) 2050027 (2020), and their code.
    """

    RULES = S4NNRule, MomentRule

    def __init__(
        self,
        hidden: int = 400,
        *,
        passes: int = 100,
        steps: int = 256,
        rule: S4NNRule | MomentRule = S4NNRule(),  # noqa: B008 (frozen)
        thresholds: tuple[float, float] = (100.0, 100.0),
        initial: tuple[Range, Range] = ((0.0, 5.0), (0.0, 48.0)),
        dead_below: float = 1e-3,
        order: Order = AsGiven(),  # noqa: B008 (frozen)
        schedule: Schedule = Constant(),  # noqa: B008 (frozen)
        augmentation: Augmentation = AsTheyAre(),
        averaging: Averaging | None = None,
        image_shape: tuple[int, int] | None = None,
        brightest: float | None = None,
        per_round: int = 5000,
        seed: int = 0,
    ) -> None:
        self.hidden = hidden
        self.passes = passes
        self.steps = steps
        self.rule = rule
        self.thresholds = thresholds
        self.initial = initial
        self.dead_below = dead_below
        self.order = order
        self.schedule = schedule
        self.augmentation = augmentation
        self.averaging = averaging
        self.image_shape = image_shape
        self.brightest = brightest
        self.per_round = per_round
        self.seed = seed

    def _fresh(self, inputs: int, classes: int) -> Arrays:
        shapes = (inputs, self.hidden), (self.hidden, classes)
        return {
            name: generator(self.seed, f"{name} weights").uniform(*span, shape).astype(np.float32)
            for name, span, shape in zip(("hidden.w", "output.w"), self.initial, shapes, strict=True)
        }

    def _taught(self, latencies: Latencies, labels: NDArray[np.int64], factor: float) -> tuple[Arrays, int]:
        from spikesight.first_spike.learning import fused_moment, fused_s4nn  # imports numba

        w = Weights(self.arrays_["hidden.w"], self.arrays_["output.w"])
        if isinstance(self.rule, MomentRule):
            after, right = fused_moment.learn(self.rule.cooled(factor), w, latencies, labels, self.thresholds)
        else:
            after, right, _ = fused_s4nn.learn(self.rule.cooled(factor), w, latencies, labels, self.thresholds)
        return {"hidden.w": after.hidden, "output.w": after.output}, right

    def _form(self, arrays: Arrays) -> Form:
        hidden, output = arrays["hidden.w"], arrays["output.w"]
        return Form(
            Dense(hidden.shape[1], self.thresholds[0], DELAY),
            hidden,
            Dense(output.shape[1], self.thresholds[1], DELAY),
            output,
        )

    def _end_pass(self, stimuli: NDArray[Any]) -> None:
        """Draw the weights of dead neurons anew. Who is dead is seen with the weights at the end of the pass."""
        form = self._form(self.arrays_)
        fired = fire(form.hidden, form.hidden_w, self._latencies(stimuli[:LOOKED_AT])).latencies.fired
        dead = np.flatnonzero(fired.mean(axis=0) < self.dead_below)
        if dead.size:
            random = generator(self.seed, "dead neurons", self.passes_)
            w = self.arrays_["hidden.w"] = form.hidden_w.copy()
            w[:, dead] = random.uniform(*self.initial[0], (len(w), dead.size))

    def _check_rule(self) -> None:
        if not 0.0 <= self.dead_below <= 1.0:
            raise InputError(f"dead_below is a share of the training images, 0 to 1, got {self.dead_below}")
