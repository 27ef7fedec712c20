"""Networks of ramps taught by displacing spikes in time (STiDi-BP), dense or convolutional, as a classifier."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.latency import LinearSteps
from spikesight.estimators.augmentation import AsTheyAre, Augmentation
from spikesight.estimators.stimuli import checked_labels, checked_stimuli, one_label_each
from spikesight.first_spike import ramp_watching
from spikesight.first_spike.health import warn_if_silent
from spikesight.first_spike.learning.adam import Adam
from spikesight.first_spike.learning.ramp_gradient import RampGradient
from spikesight.first_spike.learning.ramp_rule import RampRule
from spikesight.first_spike.learning.softmax_of_times import Judge, SoftmaxOfTimes
from spikesight.first_spike.learning.weight_form import Real, WeightForm
from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_beginning import Beginning, wake
from spikesight.first_spike.ramp_layers import Crossed, RampConvolution, RampDense, RampLayer, Steps
from spikesight.first_spike.ramp_network import RampNetwork, strictly_first
from spikesight.trace.watched import NO_ANSWER, Sketch, Watched

AT_ONCE = 64
"""Images that are computed together where nothing is learned."""

SAMPLE = 200
"""Training images by which the size of the first weights is chosen."""

WARMING = 100
"""Batches in which the rate rises from 0: Adam knows little of the gradients' size at first."""


class STiDiBP(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A network whose neurons fire once, with ramps as postsynaptic potentials; the first output neuron is the answer.

    Parameters: `layers` before the output, first convolutions, then dense ones; `ramp` of all neurons, in steps;
    `steps` of the time grid; `encoder` from images (B, H, W) to first spikes in no more steps; `rule` by which errors
    of spike times change weights and go down; `judge` of the output's times; `beginning` of the weights, and the
    `form` in which they are used, real or signs; `rate` of learning, relative to the size of a layer's weights, which
    falls along half a cosine to 0 at the end of `passes` through X; `batch` images between two changes; `augmentation`
    of training images; `frozen`, how many of the first layers stay as they begin; `image_shape` rows and columns (None
    = square); `per_round` images of a round; `seed`.

    X is (samples, pixels), numbers >= 0 on the scale that the encoder expects (0 to 255). Output neurons are told apart
    by when exactly between two steps their potentials cross the threshold. Where none does, the largest potential
    answers. What is learned does not depend on the number of cores.

    Source: Mirsadeghi et al., Neurocomputing 427 (2021) 131-140, and Neural Comput. Appl. (2023), with `rule=StidiBp()`
    and `judge=RelativeTargets()`; the default rule is the exact gradient of spike times.
    """

    def __init__(
        self,
        layers: Sequence[RampLayer] = (RampDense(200),),
        *,
        ramp: Ramp = Ramp(64),  # noqa: B008 (frozen)
        steps: int = 64,
        encoder: Callable[[Any], Latencies] = LinearSteps(32, 255.0),  # noqa: B008 (frozen)
        rule: RampRule = RampGradient(),  # noqa: B008 (frozen)
        judge: Judge = SoftmaxOfTimes(),  # noqa: B008 (frozen)
        beginning: Beginning = Beginning(),  # noqa: B008 (frozen)
        form: WeightForm = Real(),  # noqa: B008 (frozen)
        rate: float = 0.03,
        passes: int = 10,
        batch: int = 16,
        augmentation: Augmentation = AsTheyAre(),
        frozen: int = 0,
        image_shape: tuple[int, int] | None = None,
        per_round: int = 2000,
        seed: int = 0,
    ) -> None:
        self.layers = layers
        self.ramp = ramp
        self.steps = steps
        self.encoder = encoder
        self.rule = rule
        self.judge = judge
        self.beginning = beginning
        self.form = form
        self.rate = rate
        self.passes = passes
        self.batch = batch
        self.augmentation = augmentation
        self.frozen = frozen
        self.image_shape = image_shape
        self.per_round = per_round
        self.seed = seed

    def fit(self, X: ArrayLike, y: ArrayLike, report: Progress = SILENT) -> Self:
        """Learn from X, `passes` times, telling `report` of every round.

        Errors: InputError on empty, negative, NaN or wrongly shaped X, or y of another length.
        """
        self.begin(X, y)
        for number in range(self.rounds_):
            report.advance(1, **self.round(X, y, number))
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Learn from X once, in the order given and at the full rate.

        `classes` lists all labels, needed in the first call if not all occur in y.   Errors: as `fit`.
        """
        if not hasattr(self, "weights_"):
            self.begin(X, y if classes is None else classes)
        images, labels = self._images(X), checked_labels(y, len(np.asarray(X)), self.classes_)
        random = generator(self.seed, "augmentation", self.rounds_, self.adam_.changes)
        self._learn(images, labels, random, self.rate)
        return self

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Make a fresh, untrained network for images like X and labels like y.   Errors: as `fit`."""
        checked = checked_stimuli(self, X, reset=True)
        self._check()
        self.classes_ = np.unique(one_label_each(y))
        if len(self.classes_) < 2:
            raise InputError(f"y holds one class only, {self.classes_.tolist()}: a classifier needs two at least")
        self.shape_ = self.image_shape or (math.isqrt(self.n_features_in_),) * 2
        if math.prod(self.shape_) != self.n_features_in_:
            if self.image_shape or any(isinstance(layer, RampConvolution) for layer in self.layers):
                raise InputError(
                    f"X has {self.n_features_in_} pixels, which make no image of {self.shape_[0]} x {self.shape_[1]}: "
                    "give image_shape=(rows, columns)"
                )
            self.shape_ = (1, self.n_features_in_)
        self.images_ = len(checked)
        sample = self._times(self._images(checked[:SAMPLE]))
        layers = (*self.layers, RampDense(len(self.classes_)))
        self.network_ = RampNetwork(layers, self.ramp, sample.shape[1:], self.steps, form=self.form)
        self.weights_ = self.beginning.weights(self.network_, sample, self.seed)
        self.adam_ = Adam(self.weights_[self.frozen :])
        return self

    @property
    def rounds_(self) -> int:
        """Rounds of `fit`."""
        check_is_fitted(self, "weights_")
        return self.passes * self._rounds_a_pass

    @property
    def _rounds_a_pass(self) -> int:
        return math.ceil(self.images_ / self.per_round)

    def round(self, X: ArrayLike, y: ArrayLike | None, number: int) -> dict[str, float]:
        """Learn from the next images in the order of this pass, which is drawn by `seed`.

        Curves: "accuracy" of the answers before they are corrected, ties being mistakes; "loss", the mean; "silent" of
        each layer, the share of its neurons or maps that fired for none of the images. Those are woken.
        """
        passed, within = divmod(number, self._rounds_a_pass)
        order = generator(self.seed, "order", passed).permutation(self.images_)
        places = order[within * self.per_round : (within + 1) * self.per_round]
        labels = checked_labels(y, len(np.asarray(X)), self.classes_)[places]
        images = self._images(np.asarray(X)[places])
        whole = self.passes * math.ceil(self.images_ / self.batch)
        left = 0.5 * (1.0 + math.cos(math.pi * min(1.0, self.adam_.changes / whole)))
        random = generator(self.seed, "augmentation", number)
        told, fired = self._learn(images, labels, random, self.rate * left)
        for rows, counts in zip(self.weights_[self.frozen : -1], fired[self.frozen : -1], strict=True):
            wake(rows, counts, left)
        return told

    def _learn(
        self, images: NDArray[Any], labels: NDArray[np.int64], random: np.random.Generator, rate: float
    ) -> tuple[dict[str, float], list[NDArray[np.int64]]]:
        """Learn from images in their order; return points of curves, and how often neurons or maps fired."""
        loss, right, fired = 0.0, 0, [np.zeros(len(rows), np.int64) for rows in self.weights_]
        times = self._times(self.augmentation(images, random))
        for part in _parts(len(times), self.batch):
            taught = self.network_.lesson(self.weights_, times[part], labels[part], self.rule, self.judge, self.frozen)
            gradients = [one / np.float32(part.stop - part.start) for one in taught.gradients]
            warm = min(1.0, (self.adam_.changes + 1) / WARMING)
            self.adam_.change(self.weights_[self.frozen :], gradients, rate * warm)
            loss, right = loss + taught.loss, right + taught.right
            fired = [total + more for total, more in zip(fired, taught.fired, strict=True)]
        names, items = ramp_watching.names(self.network_.layers), len(images)
        for name, counts in zip(names, fired, strict=True):
            warn_if_silent(name, Latencies(np.where(counts > 0, 0, 1)[None], 1), self.ramp.threshold)
        curves = {"accuracy": right / items, "loss": loss / items, "images": float(items)}
        for name, counts in zip(names, fired, strict=True):
            curves[f"silent {name}"] = float((counts == 0).mean())
        return curves, fired

    def answer_times(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the times of the output neurons, (samples, classes), in steps; see `RampNetwork.answers`."""
        times = [self.network_.answers(layers[-1]).times for layers in self._fired(X)]
        return np.concatenate(times).astype(np.float64)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class of the output neuron that fires first."""
        check_is_fitted(self, "weights_")
        predicted: NDArray[Any] = self.classes_[self.answer_times(X).argmin(axis=1)]
        return predicted

    def strict_score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the share of samples whose neuron fires before every other: a tie counts as a mistake."""
        check_is_fitted(self, "weights_")
        labels = checked_labels(y, len(np.asarray(X)), self.classes_)
        return float(strictly_first(self.answer_times(X), labels).mean())

    def decision_times(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return when the first output neuron fires, (samples,), in steps; NaN where none does."""
        return np.concatenate([_first(layers[-1]) for layers in self._fired(X)])

    def watch(self, X: ArrayLike) -> Watched:
        """See `Learner`. Two neurons that come first together are no answer."""
        check_is_fitted(self, "weights_")
        seen = [ramp_watching.watched(self.network_, self.weights_, times) for times in self._batches(X)]
        latencies = {name: Latencies(np.concatenate([one[name].times for one in seen]), self.steps) for name in seen[0]}
        times = self.answer_times(X)
        first = times.argmin(axis=1)
        return Watched(latencies, np.where(strictly_first(times, first), first, NO_ANSWER), self.decision_times(X))

    @property
    def sketch_(self) -> Sketch:
        """See `Learner`."""
        check_is_fitted(self, "weights_")
        return ramp_watching.sketch(self.network_)

    def weights_now(self) -> dict[str, NDArray[Any]]:
        """See `Learner`."""
        return ramp_watching.weights(self.network_, self.weights_)

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """See `Learner`."""
        weights = {f"w{number}": rows.copy() for number, rows in enumerate(self.weights_)}
        return {**weights, **{f"adam.{name}": values for name, values in self.adam_.snapshot().items()}}

    def go_on(self, snapshot: Mapping[str, NDArray[Any]], X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """See `Learner`."""
        self.begin(X, y)
        fresh = self.snapshot()
        wrong = [name for name, values in fresh.items() if name not in snapshot or snapshot[name].shape != values.shape]
        if wrong or set(snapshot) != set(fresh):
            raise InputError(f"the snapshot is of another network: compare {', '.join(wrong) or 'its layers'}")
        self.weights_ = [np.array(snapshot[f"w{number}"]) for number in range(len(self.weights_))]
        self.adam_.go_on({name[5:]: values for name, values in snapshot.items() if name.startswith("adam.")})
        return self

    def _images(self, X: ArrayLike) -> NDArray[Any]:
        return checked_stimuli(self, X).reshape(-1, *self.shape_)

    def _times(self, images: NDArray[Any]) -> Steps:
        """Return when inputs fire, (B, rows, columns, maps) in int32."""
        encoded = self.encoder(images)
        if encoded.in_steps > self.steps:
            raise InputError(f"the encoder has {encoded.in_steps} steps, the network {self.steps}: give it as many")
        times = encoded.times.astype(np.int32)
        times[~encoded.fired] = self.steps
        return np.ascontiguousarray(times[..., None] if times.ndim == 3 else np.moveaxis(times, 1, -1))

    def _batches(self, X: ArrayLike) -> Iterator[Steps]:
        images = self._images(X)
        return (self._times(images[part]) for part in _parts(len(images), AT_ONCE))

    def _fired(self, X: ArrayLike) -> Iterator[list[Crossed]]:
        check_is_fitted(self, "weights_")
        laid_out = self.network_.laid_out(self.weights_)
        return (self.network_.fire(laid_out, times) for times in self._batches(X))

    def _check(self) -> None:
        for name in ("steps", "passes", "batch", "per_round"):
            value = getattr(self, name)
            if not isinstance(value, int | np.integer) or value < 1:
                raise InputError(f"{name} is {value!r}: a whole number >= 1 is needed")
        if not 0 <= self.frozen <= len(self.layers):
            raise InputError(f"frozen is {self.frozen}: of {len(self.layers)} layers before the output 0 to all can be")
        if not 0.0 < self.rate < np.inf:
            raise InputError(f"rate is {self.rate}: a positive number is needed")
        if self.ramp.tau != int(self.ramp.tau):
            raise InputError(f"on a grid of steps a ramp lasts a whole number of them, got tau {self.ramp.tau}")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags


def _parts(items: int, size: int) -> Iterator[slice]:
    return (slice(first, min(first + size, items)) for first in range(0, items, size))


def _first(output: Crossed) -> NDArray[np.float64]:
    first = output.times.min(axis=1).astype(np.float64)
    return np.where(np.isfinite(first), first, np.nan)
