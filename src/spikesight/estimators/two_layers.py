"""What classifiers with a hidden layer of neurons that fire once share: rounds, answers, snapshots, what can be seen.

A rule brings its weights, how it learns from some images, and what its layers are when it answers.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.latency import GreySteps
from spikesight.estimators.augmentation import AsTheyAre, Augmentation
from spikesight.estimators.learner import check_same_network
from spikesight.estimators.stimuli import checked_labels, checked_stimuli, one_label_each
from spikesight.first_spike.dense import Dense, fire
from spikesight.first_spike.health import warn_if_silent
from spikesight.first_spike.layer import Fired
from spikesight.first_spike.learning.schedule import Order, Schedule
from spikesight.first_spike.readout import among_the_earliest, first_to_fire
from spikesight.trace.schema import Layer, Projection
from spikesight.trace.watched import Sketch, Watched

Arrays = dict[str, NDArray[Any]]
Range = tuple[float, float]

TOGETHER = 1000
"""Images that are encoded and learned from in one go."""


@dataclass(frozen=True)
class Averaging:
    """Answers are given with the mean of the weights over about the last `images` training images.

    The mean forgets exponentially.   Errors: InputError for a mean over less than an image.
    """

    images: int = 40_000

    def __post_init__(self) -> None:
        if self.images < 1:
            raise InputError(f"weights are averaged over an image at least, got {self.images}")


class Form(NamedTuple):
    """Both layers as they answer: descriptions and weights (inputs, hidden), (hidden, classes)."""

    hidden: Dense
    hidden_w: NDArray[Any]
    output: Dense
    output_w: NDArray[Any]


class TwoLayerClassifier(ClassifierMixin, BaseEstimator, ABC):  # type: ignore[misc]
    """A hidden layer and an output neuron per class. The first output to fire is the answer.

    Images come flat, (samples, pixels), numbers >= 0; `brightest` (None: of the training images) fires in step 0, and
    0 never. Brighter images count as the brightest.
    """

    hidden: int
    passes: int
    steps: int
    rule: Any
    thresholds: tuple[float, float]
    initial: tuple[Range, Range]
    order: Order
    schedule: Schedule
    augmentation: Augmentation
    averaging: Averaging | None
    image_shape: tuple[int, int] | None
    brightest: float | None
    per_round: int
    seed: int

    RULES: ClassVar[tuple[type, ...]] = ()
    """What `rule` may be."""

    @abstractmethod
    def _fresh(self, inputs: int, classes: int) -> Arrays:
        """Return the parameters with which learning begins."""

    @abstractmethod
    def _taught(self, latencies: Latencies, labels: NDArray[np.int64], factor: float) -> tuple[Arrays, int]:
        """Return the parameters after some images, and how many of those were answered right, alone, before."""

    @abstractmethod
    def _form(self, arrays: Arrays) -> Form:
        """Return the layers that parameters make."""

    @abstractmethod
    def _end_pass(self, stimuli: NDArray[Any]) -> None:
        """Do what the rule does after a pass over training images."""

    @abstractmethod
    def _check_rule(self) -> None:
        """Refuse parameters of the rule that make no network.   Errors: InputError."""

    def fit(self, X: ArrayLike, y: ArrayLike, report: Progress = SILENT) -> Self:
        """Learn from X, `passes` times, telling `report` of every round.

        Errors: InputError on empty, negative, NaN or wrongly shaped X, or y of another length.
        """
        self.begin(X, y)
        for number in range(self.rounds_):
            report.advance(1, **self.round(X, y, number))
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Go on learning from X, once through, at the rates of the beginning.

        `classes` lists all labels, needed in the first call if not all occur in y.   Errors: as `fit`.
        """
        if not hasattr(self, "arrays_"):
            self.begin(X, y if classes is None else classes)
        stimuli, labels = checked_stimuli(self, X), self._encode(X, y)
        self._teach(stimuli, labels, self.order(len(stimuli), self.seed, self.passes_), 1.0)
        self._finish_pass(stimuli)
        return self

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Make a fresh, untrained network for images like X and labels like y.   Errors: as `fit`."""
        stimuli = checked_stimuli(self, X, reset=True)
        self.classes_ = np.unique(one_label_each(y))
        self._check()
        self.shape_ = self._image_shape()
        self.brightest_ = float(self.brightest or stimuli.max() or 1.0)
        self.arrays_ = self._fresh(self.n_features_in_, len(self.classes_))
        self.mean_ = {name: values.copy() for name, values in self.arrays_.items()}
        self.samples_, self.passes_, self.parts_, self.averaged_ = len(stimuli), 0, 0, 0
        return self

    @property
    def rounds_(self) -> int:
        """Rounds of `fit` in all."""
        check_is_fitted(self, "arrays_")
        return self.passes * self._parts

    def round(self, X: ArrayLike, y: ArrayLike | None, number: int) -> dict[str, float]:
        """Learn from the next `per_round` images of a pass.

        Curve: "accuracy" of the images before they were learned from, with the weights that learn; a tie in time is a
        mistake.
        """
        stimuli, labels = checked_stimuli(self, X), self._encode(X, y)
        first = self.parts_ * self.per_round
        part = self.order(len(stimuli), self.seed, self.passes_)[first : first + self.per_round]
        right = self._teach(stimuli, labels, part, self.schedule(number / self.rounds_))
        self.parts_ += 1
        if self.parts_ == self._parts:
            self._finish_pass(stimuli)
        return {"accuracy": right / len(part), "images": float(len(part))}

    def outputs(self, X: ArrayLike) -> Fired:
        """Return when the output neurons fire and their potentials, (samples, classes).   Errors: as `fit`."""
        return self._seen(checked_stimuli(self, X))[-1]

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class whose neuron fires first, by the larger potential among several; see `readout`."""
        check_is_fitted(self, "arrays_")
        answers: NDArray[Any] = self.classes_[first_to_fire(self.outputs(X)).best]
        return answers

    def strict_score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the accuracy where outputs alike in time and potential are a mistake.   Errors: as `fit`."""
        check_is_fitted(self, "arrays_")
        return float(first_to_fire(self.outputs(X)).strictly_right(self._encode(X, y)).mean())

    def alone_score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the share of samples whose output fired, before every other: a tie in time is a mistake."""
        check_is_fitted(self, "arrays_")
        times = self.outputs(X).latencies.times.astype(np.int64)
        rows, labels = np.arange(len(times)), self._encode(X, y)
        own = times[rows, labels].copy()
        times[rows, labels] = self.steps
        return float((own < times.min(axis=1)).mean())

    def generous_score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the accuracy as the authors' code counts it: the label among the earliest is right."""
        check_is_fitted(self, "arrays_")
        return float(among_the_earliest(self.outputs(X), self._encode(X, y)).mean())

    def decision_times(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the step of each answer, NaN where no output fired."""
        check_is_fitted(self, "arrays_")
        return first_to_fire(self.outputs(X)).when

    def watch(self, X: ArrayLike) -> Watched:
        """Return when every neuron fires for X, learning off."""
        check_is_fitted(self, "arrays_")
        stimuli = checked_stimuli(self, X)
        hidden, output = self._seen(stimuli)
        answers = first_to_fire(output)
        given = self._latencies(stimuli)
        shown = Latencies(given.times.reshape(len(stimuli), *self.shape_), self.steps)
        layers = {"input": shown, "hidden": hidden.latencies, "output": output.latencies}
        return Watched(layers, np.where(answers.tied, -1, answers.best), answers.when)

    @property
    def sketch_(self) -> Sketch:
        """The network, for the trace."""
        check_is_fitted(self, "arrays_")
        inputs, classes = self.n_features_in_, len(self.classes_)
        layers = Layer("input", self.shape_), Layer("hidden", (self.hidden,)), Layer("output", (classes,))
        projections = (
            Projection("input_hidden", "input", "hidden", (inputs, self.hidden), float(self.hidden)),
            Projection("hidden_output", "hidden", "output", (self.hidden, classes), float(classes)),
        )
        return Sketch(layers, projections, self.steps)

    def weights_now(self) -> dict[str, NDArray[Any]]:
        """Return the weights that answers are given with, by projection."""
        form = self._answering()
        return {"input_hidden": form.hidden_w, "hidden_output": form.output_w}

    def snapshot(self) -> Arrays:
        """Return everything needed to go on exactly from here."""
        check_is_fitted(self, "arrays_")
        return {
            **{name: values.copy() for name, values in self.arrays_.items()},
            **{f"mean.{name}": values.copy() for name, values in self.mean_.items()},
            "counters": np.array([self.samples_, self.passes_, self.parts_, self.averaged_], np.int64),
            "brightest": np.array([self.brightest_]),
        }

    def go_on(self, snapshot: Mapping[str, NDArray[Any]], X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Put the network back to where `snapshot` was taken.   Errors: InputError where it is of another network."""
        self.begin(X, y)
        check_same_network(snapshot, self.snapshot())
        self.arrays_ = {name: np.array(snapshot[name]) for name in self.arrays_}
        self.mean_ = {name: np.array(snapshot[f"mean.{name}"]) for name in self.mean_}
        self.samples_, self.passes_, self.parts_, self.averaged_ = (int(number) for number in snapshot["counters"])
        self.brightest_ = float(snapshot["brightest"][0])
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags

    @property
    def _parts(self) -> int:
        """Rounds in a pass."""
        return math.ceil(self.samples_ / self.per_round)

    def _teach(self, stimuli: NDArray[Any], labels: NDArray[np.int64], places: NDArray[np.int64], factor: float) -> int:
        """Learn from the images at some places; return how many were answered right before."""
        right = 0
        for begin in range(0, len(places), TOGETHER):
            part = places[begin : begin + TOGETHER]
            images = self._augmented(stimuli[part], begin)
            self.arrays_, hits = self._taught(self._latencies(images), labels[part], factor)
            right += hits
            self._average(len(part))
        return right

    def _finish_pass(self, stimuli: NDArray[Any]) -> None:
        """Begin a new pass; after the first one, say which layer keeps silent, if any."""
        self._end_pass(stimuli)
        self.passes_, self.parts_ = self.passes_ + 1, 0
        if self.passes_ > 1:
            return
        form, given = self._answering(), self._latencies(stimuli[:TOGETHER])
        hidden = fire(form.hidden, form.hidden_w, given).latencies
        if not warn_if_silent("hidden", hidden, form.hidden.threshold, given):
            output = fire(form.output, form.output_w, hidden).latencies
            warn_if_silent("output", output, form.output.threshold, hidden)

    def _augmented(self, images: NDArray[Any], begin: int) -> NDArray[Any]:
        if self.augmentation == AsTheyAre():
            return images
        random = generator(self.seed, "changes of images", self.passes_, self.parts_, begin)
        return self.augmentation(images.reshape(len(images), *self.shape_), random).reshape(len(images), -1)

    def _average(self, images: int) -> None:
        """Let the mean of the parameters follow."""
        if self.averaging is None:
            self.mean_ = self.arrays_
            return
        self.averaged_ += 1
        share = max(min(1.0, images / self.averaging.images), 1.0 / self.averaged_)
        for name, values in self.arrays_.items():
            mean = self.mean_[name]
            mean += values.dtype.type(share) * (values - mean)

    def _answering(self) -> Form:
        """The layers that answers are given with."""
        check_is_fitted(self, "arrays_")
        return self._form(self.mean_)

    def _latencies(self, stimuli: NDArray[Any]) -> Latencies:
        """Encode stimuli; bytes by a table of all 256 values."""
        if stimuli.dtype == np.uint8:
            return Latencies(self._encoded(np.arange(256)).times[stimuli], self.steps)
        return self._encoded(stimuli)

    def _encoded(self, values: NDArray[Any]) -> Latencies:
        whole = values.dtype.kind in "ui" and self.brightest_.is_integer()
        brightest: Any = int(self.brightest_) if whole else self.brightest_
        return GreySteps(self.steps, brightest)(np.minimum(values, brightest))

    def _seen(self, stimuli: NDArray[Any]) -> tuple[Fired, Fired]:
        """Return what both layers do."""
        form, given = self._answering(), self._latencies(stimuli)
        hidden = fire(form.hidden, form.hidden_w, given)
        output = fire(form.output, form.output_w, hidden.latencies)
        return hidden, output

    def _image_shape(self) -> tuple[int, int]:
        pixels = int(self.n_features_in_)
        side = math.isqrt(pixels)
        shape = self.image_shape or ((side, side) if side * side == pixels else (1, pixels))
        if math.prod(shape) != pixels:
            raise InputError(f"X has {pixels} pixels, which make no image of {shape[0]} x {shape[1]}")
        return shape

    def _encode(self, X: ArrayLike, y: ArrayLike | None) -> NDArray[np.int64]:
        return checked_labels(y, len(np.asarray(X)), self.classes_)

    def _check(self) -> None:
        """Refuse parameters that make no network.   Errors: InputError naming the first bad one."""
        for name, least in (("hidden", 1), ("passes", 1), ("steps", 2), ("per_round", 1), ("seed", 0)):
            value = getattr(self, name)
            if not isinstance(value, int | np.integer) or value < least:
                raise InputError(f"{name} is {value!r}: a whole number >= {least} is needed")
        if self.brightest is not None and not 0.0 < self.brightest < np.inf:
            raise InputError(f"brightest is {self.brightest}: a number above 0 is needed")
        if not isinstance(self.rule, self.RULES):
            known = " or a ".join(rule.__name__ for rule in self.RULES)
            raise InputError(f"the rule of {type(self).__name__} is a {known}, got {self.rule!r}")
        if len(self.thresholds) != 2 or not all(0.0 <= threshold < np.inf for threshold in self.thresholds):
            raise InputError(f"thresholds of both layers are numbers >= 0, got {self.thresholds}")
        if len(self.initial) != 2 or not all(-np.inf < low <= high < np.inf for low, high in self.initial):
            raise InputError(
                f"initial weights of both layers are drawn between two numbers, the smaller first, got {self.initial}"
            )
        self._check_rule()
