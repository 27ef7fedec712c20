"""S4NN with one-bit weights (BS4NN) as a scikit-learn classifier."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.estimators.augmentation import AsTheyAre, Augmentation
from spikesight.estimators.two_layers import Arrays, Averaging, Form, Range, TwoLayerClassifier
from spikesight.first_spike.dense import Dense
from spikesight.first_spike.learning.bs4nn import Binary, BS4NNRule, sign, whole_thresholds
from spikesight.first_spike.learning.moment import MomentRule
from spikesight.first_spike.learning.s4nn import DELAY
from spikesight.first_spike.learning.schedule import Constant, Drawn, Order, Schedule


class Circuit(NamedTuple):
    """A trained network as whole numbers: signs (inputs, hidden) and (hidden, classes), and thresholds.

    A neuron crosses in the first step in which the sum of the signs of the inputs that have fired is above its
    layer's threshold, and fires a step later. The first output to fire is the answer.
    """

    hidden: NDArray[np.int8]
    output: NDArray[np.int8]
    hidden_threshold: int
    output_threshold: int


class BS4NN(TwoLayerClassifier):
    """`hidden` neurons and one per class, each firing once, joined by weights of +1 and -1.

    Parameters: as `S4NN`; `alphas`, the scales of both layers at the beginning, by which thresholds are divided. There
    are no dead neurons to draw anew. Defaults are those of the authors' code for MNIST; they begin with positive
    weights only, so that all hidden neurons are alike at first, and learning begins slowly: weights on both sides of 0
    learn sooner.

    Source: Kheradpisheh, Mirsadeghi & Masquelier, Neural Processing Letters (2021), and their code.
    """

    RULES = BS4NNRule, MomentRule

    def __init__(
        self,
        hidden: int = 600,
        *,
        passes: int = 200,
        steps: int = 256,
        rule: BS4NNRule | MomentRule = BS4NNRule(),  # noqa: B008 (frozen)
        thresholds: tuple[float, float] = (100.0, 100.0),
        alphas: tuple[float, float] = (5.0, 5.0),
        initial: tuple[Range, Range] = ((0.0, 5.0), (0.0, 48.0)),
        order: Order = Drawn(),  # noqa: B008 (frozen)
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
        self.alphas = alphas
        self.initial = initial
        self.order = order
        self.schedule = schedule
        self.augmentation = augmentation
        self.averaging = averaging
        self.image_shape = image_shape
        self.brightest = brightest
        self.per_round = per_round
        self.seed = seed

    def circuit(self) -> Circuit:
        """Return the network that answers, as whole numbers: exactly the trained one.   Errors: not fitted."""
        form = self._answering()
        return Circuit(
            form.hidden_w.astype(np.int8),
            form.output_w.astype(np.int8),
            int(form.hidden.threshold),
            int(form.output.threshold),
        )

    def _fresh(self, inputs: int, classes: int) -> Arrays:
        shapes = (inputs, self.hidden), (self.hidden, classes)
        weights = {
            name: generator(self.seed, f"{name} weights").uniform(*span, shape).astype(np.float32)
            for name, span, shape in zip(("hidden.w", "output.w"), self.initial, shapes, strict=True)
        }
        return {**weights, "alpha": np.array(self.alphas, np.float64)}

    def _taught(self, latencies: Latencies, labels: NDArray[np.int64], factor: float) -> tuple[Arrays, int]:
        from spikesight.first_spike.learning import fused_bs4nn, fused_moment  # imports numba

        w = Binary(self.arrays_["hidden.w"], self.arrays_["output.w"], self.arrays_["alpha"])
        if isinstance(self.rule, MomentRule):
            after, right = fused_moment.learn_binary(self.rule.cooled(factor), w, latencies, labels, self.thresholds)
        else:
            after, right, _ = fused_bs4nn.learn(self.rule.cooled(factor), w, latencies, labels, self.thresholds)
        return {"hidden.w": after.hidden, "output.w": after.output, "alpha": after.alpha}, right

    def _form(self, arrays: Arrays) -> Form:
        hidden, output = (sign(arrays[name]).astype(np.float32) for name in ("hidden.w", "output.w"))
        within = whole_thresholds(self.thresholds, arrays["alpha"])
        return Form(Dense(hidden.shape[1], within[0], DELAY), hidden, Dense(output.shape[1], within[1], DELAY), output)

    def _end_pass(self, stimuli: NDArray[Any]) -> None:
        """Nothing is left to do."""

    def _check_rule(self) -> None:
        if len(self.alphas) != 2 or not all(0.0 < alpha < np.inf for alpha in self.alphas):
            raise InputError(f"alphas of both layers are numbers above 0, got {self.alphas}")
