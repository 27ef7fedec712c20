"""Features learned without labels by convolutions whose thresholds seek a target time: a scikit-learn transformer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.latency import LinearSteps
from spikesight.encoding.on_off_contrast import OnOffContrast
from spikesight.estimators.learner import check_same_network
from spikesight.estimators.stimuli import checked_stimuli, rows_and_columns
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike.adaptive_stage import AdaptiveStage, Parameters
from spikesight.first_spike.health import warn_if_silent
from spikesight.first_spike.learning.first_winner import NOBODY
from spikesight.first_spike.learning.stdp import convergence
from spikesight.first_spike.staged import pooled, sketched
from spikesight.trace.schema import Layer
from spikesight.trace.watched import Sketch, Watched, unanswered
from spikesight.zoo import falez

BATCH = 256
"""Images that are computed together."""


class Round(NamedTuple):
    """Which part of which pass of which stage a round is."""

    stage: int
    passes_done: int
    part: int


class FalezCSNN(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Stages of convolutions that learn from patches, one after the other; `transform` gives features for a classifier.

    Parameters: `stages`, of which names differ; `contrast` from images (B, H, W) to numbers >= 0 (B, C, H, W); `steps`
    of a stimulus; `reads` names of the stages whose values are features (None = the last); `fields`, with which values
    are summed over so many parts of each map down and across instead of taken from each pooling neuron; `image_shape`
    rows and columns (None = square); `per_round` images of a round; `seed`; `executor`.

    X is (samples, pixels), numbers >= 0. Contrasts are scaled between the least and the largest of each feature over
    the training set, so the scale of X does not matter. Labels are not used.

    Source: Falez, Tirilly, Bilasco, Devienne & Boulet, *Multi-layered spiking neural network with target timestamp
    threshold adaptation and STDP*, IJCNN 2019.
    """

    def __init__(
        self,
        stages: Sequence[AdaptiveStage] = falez.digits(),
        *,
        contrast: Callable[[Any], NDArray[Any]] = OnOffContrast(),  # noqa: B008 (frozen)
        steps: int = 255,
        reads: Sequence[str] | None = None,
        fields: int | None = None,
        image_shape: tuple[int, int] | None = None,
        per_round: int = 2000,
        seed: int = 0,
        executor: Executor = FusedCpu(),  # noqa: B008 (frozen)
    ) -> None:
        self.stages = stages
        self.contrast = contrast
        self.steps = steps
        self.reads = reads
        self.fields = fields
        self.image_shape = image_shape
        self.per_round = per_round
        self.seed = seed
        self.executor = executor

    def fit(self, X: ArrayLike, y: ArrayLike | None = None, report: Progress = SILENT) -> Self:
        """Learn from X, stage after stage, telling `report` of every round. `y` is not used.

        Errors: InputError on empty, negative, NaN or wrongly shaped X, and for stages that do not fit one another.
        """
        self.begin(X, y)
        for number in range(self.rounds_):
            report.advance(1, **self.round(X, y, number))
        return self

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Make a fresh, untrained network for images like X.   Errors: as `fit`."""
        checked = checked_stimuli(self, X, reset=True)
        self._check()
        self.shape_ = rows_and_columns(self.n_features_in_, self.image_shape)
        self.samples_ = len(checked)
        ranges = [(c.min(axis=0), c.max(axis=0)) for c in map(self.contrast, self._batches(self._images(checked)))]
        self.low_ = np.min([low for low, _ in ranges], axis=0)
        self.high_ = np.max([high for _, high in ranges], axis=0)
        shape, self.parameters_ = self.low_.shape, []
        for number, stage in enumerate(self.stages):
            self.parameters_.append(stage.fresh(shape, self.seed, number))
            shape = stage.shape(shape)
        self._given: tuple[Any, int, NDArray[Any], NDArray[np.bool_]] | None = None
        return self

    @property
    def rounds_(self) -> int:
        """Rounds of `fit` in all."""
        check_is_fitted(self, "parameters_")
        return self._parts * sum(stage.passes for stage in self.stages)

    def round(self, X: ArrayLike, y: ArrayLike | None, number: int) -> dict[str, float]:
        """Let a stage learn from the next `per_round` images of its pass.

        Curves: "convergence", the mean of its w (1 - w), also under the stage's name; its mean threshold; the share of
        patches for which no neuron fired.   Errors: as `fit`.
        """
        now = self._located(number)
        stage, name = self.stages[now.stage], self.stages[now.stage].name
        order = generator(self.seed, "order", now.stage, now.passes_done).permutation(self.samples_)
        places = order[now.part * self.per_round : (now.part + 1) * self.per_round]
        random = generator(self.seed, "patches", now.stage, number)
        given = self._of_training(X, now.stage, places)
        lesson = stage.learn(self.parameters_[now.stage], given, now.passes_done, random, self.executor)
        if (lesson.winners == NOBODY).all():
            nothing = Latencies(np.full((len(places), 1), self.steps), self.steps)
            warn_if_silent(name, nothing, float(self.parameters_[now.stage].thresholds.mean()), given)
        self.parameters_[now.stage] = lesson.parameters
        if number + 1 == self.rounds_:
            self._given = None
        reached = convergence(lesson.parameters.w)
        return {
            "convergence": reached,
            f"convergence of {name}": reached,
            f"threshold of {name}": float(lesson.parameters.thresholds.mean()),
            f"silent patches of {name}": float((lesson.winners == NOBODY).mean()),
            "images": float(len(places)),
        }

    def transform(self, X: ArrayLike, report: Progress = SILENT) -> NDArray[np.float32]:
        """Return the features of images X, one row each: how early the neurons of each stage that is read fire, 1 up
        to the target time, 0 at the end and for never.   Errors: as `fit`.
        """
        check_is_fitted(self, "parameters_")
        read = set([self.stages[-1].name] if self.reads is None else self.reads)
        found = []
        for images in self._batches(self._images(checked_stimuli(self, X))):
            latencies, row = self._encoded(images), []
            for stage, parameters in zip(self.stages, self.parameters_, strict=True):
                fired = stage.fire(parameters, latencies, self.executor).latencies
                latencies = stage.pooled(fired)
                if stage.name in read:
                    row.append(stage.values(fired, self.fields))
            found.append(np.concatenate(row, axis=1))
            report.advance(len(images))
        return np.concatenate(found)

    def watch(self, X: ArrayLike) -> Watched:
        """Return when every neuron of every layer fires for X, the input first."""
        check_is_fitted(self, "parameters_")
        images = self._images(checked_stimuli(self, X))
        now = self._encoded(images)
        seen = {"input": now}
        for stage, parameters in zip(self.stages, self.parameters_, strict=True):
            now = seen[stage.name] = stage.fire(parameters, now, self.executor).latencies
            if stage.pooling is not None:
                now = seen[pooled(stage)] = stage.pooled(now)
        return Watched(seen, **unanswered(len(images)))

    @property
    def sketch_(self) -> Sketch:
        """The network, for the trace: a layer for each stage, and one for its pooling."""
        check_is_fitted(self, "parameters_")
        given = Layer("input", self.low_.shape, channels=getattr(self.contrast, "channels", ()))
        return sketched(given, self.stages, self.steps)

    def weights_now(self) -> dict[str, NDArray[Any]]:
        """Return the kernels (maps, maps of the input, rows, columns) by projection."""
        names = [one.name for one in self.sketch_.projections if not (one.kernel and one.kernel.pools)]
        return {name: parameters.w for name, parameters in zip(names, self.parameters_, strict=True)}

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return everything needed to go on exactly from here."""
        check_is_fitted(self, "parameters_")
        learned = {
            f"{stage.name}.{field}": values
            for stage, parameters in zip(self.stages, self.parameters_, strict=True)
            for field, values in parameters._asdict().items()
        }
        return {**learned, "low": self.low_, "high": self.high_}

    def go_on(self, snapshot: Mapping[str, NDArray[Any]], X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Put the network back to where `snapshot` was taken.   Errors: InputError where it is of another network."""
        self.begin(X, y)
        check_same_network(snapshot, self.snapshot())
        self.low_, self.high_ = np.array(snapshot["low"]), np.array(snapshot["high"])
        self.parameters_ = [
            Parameters(*(np.array(snapshot[f"{stage.name}.{field}"]) for field in Parameters._fields))
            for stage in self.stages
        ]
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags

    @property
    def _parts(self) -> int:
        """Rounds of a pass."""
        return math.ceil(self.samples_ / self.per_round)

    def _located(self, number: int) -> Round:
        """Return which part of the training round `number` is."""
        passes, part = divmod(number, self._parts)
        for index, stage in enumerate(self.stages):
            if passes < stage.passes:
                return Round(index, passes, part)
            passes -= stage.passes
        raise InputError(f"training has {self.rounds_} rounds, from 0; got {number}")

    def _of_training(self, X: ArrayLike, stage: int, places: NDArray[np.int64]) -> Latencies:
        """Return what a stage is given of some training images. It is kept from pass to pass: the stages before it do
        not change any more.
        """
        if self._given is None or self._given[0] is not X or self._given[1] != stage:
            shape = self.low_.shape
            for before in self.stages[:stage]:
                shape = before.shape(shape)
            dtype = np.min_scalar_type(self.steps)
            self._given = (X, stage, np.empty((self.samples_, *shape), dtype), np.zeros(self.samples_, np.bool_))
        _, _, kept, known = self._given
        missing = places[~known[places]]
        if len(missing):
            images = checked_stimuli(self, np.asarray(X)[missing])
            kept[missing] = self._before(self._images(images), stage)
            known[missing] = True
        return Latencies(kept[places], self.steps)

    def _before(self, images: NDArray[Any], number: int) -> NDArray[Any]:
        """Return the latencies that stage `number` is given of images."""
        found = []
        for part in self._batches(images):
            latencies = self._encoded(part)
            for stage, parameters in zip(self.stages[:number], self.parameters_, strict=False):
                latencies = stage.pooled(stage.fire(parameters, latencies, self.executor).latencies)
            found.append(latencies.times)
        return np.concatenate(found)

    def _encoded(self, images: NDArray[Any]) -> Latencies:
        """Return the latencies of images (B, H, W): a feature's least contrast never fires, its largest at once."""
        extent = np.where(self.high_ > self.low_, self.high_ - self.low_, np.inf)
        return LinearSteps(self.steps)(np.maximum(self.contrast(images) - self.low_, 0) / extent)

    def _images(self, checked: NDArray[Any]) -> NDArray[Any]:
        return checked.reshape(len(checked), *self.shape_)

    def _batches(self, images: NDArray[Any]) -> Iterator[NDArray[Any]]:
        return (images[first : first + BATCH] for first in range(0, len(images), BATCH))

    def _check(self) -> None:
        """Refuse parameters that make no network.   Errors: InputError."""
        names = [stage.name for stage in self.stages]
        taken = {"input", *map(pooled, self.stages)}
        if not names or len(set(names)) < len(names) or taken & set(names):
            raise InputError(f"stages are one or more with names of their own, not {sorted(taken)}; got {names}")
        unknown = set(self.reads or names) - set(names)
        if unknown or (self.reads is not None and not len(self.reads)):
            raise InputError(f"reads names stages, {names}; got {self.reads}")
        for name in ("steps", "per_round"):
            if not isinstance(getattr(self, name), int | np.integer) or getattr(self, name) < 1:
                raise InputError(f"{name} is {getattr(self, name)!r}: a whole number >= 1 is needed")
