"""A deep spiking network as a scikit-learn classifier that learns in rounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.randomness import generator
from spikesight.deep.losses import Activity, CrossEntropy, Loss
from spikesight.deep.sketch import sketch, weights
from spikesight.deep.training.optimisers import AdamW, Optimiser
from spikesight.deep.training.precision import AsParameters, Precision
from spikesight.deep.training.schedules import Constant, Cosine, Schedule
from spikesight.deep.training.trainer import Trainer
from spikesight.deep.watching import watch
from spikesight.estimators.augmentation import AsTheyAre, Augmentation
from spikesight.estimators.learner import check_same_network
from spikesight.estimators.preparation import Preparation
from spikesight.estimators.stimuli import checked_labels, checked_stimuli, one_label_each
from spikesight.trace.activity import Activity as Shown
from spikesight.trace.activity import Graded, Trains
from spikesight.trace.watched import NO_ANSWER, Sketch, Watched, unanswered

AT_ONCE = 100
"""Items in a batch that is only answered. Smaller ones are filled up: a library of matrix products may choose another
order of its sums for another size, and a spike can hang on the last bit.
"""


class Architecture(Protocol):
    """What a network looks like, without its weights."""

    def build(self, shape: tuple[int, ...], classes: int) -> nn.Module:
        """Return a fresh network for items of `shape`, with outputs (T, B, classes)."""


class DeepClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A network of `architecture` trained by gradients to name classes.

    `prepare` makes its input of rows of numbers; `loss` is what it learns by, and how it answers; `epochs` over the
    training set in batches of `batch`; `optimiser` and `schedule`; `augmentation` of training images; `clip`, the
    largest norm of the gradient; `activity`, a cost of spikes; `per_round` training items make a round; `seed`;
    `precision` and `average` are the trainer's. With an `average`, the network answers by it.

    X is (samples, features), numbers >= 0.
    """

    def __init__(
        self,
        architecture: Architecture,
        prepare: Preparation,
        *,
        loss: Loss = CrossEntropy(),
        epochs: int = 10,
        batch: int = 100,
        optimiser: Optimiser = AdamW(),
        schedule: Schedule = Cosine(),
        augmentation: Augmentation = AsTheyAre(),
        clip: float | None = None,
        activity: Activity | None = None,
        per_round: int = 5000,
        seed: int = 0,
        precision: Precision = AsParameters(),
        average: float | None = None,
    ) -> None:
        self.architecture = architecture
        self.prepare = prepare
        self.loss = loss
        self.epochs = epochs
        self.batch = batch
        self.optimiser = optimiser
        self.schedule = schedule
        self.augmentation = augmentation
        self.clip = clip
        self.activity = activity
        self.per_round = per_round
        self.seed = seed
        self.precision = precision
        self.average = average

    def fit(self, X: ArrayLike, y: ArrayLike, report: Progress = SILENT) -> Self:
        """Learn from X and its labels, telling `report` of every round.   Errors: as `begin`."""
        self.begin(X, y)
        for number in range(self.rounds_):
            report.advance(1, **self.round(X, y, number))
        return self

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Make a fresh, untrained network for items like X and labels like y.

        Errors: InputError on empty, negative, NaN or wrongly shaped X, y of another length, and bad parameters.
        """
        self._check()
        stimuli = checked_stimuli(self, X, reset=True)
        if len(stimuli) < 2:
            raise InputError("X has 1 sample: a network is trained on two at least, of two classes better")
        self.classes_ = np.unique(one_label_each(y))
        self.largest_ = float(stimuli.max()) or 1.0
        self.samples_ = len(stimuli)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(generator(self.seed, "weights").integers(2**62)))
            self.net_ = self.architecture.build(self.prepare.shape, len(self.classes_))
        self.trainer_ = Trainer(
            self.net_,
            self.loss,
            self.epochs * self._batches_in_epoch,
            optimiser=self.optimiser,
            schedule=self.schedule,
            clip=self.clip,
            precision=self.precision,
            average=self.average,
            activity=self.activity,
            seed=self.seed,
        )
        return self

    @property
    def rounds_(self) -> int:
        """Rounds in all."""
        return self.epochs * self._rounds_in_epoch

    def round(self, X: ArrayLike, y: ArrayLike | None, number: int) -> Mapping[str, float]:
        """Do round `number`, from 0; see `Learner`."""
        stimuli = checked_stimuli(self, X)
        labels = checked_labels(y, len(stimuli), self.classes_)
        epoch, part = divmod(number, self._rounds_in_epoch)
        order = generator(self.seed, "order", epoch).permutation(len(stimuli))
        batches = self._batches(order)
        first = part * self._batches_in_round
        last = min(first + self._batches_in_round, len(batches))
        randoms = (generator(self.seed, "augmentation", epoch, k) for k in range(first, last))
        return self._teach(stimuli, labels, batches[first:last], randoms)

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Go on learning from X, once through in the order given, at the full rate.

        `classes` lists all labels, needed in the first call if not all occur in y.   Errors: as `begin`.
        """
        if not hasattr(self, "net_"):
            self.begin(X, y if classes is None else classes)
        stimuli = checked_stimuli(self, X)
        labels = checked_labels(y, len(stimuli), self.classes_)
        self.trainer_.schedule = Constant()
        batches = self._batches(np.arange(len(stimuli)))
        done = self.trainer_.done
        randoms = (generator(self.seed, "partial", done + k) for k in range(len(batches)))
        self._teach(stimuli, labels, batches, randoms)
        return self

    def scores(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the scores of each class, (samples, classes).   Errors: NotFittedError, InputError."""
        check_is_fitted(self, "net_")
        stimuli = checked_stimuli(self, X)
        with self.trainer_.averaged():
            return np.concatenate([self._scored(part) for part in _parts(stimuli)])

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the softmax of the scores, (samples, classes). Nobody has checked how often it is right."""
        scores = self.scores(X).astype(np.float64)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return shares

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class of each item; where two have the largest score, the first of them."""
        best = self.scores(X).argmax(axis=1)
        named: NDArray[Any] = self.classes_[best]
        return named

    def strict_score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the share of items that are named right; equal largest scores are a mistake."""
        scores = self.scores(X)
        answer = _answers(scores)
        return float(np.mean(answer == checked_labels(y, len(scores), self.classes_)))

    def watch(self, X: ArrayLike) -> Watched:
        """Return what every layer of neurons does with X, learning off, between the input and the output.

        When an answer is given is not said: scores are made of all steps.   Errors: as `scores`.
        """
        check_is_fitted(self, "net_")
        stimuli = checked_stimuli(self, X)
        with self.trainer_.averaged():
            seen = [watch(self.net_, self._filled(part)) for part in _parts(stimuli)]
        answer = np.concatenate([_answers(self.loss.readout(one.output).numpy()) for one in seen])[: len(stimuli)]
        layers = {name: _joined([one.layers[name] for one in seen], len(stimuli)) for name in seen[0].layers}
        return Watched(layers, **unanswered(len(answer)) | {"answer": answer})

    @property
    def sketch_(self) -> Sketch:
        """The network, for the trace."""
        nothing = np.zeros((1, self.n_features_in_), np.float32)
        return sketch(self.net_, self._input(nothing))

    def weights_now(self) -> Mapping[str, NDArray[Any]]:
        """Return the weights of each projection of the sketch, by which it answers: averages where they are kept."""
        with self.trainer_.averaged():
            return weights(self.net_, self.sketch_)

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return everything needed to go on exactly from here."""
        return {**self.trainer_.snapshot(), "classes": self.classes_, "largest": np.array(self.largest_)}

    def go_on(self, snapshot: Mapping[str, NDArray[Any]], X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Put the network back to where `snapshot` was taken.   Errors: InputError where it is of another network."""
        self.begin(X, y)
        own = {name: array for name, array in self.snapshot().items() if name.startswith(("net.", "classes"))}
        check_same_network(snapshot, own)
        self.largest_ = float(snapshot["largest"])
        self.trainer_.restore(snapshot)
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags

    def _check(self) -> None:
        """Refuse parameters with which nothing can be trained.   Errors: InputError naming the first bad one."""
        for name in ("epochs", "batch", "per_round"):
            value = getattr(self, name)
            if not isinstance(value, int | np.integer) or value < 1:
                raise InputError(f"{name} is a whole number from 1 on, got {value!r}")
        if self.clip is not None and not self.clip > 0:
            raise InputError(f"clip is the largest norm of the gradient, above 0, or None; got {self.clip!r}")

    def _batches(self, order: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Return the items in batches; one that would be alone in the last goes with those before.

        A batch normalisation has no statistics of one.
        """
        return np.split(order, range(self.batch, max(len(order) - 1, 1), self.batch))

    def _teach(
        self,
        stimuli: NDArray[Any],
        labels: NDArray[np.int64],
        batches: Sequence[NDArray[np.int64]],
        randoms: Iterable[np.random.Generator],
    ) -> dict[str, float]:
        """Learn from batches of places, each augmented by its own generator. Returns the curves."""
        losses, right, seen = 0.0, 0, 0
        for chosen, random in zip(batches, randoms, strict=True):
            given = torch.from_numpy(labels[chosen])
            loss, scores = self.trainer_.step(self._input(self._augmented(stimuli[chosen], random)), given)
            losses, seen = losses + loss * len(chosen), seen + len(chosen)
            right += int((scores.argmax(1) == given).sum())
        return {"loss": losses / seen, "accuracy": right / seen, "images": seen}

    @property
    def _batches_in_epoch(self) -> int:
        return max(1, -(-(self.samples_ - 1) // self.batch))

    @property
    def _batches_in_round(self) -> int:
        return max(1, self.per_round // self.batch)

    @property
    def _rounds_in_epoch(self) -> int:
        return -(-self._batches_in_epoch // self._batches_in_round)

    def _input(self, X: NDArray[Any]) -> Tensor:
        return self.prepare(X, self.largest_)

    def _augmented(self, X: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
        if isinstance(self.augmentation, AsTheyAre):
            return X
        rows, columns = self.prepare.shape[-2:]
        images = X.reshape(len(X), -1, rows, columns)
        return self.augmentation(images, random).reshape(X.shape)

    def _scored(self, X: NDArray[Any]) -> NDArray[np.float32]:
        self.net_.eval()
        with torch.no_grad():
            scores: NDArray[np.float32] = self.loss.readout(self.net_(self._filled(X)).float()).numpy()
        return scores[: len(X)]

    def _filled(self, X: NDArray[Any]) -> Tensor:
        """Return the input of the network for up to `AT_ONCE` items, filled up with nothing to as many."""
        return self._input(np.concatenate([X, np.zeros((AT_ONCE - len(X), X.shape[1]), X.dtype)]))


def _parts(X: NDArray[Any]) -> list[NDArray[Any]]:
    return np.split(X, range(AT_ONCE, len(X), AT_ONCE))


def _joined(parts: Sequence[Shown], items: int) -> Shown:
    """Return what a layer did with the first `items`, which it was shown in parts."""
    first = parts[0]
    if isinstance(first, Graded):
        numbers = [part.numbers for part in parts if isinstance(part, Graded)]
        return replace(first, numbers=np.concatenate(numbers, axis=1)[:, :items])
    return Trains(np.concatenate([part.spikes for part in parts if isinstance(part, Trains)], axis=1)[:, :items])


def _answers(scores: NDArray[Any]) -> NDArray[np.int64]:
    """Return the position of the largest score of each row, or `NO_ANSWER` where there are two."""
    best = scores == scores.max(axis=1, keepdims=True)
    answers: NDArray[np.int64] = np.where(best.sum(axis=1) == 1, best.argmax(axis=1), NO_ANSWER)
    return answers
