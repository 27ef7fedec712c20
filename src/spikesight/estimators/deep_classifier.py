"""A deep spiking network as a scikit-learn classifier that learns in rounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted
from torch import Tensor, nn

from spikesight.base.progress import SILENT, Progress
from spikesight.base.randomness import generator
from spikesight.deep.losses import Activity, CrossEntropy, Loss
from spikesight.deep.sketch import sketch, weights
from spikesight.deep.training.optimisers import AdamW, Optimiser
from spikesight.deep.training.schedules import Cosine, Schedule
from spikesight.deep.training.trainer import Trainer
from spikesight.deep.watching import watch
from spikesight.estimators.augmentation import AsTheyAre, Augmentation
from spikesight.estimators.learner import check_same_network
from spikesight.estimators.preparation import Preparation
from spikesight.estimators.stimuli import checked_labels, checked_stimuli, one_label_each
from spikesight.trace.watched import NO_ANSWER, Sketch, Watched, unanswered

AT_ONCE = 200
"""Items in a batch that is only answered."""


class Architecture(Protocol):
    """What a network looks like, without its weights."""

    def build(self, shape: tuple[int, ...], classes: int) -> nn.Module:
        """Return a fresh network for items of `shape`, with outputs (T, B, classes)."""


class DeepClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A network of `architecture` trained by gradients to name classes.

    `prepare` makes its input of rows of numbers; `loss` is what it learns by, and how it answers; `epochs` over the
    training set in batches of `batch`; `optimiser` and `schedule`; `augmentation` of training images; `clip`, the
    largest norm of the gradient; `activity`, a cost of spikes; `per_round` training items make a round; `seed`.

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

    def fit(self, X: ArrayLike, y: ArrayLike, report: Progress = SILENT) -> Self:
        """Learn from X and its labels, telling `report` of every round.   Errors: as `begin`."""
        self.begin(X, y)
        for number in range(self.rounds_):
            report.advance(1, **self.round(X, y, number))
        return self

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Make a fresh, untrained network for items like X and labels like y.

        Errors: InputError on empty, negative, NaN or wrongly shaped X, and y of another length.
        """
        stimuli = checked_stimuli(self, X, reset=True)
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
        batches = [order[k * self.batch : (k + 1) * self.batch] for k in range(self._batches_in_epoch)]
        losses, right, seen = 0.0, 0, 0
        for k in range(part * self._batches_in_round, min((part + 1) * self._batches_in_round, len(batches))):
            chosen = batches[k]
            given = torch.from_numpy(labels[chosen])
            random = generator(self.seed, "augmentation", epoch, k)
            loss, scores = self.trainer_.step(self._input(self._augmented(stimuli[chosen], random)), given)
            losses, seen = losses + loss * len(chosen), seen + len(chosen)
            right += int((scores.argmax(1) == given).sum())
        return {"loss": losses / seen, "accuracy": right / seen, "images": seen}

    def scores(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the scores of each class, (samples, classes).   Errors: NotFittedError, InputError."""
        check_is_fitted(self, "net_")
        stimuli = checked_stimuli(self, X)
        parts = np.array_split(stimuli, max(1, -(-len(stimuli) // AT_ONCE)))
        return np.concatenate([self.loss.readout(self._outputs(part)).numpy() for part in parts])

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class of each item; where two have the largest score, the first of them."""
        named: NDArray[Any] = self.classes_[self.scores(X).argmax(axis=1)]
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
        seen = watch(self.net_, self._input(checked_stimuli(self, X)))
        answer = _answers(self.loss.readout(seen.output).numpy())
        return Watched(seen.layers, **unanswered(len(answer)) | {"answer": answer})

    @property
    def sketch_(self) -> Sketch:
        """The network, for the trace."""
        nothing = np.zeros((1, self.n_features_in_), np.float32)
        return sketch(self.net_, self._input(nothing))

    def weights_now(self) -> Mapping[str, NDArray[Any]]:
        """Return the weights of each projection of the sketch."""
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

    @property
    def _batches_in_epoch(self) -> int:
        return -(-self.samples_ // self.batch)

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

    def _outputs(self, X: NDArray[Any]) -> Tensor:
        self.net_.eval()
        with torch.inference_mode():
            outputs: Tensor = self.net_(self._input(X))
        return outputs


def _answers(scores: NDArray[Any]) -> NDArray[np.int64]:
    """Return the position of the largest score of each row, or `NO_ANSWER` where there are two."""
    best = scores == scores.max(axis=1, keepdims=True)
    answers: NDArray[np.int64] = np.where(best.sum(axis=1) == 1, best.argmax(axis=1), NO_ANSWER)
    return answers
