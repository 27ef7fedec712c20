"""Learning by the exact slopes of spike times (Mostafa 2018) as a scikit-learn classifier."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.estimators.augmentation import AsTheyAre, Augmentation
from spikesight.estimators.learner import check_same_network
from spikesight.estimators.stimuli import checked_labels, checked_stimuli, one_label_each
from spikesight.first_spike import exponential, two_volleys
from spikesight.first_spike.exponential import Crossings
from spikesight.first_spike.health import warn_if_silent
from spikesight.first_spike.learning.adam import Adam
from spikesight.first_spike.learning.mostafa import EarliestWins, Restraint, pull
from spikesight.first_spike.two_volleys import Volleys, volleys
from spikesight.trace.schema import Layer, Projection
from spikesight.trace.watched import NO_ANSWER, Sketch, Watched

THRESHOLD = 1.0
"""Of every neuron: the scale of the weights is free."""

LATEST = 20
"""What is watched ends so many tau after the first spike; later ones, of z above 5e8, are not shown."""

TICKS = 50
"""Per tau, of what is watched."""

PER_ROUND = 5000
ITEMS_AT_ONCE = 500


class Passed(NamedTuple):
    """What a batch did: the answer of the first layer, and the spikes of all others."""

    inputs: Volleys
    first: two_volleys.Answer
    others: tuple[Crossings, ...]

    @property
    def z(self) -> NDArray[Any]:
        """Of the output neurons, (B, classes)."""
        return self.others[-1].z


class Mostafa(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Layers of neurons with exponential currents, each firing once, taught by backpropagation; the first wins.

    A pixel fires at 0 where it is brighter than `level` of the brightest of the training set, else `late` tau
    afterwards: bright is early.
    Parameters: `hidden` layers' neurons; `epochs`, in batches of `batch`; `rate` of Adam, in units of the weights,
    falling evenly on a logarithmic scale to `last_rate` of itself; `mean` and `spread` of the initial weights, a pair
    for each layer: the mean of their sum, and the deviation of the sum under inputs that are all early; `loss`;
    `restraint` of the weights; `augmentation` of the training images, black and white;
    `drop`, the share of hidden neurons that do not take part in a batch's item; `tau` seconds, `seed`; `image_shape`
    (None: square; planes come first where there are several), which only augmentation and pictures need; `frozen`, how
    many layers keep their first weights.

    X is (samples, pixels), numbers >= 0.   Source: Mostafa, IEEE TNNLS 29(7) (2018); Adam in place of plain descent.
    """

    def __init__(
        self,
        hidden: tuple[int, ...] = (800,),
        *,
        epochs: int = 30,
        batch: int = 100,
        rate: float = 3e-3,
        last_rate: float = 0.01,
        level: float = 0.5,
        late: float = math.log(6.0),
        mean: tuple[float, ...] = (40.0, 3.0),
        spread: tuple[float, ...] = (0.3, 0.3),
        loss: EarliestWins = EarliestWins(),  # noqa: B008 (frozen)
        restraint: Restraint = Restraint(),  # noqa: B008 (frozen)
        augmentation: Augmentation = AsTheyAre(),
        drop: float = 0.0,
        tau: float = 10e-3,
        seed: int = 0,
        image_shape: tuple[int, ...] | None = None,
        frozen: int = 0,
    ) -> None:
        self.hidden = hidden
        self.epochs = epochs
        self.batch = batch
        self.rate = rate
        self.last_rate = last_rate
        self.level = level
        self.late = late
        self.mean = mean
        self.spread = spread
        self.loss = loss
        self.restraint = restraint
        self.augmentation = augmentation
        self.drop = drop
        self.tau = tau
        self.seed = seed
        self.image_shape = image_shape
        self.frozen = frozen

    def fit(self, X: ArrayLike, y: ArrayLike, report: Progress = SILENT) -> Self:
        """Learn from X and its labels, telling `report` of every round.

        Errors: InputError on empty, negative, NaN or wrongly shaped X, y of another length, and bad parameters.
        """
        self.begin(X, y)
        for number in range(self.rounds_):
            report.advance(1, **self.round(X, y, number))
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Go on learning from X, once through in the order given, at the full rate.

        `classes` lists all labels, needed in the first call if not all occur in y.   Errors: as `fit`.
        """
        if not hasattr(self, "w_"):
            self.begin(X, y if classes is None else classes)
        stimuli = checked_stimuli(self, X)
        labels = checked_labels(y, len(stimuli), self.classes_)
        random = generator(self.seed, "partial", self.adam_.changes)
        self._teach(self._early(stimuli), labels, random, lambda _: self.rate)
        return self

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Make a fresh, untrained network for images like X and labels like y.   Errors: as `fit`."""
        stimuli = checked_stimuli(self, X, reset=True)
        self.classes_ = np.unique(one_label_each(y))
        self._check()
        self.brightest_ = float(stimuli.max()) or 1.0
        self.samples_ = len(stimuli)
        sizes = (self.n_features_in_, *self.hidden, len(self.classes_))
        self.w_ = [self._drawn(layer, *sizes[layer : layer + 2]) for layer in range(len(sizes) - 1)]
        self.adam_ = Adam(self.w_[self.frozen :])
        return self

    @property
    def rounds_(self) -> int:
        """Rounds of `fit` in all: parts of at most `PER_ROUND` images of each epoch."""
        check_is_fitted(self, "w_")
        return int(self.epochs) * self._parts

    def round(self, X: ArrayLike, y: ArrayLike | None, number: int) -> dict[str, float]:
        """Teach the part `number` of all epochs, each in an order of its own.

        Curves: "loss" of the images whose right neuron fired, "accuracy" before they were learned from, and "hidden
        fired", the share of hidden neurons that fired before the answer.
        """
        stimuli = checked_stimuli(self, X)
        labels = checked_labels(y, len(stimuli), self.classes_)
        epoch, part = divmod(number, self._parts)
        order = generator(self.seed, "order", epoch).permutation(len(stimuli))
        chosen = order[part * len(order) // self._parts : (part + 1) * len(order) // self._parts]
        random = generator(self.seed, "round", number)
        return self._teach(
            self._early(stimuli[chosen]),
            labels[chosen],
            random,
            lambda done: self._rate((number + done) / self.rounds_),
        )

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return minus the times of the output neurons in seconds, (samples, classes): the first has the largest.

        Of two classes, by how much the second neuron fires before the first, (samples,), 0 where neither does.
        """
        times: NDArray[np.float64] = self.tau * np.log(self._outputs(X).astype(np.float64))
        if len(self.classes_) != 2:
            return -times
        both = np.isfinite(times).any(axis=1)
        return np.subtract(times[:, 0], times[:, 1], out=np.zeros(len(times)), where=both)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class whose neuron fires first; the lowest of them where several do, or none."""
        first = self._outputs(X).argmin(axis=1)
        found: NDArray[Any] = self.classes_[first]
        return found

    def strict_score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the accuracy where silence, and a tie between classes, are mistakes.   Errors: as `fit`."""
        z = self._outputs(X)
        labels = checked_labels(y, len(z), self.classes_)
        return float(_alone(z, labels).mean())

    def decision_times(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return when the first output neuron fires, in seconds; NaN where none does."""
        return self._answered(self._outputs(X))

    def watch(self, X: ArrayLike) -> Watched:
        """Return when every neuron fires, and the answer; two classes that come first together are none."""
        check_is_fitted(self, "w_")
        passed = self._pass(self._early(checked_stimuli(self, X)))
        every = [passed.inputs.z(np.float64), passed.first.z, *(one.z for one in passed.others)]
        latencies = {
            layer.name: self._latencies(z.reshape(-1, *layer.shape))
            for layer, z in zip(self.sketch_.layers, every, strict=True)
        }
        out = passed.z
        first = out.argmin(axis=1)
        return Watched(latencies, np.where(_alone(out, first), first, NO_ANSWER), self._answered(out))

    @property
    def sketch_(self) -> Sketch:
        """The network, for the trace."""
        check_is_fitted(self, "w_")
        names = ["input", *(f"hidden{layer + 1}" for layer in range(len(self.hidden))), "out"]
        side = math.isqrt(self.n_features_in_)
        square = (side, side) if side * side == self.n_features_in_ else (self.n_features_in_,)
        shapes = [self.image_shape or square, *((w.shape[1],) for w in self.w_)]
        wired = tuple(
            Projection(f"{pre}_{post}", pre, post, w.shape, float(len(self.classes_)))
            for pre, post, w in zip(names, names[1:], self.w_, strict=False)
        )
        layers = tuple(Layer(name, shape) for name, shape in zip(names, shapes, strict=True))
        return Sketch(layers, wired, LATEST * TICKS + 1, self.tau / TICKS)

    def weights_now(self) -> dict[str, NDArray[Any]]:
        """Return the weights (n_pre, n_post) by projection."""
        return {wired.name: w for wired, w in zip(self.sketch_.projections, self.w_, strict=True)}

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return everything needed to go on exactly from here."""
        check_is_fitted(self, "w_")
        weights = {f"w{layer}": w.copy() for layer, w in enumerate(self.w_)}
        adam = {f"adam.{name}": array for name, array in self.adam_.snapshot().items()}
        return {**weights, **adam, "scale": np.array([self.brightest_, self.samples_], np.float64)}

    def go_on(self, snapshot: Mapping[str, NDArray[Any]], X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Put the network back to where `snapshot` was taken.   Errors: InputError where it is of another network."""
        self.begin(X, y)
        check_same_network(snapshot, self.snapshot())
        self.w_ = [np.array(snapshot[f"w{layer}"]) for layer in range(len(self.w_))]
        self.adam_.go_on({name.removeprefix("adam."): array for name, array in snapshot.items()})
        self.brightest_, self.samples_ = float(snapshot["scale"][0]), int(snapshot["scale"][1])
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags

    def _check(self) -> None:
        """Refuse parameters that make no network.   Errors: InputError naming the first bad one."""
        sizes = self.hidden if isinstance(self.hidden, tuple | list) else ()
        if not sizes or not all(_whole(n) for n in sizes):
            raise InputError(f"hidden is {self.hidden}: the numbers of neurons of one layer or more are needed")
        layers = len(sizes) + 1
        if not len(self.mean) == len(self.spread) == layers:
            raise InputError(f"mean and spread have a number for each of the {layers} layers of weights")
        if not (_whole(self.epochs) and _whole(self.batch)):
            raise InputError(f"epochs and batch are whole numbers >= 1, got {self.epochs} and {self.batch}")
        if not 0 <= self.frozen < layers:
            raise InputError(f"frozen is {self.frozen}: of {layers} layers of weights, one at least must learn")
        positive = (self.rate, self.last_rate, self.late, self.tau)
        if not (all(0 < value < np.inf for value in positive) and 0 <= self.drop < 1):
            raise InputError("rate, last_rate, late and tau are numbers above 0, drop a share from 0 to below 1")
        if not -np.inf < self.level < np.inf:
            raise InputError(f"level is {self.level}: a share of the brightest value is needed")
        needed = self.image_shape is not None or self.augmentation != AsTheyAre()
        if needed and math.prod(self._shape) != self.n_features_in_:
            raise InputError(f"{self.n_features_in_} pixels make no image of {self._shape}: give image_shape")

    @property
    def _shape(self) -> tuple[int, ...]:
        return self.image_shape or (math.isqrt(self.n_features_in_),) * 2

    @property
    def _parts(self) -> int:
        """Rounds in an epoch."""
        return math.ceil(self.samples_ / PER_ROUND)

    def _rate(self, done: float) -> float:
        """Return the rate after a share of all epochs."""
        return float(self.rate * self.last_rate**done)

    def _drawn(self, layer: int, n_pre: int, n_post: int) -> NDArray[np.float32]:
        random = generator(self.seed, "weights", layer)
        w = random.normal(self.mean[layer] / n_pre, self.spread[layer] / math.sqrt(n_pre), (n_pre, n_post))
        return w.astype(np.float32)

    def _early(self, stimuli: NDArray[Any]) -> NDArray[np.bool_]:
        early: NDArray[np.bool_] = stimuli > self.level * self.brightest_
        return early

    def _pass(self, early: NDArray[np.bool_], kept: tuple[NDArray[np.bool_], ...] = ()) -> Passed:
        """Let a batch of inputs through. `kept` (B, n) says of each hidden layer who takes part (nothing: all)."""
        inputs = volleys(early, 1.0, math.exp(self.late))
        first = two_volleys.crossings(inputs, self.w_[0], THRESHOLD)
        others: list[Crossings] = []
        for layer, w in enumerate(self.w_[1:]):
            z = others[-1].z if others else first.z
            if kept:
                z = np.where(kept[layer], z, z.dtype.type(np.inf))
                w = w / w.dtype.type(1 - self.drop)
            others.append(exponential.crossings(z, w, THRESHOLD))
        return Passed(inputs, first, tuple(others))

    def _teach(
        self, early: NDArray[np.bool_], labels: NDArray[np.int64], random: np.random.Generator, rate: Any
    ) -> dict[str, float]:
        """Learn from images in batches; `rate(share)` tells how fast after a share of them. Returns the curves."""
        losses, right, fired = [], 0, []
        for at in range(0, len(early), self.batch):
            chosen = slice(at, at + self.batch)
            seen = self._augmented(early[chosen], random)
            passed, slopes, loss = self._slopes(seen, labels[chosen], random)
            learning = self.w_[self.frozen :]
            restrained = [self.restraint.restrained(s, w, THRESHOLD) for s, w in zip(slopes, learning, strict=True)]
            self.adam_.change(learning, restrained, rate(at / len(early)), [1.0] * len(learning))
            losses.append(loss[np.isfinite(loss)])
            right += int((passed.z.argmin(axis=1) == labels[chosen]).sum())
            fired.append((passed.first.z < passed.z.min(axis=1, keepdims=True)).mean())
        self._warn_if_silent(passed)
        known = np.concatenate(losses)
        return {
            "loss": float(known.mean()) if len(known) else 0.0,
            "accuracy": right / len(early),
            "hidden fired": float(np.mean(fired)),
            "images": float(len(early)),
        }

    def _warn_if_silent(self, passed: Passed) -> None:
        """Name the first layer of which no neuron fired for any item of a batch, if any."""
        every = passed.first.z, *(one.z for one in passed.others)
        for layer, z in zip(self.sketch_.layers[1:], every, strict=True):
            if warn_if_silent(layer.name, Latencies(z), THRESHOLD):
                break

    def _augmented(self, early: NDArray[np.bool_], random: np.random.Generator) -> NDArray[np.bool_]:
        if self.augmentation == AsTheyAre():  # of inputs that may be no image
            return early
        return self.augmentation(early.reshape(-1, *self._shape), random).reshape(early.shape)

    def _slopes(
        self, early: NDArray[np.bool_], labels: NDArray[np.int64], random: np.random.Generator
    ) -> tuple[Passed, list[NDArray[Any]], NDArray[Any]]:
        """Return what a batch did, the slopes of the mean loss along the weights that learn, and the loss of items."""
        drop = self.drop
        kept = tuple(random.random((len(early), n)) >= drop for n in self.hidden) if drop else ()
        passed = self._pass(early, kept)
        loss, blame = self.loss(passed.z, labels)
        blame /= blame.dtype.type(len(early))
        slopes: list[NDArray[Any]] = []
        for layer in range(len(self.w_) - 1, max(self.frozen, 1) - 1, -1):
            z = passed.others[layer - 2].z if layer > 1 else passed.first.z
            w, grown = self.w_[layer], 1.0
            if kept:
                z, grown = np.where(kept[layer - 1], z, z.dtype.type(np.inf)), 1.0 / (1.0 - drop)
                w = w / w.dtype.type(1 - drop)
            told = pull(blame, z, w, passed.others[layer - 1])
            slopes.insert(0, told.to_w * told.to_w.dtype.type(grown))
            blame = told.to_z
        if not self.frozen:
            slopes.insert(0, two_volleys.pull_weights(passed.inputs, passed.first, blame))
        return passed, slopes, loss

    def _outputs(self, X: ArrayLike) -> NDArray[Any]:
        """Return z of the output neurons, (samples, classes)."""
        check_is_fitted(self, "w_")
        early = self._early(checked_stimuli(self, X))
        return np.concatenate(
            [self._pass(early[at : at + ITEMS_AT_ONCE]).z for at in range(0, len(early), ITEMS_AT_ONCE)]
        )

    def _latencies(self, z: NDArray[Any]) -> Latencies:
        """Return times in seconds; what comes later than is watched never came."""
        times = self.tau * np.log(z.astype(np.float64))
        return Latencies(np.where(times <= LATEST * self.tau, times, np.inf))

    def _answered(self, out: NDArray[Any]) -> NDArray[np.float64]:
        first = out.min(axis=1).astype(np.float64)
        return np.where(np.isfinite(first), self.tau * np.log(first), np.nan)


def _whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and bool(value >= 1)


def _alone(z: NDArray[Any], chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether the output neuron `chosen` (B,) fires, and before every other; z (B, classes)."""
    rows = np.arange(len(z))
    rivals = np.array(z)
    rivals[rows, chosen] = np.inf
    alone: NDArray[np.bool_] = z[rows, chosen] < rivals.min(axis=1)
    return alone
