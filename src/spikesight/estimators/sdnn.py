"""Features learned without labels by a deep network of first spikes and STDP, as a scikit-learn transformer."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.on_off import OnOff
from spikesight.estimators.learner import check_same_network
from spikesight.estimators.stimuli import checked_stimuli, rows_and_columns
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike.features import Features, FinalPotentials, joined
from spikesight.first_spike.health import SilentLayer
from spikesight.first_spike.learning.stdp import convergence
from spikesight.first_spike.stage import Stage
from spikesight.first_spike.staged import pooled, sketched
from spikesight.first_spike.stdp_training import train
from spikesight.trace.schema import Layer
from spikesight.trace.watched import Sketch, Watched, unanswered
from spikesight.zoo import kheradpisheh

BATCH = 256
"""Images that are computed together: their potentials lie in memory at once."""


class SDNN(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Stages of convolutions that learn by STDP, one after the other; `transform` gives features for a classifier.

    Parameters: `stages`, of which names differ; `encoder` from images (B, H, W) to first spikes (B, C, H, W);
    `features` of the last stage; `image_shape` rows and columns (None = square); `per_round` images between two looks
    at how far a stage has converged; `seed`; `executor`.

    X is (samples, pixels), numbers >= 0 on the scale that the encoder's threshold expects (0 to 255). Labels are not
    used. Each stage learns until it has converged (`Stage.converged`) or has seen `Stage.images` images, in an order
    drawn by `seed`, as often through X as that takes.

    Source: Kheradpisheh, Ganjtabesh, Thorpe & Masquelier, Neural Networks 99 (2018) 56-67.
    """

    def __init__(
        self,
        stages: Sequence[Stage] = kheradpisheh.digits(),
        *,
        encoder: Callable[[Any], Latencies] = OnOff(),  # noqa: B008 (frozen)
        features: Features = FinalPotentials(4),  # noqa: B008 (frozen)
        image_shape: tuple[int, int] | None = None,
        per_round: int = 1000,
        seed: int = 0,
        executor: Executor = FusedCpu(),  # noqa: B008 (frozen)
    ) -> None:
        self.stages = stages
        self.encoder = encoder
        self.features = features
        self.image_shape = image_shape
        self.per_round = per_round
        self.seed = seed
        self.executor = executor

    def fit(self, X: ArrayLike, y: ArrayLike | None = None, report: Progress = SILENT) -> Self:
        """Learn from X, stage after stage, telling `report` of every round. `y` is not used.

        Errors: InputError on empty, negative, NaN or wrongly shaped X, and for stages that do not fit one another.
        """
        self.begin(X, y)
        done = 0
        while done < self.rounds_:
            report.advance(1, **self.round(X, y, done))
            done += 1
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Let the first stage that has not finished learn from X once, in the order given.   Errors: as `fit`."""
        if not hasattr(self, "weights_"):
            self.begin(X, y)
        number = self._current
        if number < len(self.stages):
            self._learn(number, self._images(X))
        return self

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Make a fresh, untrained network for images like X.   Errors: as `fit`."""
        checked_stimuli(self, X, reset=True)
        self._check()
        self.shape_ = rows_and_columns(self.n_features_in_, self.image_shape)
        self.input_ = self.encoder(np.zeros((1, *self.shape_), np.uint8))
        shape, self.weights_ = self.input_.shape, []
        for number, stage in enumerate(self.stages):
            self.weights_.append(stage.fresh(shape, self.seed, number))
            given, shape = shape, stage.shape(shape)
        silence = Latencies(np.full((1, *given), self.input_.in_steps), self.input_.steps)
        self.features(self.stages[-1], self.weights_[-1], silence, self.executor)  # refuses now, not after learning
        self.learned_ = np.zeros(len(self.stages), np.int64)
        self.done_ = np.zeros(len(self.stages), np.int64)
        self.wins_ = [np.zeros(stage.convolution.maps, np.int64) for stage in self.stages]
        return self

    @property
    def rounds_(self) -> int:
        """Rounds of `fit` in all; fewer once a stage has converged before it has seen all its images."""
        check_is_fitted(self, "weights_")
        left = [
            0 if number < self._current else math.ceil(max(0, stage.images - int(seen)) / self.per_round)
            for number, (stage, seen) in enumerate(zip(self.stages, self.learned_, strict=True))
        ]
        return int(self.done_.sum()) + sum(left)

    def round(self, X: ArrayLike, y: ArrayLike | None, number: int) -> dict[str, float]:
        """Let the current stage learn from the next `per_round` images of its order; return how far it has come.

        Curves: "convergence" of the stage's weights, also under the stage's name; "silent maps", which have never won.
        """
        images = self._images(X)
        current = self._current
        if current == len(self.stages):
            return {"images": 0.0}
        places = self._order(current, len(images))
        wins = self._learn(current, images[places])
        name, stage = self.stages[current].name, self.stages[current]
        if not wins.any():
            warnings.warn(self._silent(stage, len(places)), SilentLayer, stacklevel=2)
        reached = self.convergence_[current]
        silent = float((self.wins_[current] == 0).sum())
        return {
            "convergence": reached,
            f"convergence of {name}": reached,
            f"silent maps of {name}": silent,
            "images": float(len(places)),
        }

    @property
    def convergence_(self) -> list[float]:
        """Mean of w (1 - w) of each stage."""
        return [
            convergence(w, stage.rule.low, stage.rule.high) for w, stage in zip(self.weights_, self.stages, strict=True)
        ]

    def transform(self, X: ArrayLike, report: Progress = SILENT) -> Any:
        """Return the features of images X, one row each: an array, or a sparse matrix where `features` makes one.

        Errors: as `fit`.
        """
        check_is_fitted(self, "weights_")
        found, last = [], len(self.stages) - 1
        for part in self._batches(self._images(X)):
            latencies = self._before(part, last)
            found.append(self.features(self.stages[last], self.weights_[last], latencies, self.executor))
            report.advance(len(part))
        return joined(found)

    def given(self, X: ArrayLike, number: int) -> Latencies:
        """Return what stage `number`, from 0, is given of images X: (B, C, H, W).   Errors: as `fit`."""
        check_is_fitted(self, "weights_")
        return self._before(self._images(X), number)

    def watch(self, X: ArrayLike) -> Watched:
        """Return when every neuron of every layer fires for X, the input first."""
        check_is_fitted(self, "weights_")
        images = self._images(X)
        seen = {"input": self.encoder(images)}
        now = seen["input"]
        for stage, w in zip(self.stages, self.weights_, strict=True):
            now = seen[stage.name] = stage.fire(w, now, self.executor).latencies
            if stage.pooling is not None:
                now = seen[pooled(stage)] = stage.pooled(now)
        return Watched(seen, **unanswered(len(images)))

    @property
    def sketch_(self) -> Sketch:
        """The network, for the trace: a layer for each stage, and one for its pooling."""
        check_is_fitted(self, "weights_")
        given = Layer("input", self.input_.shape, channels=getattr(self.encoder, "channels", ()))
        return sketched(given, self.stages, self.input_.in_steps)

    def weights_now(self) -> dict[str, NDArray[Any]]:
        """Return the kernels (maps, maps of the input, rows, columns) by projection."""
        names = [one.name for one in self.sketch_.projections if not (one.kernel and one.kernel.pools)]
        return dict(zip(names, self.weights_, strict=True))

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return everything needed to go on exactly from here."""
        check_is_fitted(self, "weights_")
        names = [stage.name for stage in self.stages]
        return {
            **{f"{name}.w": w for name, w in zip(names, self.weights_, strict=True)},
            **{f"{name}.wins": wins for name, wins in zip(names, self.wins_, strict=True)},
            "learned": self.learned_.copy(),
            "done": self.done_.copy(),
        }

    def go_on(self, snapshot: Mapping[str, NDArray[Any]], X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Put the network back to where `snapshot` was taken.   Errors: InputError where it is of another network."""
        self.begin(X, y)
        check_same_network(snapshot, self.snapshot())
        self.weights_ = [np.array(snapshot[f"{stage.name}.w"]) for stage in self.stages]
        self.wins_ = [np.array(snapshot[f"{stage.name}.wins"]) for stage in self.stages]
        self.learned_, self.done_ = np.array(snapshot["learned"]), np.array(snapshot["done"])
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags

    @property
    def _current(self) -> int:
        """Number of the first stage that has not finished learning; the number of stages where all have."""
        for number, (stage, seen) in enumerate(zip(self.stages, self.learned_, strict=True)):
            converged = seen > 0 and self.convergence_[number] < stage.converged
            if seen < stage.images and not converged:
                return number
        return len(self.stages)

    def _order(self, number: int, images: int) -> NDArray[np.int64]:
        """Return the places of the images of the next round: passes through all, each in an order of its own."""
        seen = int(self.learned_[number])
        wanted = np.arange(seen, min(seen + self.per_round, self.stages[number].images))
        orders = {
            int(turn): generator(self.seed, "order", number, int(turn)).permutation(images)
            for turn in np.unique(wanted // images)
        }
        return np.array([orders[int(one // images)][one % images] for one in wanted], np.int64)

    def _learn(self, number: int, images: NDArray[Any]) -> NDArray[np.int64]:
        """Let a stage learn from images, one after the other; return how often each map won."""
        wins = np.zeros(self.stages[number].convolution.maps, np.int64)
        for part in self._batches(images):
            seen = int(self.learned_[number])
            latencies = self._before(part, number)
            self.weights_[number], won = train(
                self.stages[number], self.weights_[number], latencies, seen, self.executor
            )
            self.learned_[number] += len(part)
            wins += won
        self.wins_[number] = self.wins_[number] + wins
        self.done_[number] += 1
        return wins

    def _before(self, images: NDArray[Any], number: int) -> Latencies:
        """Return what stage `number` is given of images."""
        latencies = self.encoder(images)
        for stage, w in zip(self.stages[:number], self.weights_, strict=False):
            latencies = stage.pooled(stage.fire(w, latencies, self.executor).latencies)
        return latencies

    def _images(self, X: ArrayLike) -> NDArray[Any]:
        checked = checked_stimuli(self, X)
        return checked.reshape(len(checked), *self.shape_)

    def _batches(self, images: NDArray[Any]) -> Iterator[NDArray[Any]]:
        return (images[first : first + BATCH] for first in range(0, len(images), BATCH))

    def _silent(self, stage: Stage, images: int) -> str:
        return (
            f"{stage.name}: no neuron fired for any of {images} images, so nothing is learned. Lower its threshold, "
            f"{stage.convolution.threshold:g}, or make more of the input fire: a smaller threshold of the encoder, "
            "larger windows, brighter images"
        )

    def _check(self) -> None:
        """Refuse parameters that make no network.   Errors: InputError."""
        names = [stage.name for stage in self.stages]
        taken = {"input", *map(pooled, self.stages)}
        if not names or len(set(names)) < len(names) or taken & set(names):
            raise InputError(f"stages are one or more with names of their own, not {sorted(taken)}; got {names}")
        if not isinstance(self.per_round, int | np.integer) or self.per_round < 1:
            raise InputError(f"per_round is {self.per_round!r}: a whole number >= 1 is needed")
