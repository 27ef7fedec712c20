"""A classifier whose neurons learn from the reward for their own decisions: no other classifier stands behind it."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies, smallest
from spikesight.encoding.on_off import OnOff
from spikesight.estimators.learner import check_same_network
from spikesight.estimators.sdnn import SDNN
from spikesight.estimators.stimuli import checked_labels, checked_stimuli, one_label_each, rows_and_columns
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.decided import SILENT as NOBODY
from spikesight.first_spike.decided import Decisions
from spikesight.first_spike.decision import check_layer
from spikesight.first_spike.features import WhetherFired
from spikesight.first_spike.fused_decision import by_place, decide
from spikesight.first_spike.health import SilentLayer
from spikesight.first_spike.learning.reward_stdp import RewardStdp, Scales, Tally, kept
from spikesight.first_spike.reward_training import Balance, Lesson, teach
from spikesight.first_spike.runs_of_taps import kernels, taps
from spikesight.first_spike.stage import Stage
from spikesight.trace.schema import Layer, Projection
from spikesight.trace.watched import Sketch, Watched

BATCH = 256
"""Images that go through the stages together: their potentials lie in memory at once."""

DECISION = "decision"
"""What traces call the layer that decides."""


class RewardSTDP(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Maps of neurons that stand for classes: the class of the first to fire is the answer, and reward teaches it.

    Parameters: `per_class` maps of each class; `kernel` rows and columns that a neuron sees (None = all), `padding`,
    `threshold` (infinite: the largest final potential decides); `rule` of rewards and punishments; `dropout`
    probability with which a map sits out a round; `passes` through X; `cooling` of the rates, which go down linearly to
    this share in the last pass of `fit`; `stages` in front, which learn first, without labels, as in `SDNN`; `encoder`
    from images (B, H, W) to first spikes (B, C, H, W); `initial` mean and spread of the weights; `image_shape` rows and
    columns (None = square); `per_round` images of a round, of which a pass has one or more; `seed`; `threads` for
    answers (None = all cores).

    X is (samples, pixels), numbers >= 0 on the scale that the encoder expects. In training, "accuracy" is that of the
    decisions before they are rewarded. An answer does not depend on the batch.

    Source: Mozafari et al., IEEE TNNLS 29 (2018) 6178-6190 (one layer), Pattern Recognition 94 (2019) 87-95 (deep).
    """

    def __init__(
        self,
        per_class: int = 20,
        kernel: tuple[int, int] | None = None,
        *,
        padding: tuple[int, int] = (0, 0),
        threshold: float = math.inf,
        rule: RewardStdp = RewardStdp(),  # noqa: B008 (frozen)
        dropout: float = 0.0,
        passes: int = 20,
        cooling: float = 1.0,
        stages: Sequence[Stage] = (),
        encoder: Callable[[Any], Latencies] = OnOff(),  # noqa: B008 (frozen)
        initial: tuple[float, float] = (0.8, 0.05),
        image_shape: tuple[int, int] | None = None,
        per_round: int = 5000,
        seed: int = 0,
        threads: int | None = None,
    ) -> None:
        self.per_class = per_class
        self.kernel = kernel
        self.padding = padding
        self.threshold = threshold
        self.rule = rule
        self.dropout = dropout
        self.passes = passes
        self.cooling = cooling
        self.stages = stages
        self.encoder = encoder
        self.initial = initial
        self.image_shape = image_shape
        self.per_round = per_round
        self.seed = seed
        self.threads = threads

    def fit(self, X: ArrayLike, y: ArrayLike, report: Progress = SILENT) -> Self:
        """Let the stages learn from X, then the deciding layer from its decisions, telling `report` of every round.

        Errors: InputError on empty, negative, NaN or wrongly shaped X, y of another length, and layers that do not fit.
        """
        self.begin(X, y)
        done = 0
        while done < self.rounds_:
            report.advance(1, **self.round(X, y, done))
            done += 1
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Go on learning from X at full rates, once through, in the order given; stages learn first if they have not.

        `classes` lists all labels, needed in the first call if not all occur in y.   Errors: as `fit`.
        """
        if not hasattr(self, "w_"):
            self.begin(X, y if classes is None else classes)
        while self._stages_left:
            self._body.round(X, None, 0)
        labels = checked_labels(y, len(np.asarray(X)), self.classes_)
        self._teach(self._given(X), labels, np.arange(len(labels)), heat=1.0)
        self._end_pass()
        return self

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Make a fresh, untrained network for images like X and labels like y.   Errors: as `fit`."""
        stimuli = checked_stimuli(self, X, reset=True)
        self.classes_ = np.unique(one_label_each(y))
        self._check()
        self.shape_ = rows_and_columns(self.n_features_in_, self.image_shape)
        if self.stages:
            shared: dict[str, Any] = {"encoder": self.encoder, "image_shape": self.shape_, "seed": self.seed}
            self.body_ = SDNN(self.stages, features=WhetherFired(), **shared).begin(stimuli)
        first = self.encoder(np.zeros((1, *self.shape_), np.uint8))
        self.input_ = Layer("input", first.shape, channels=getattr(self.encoder, "channels", ()))
        shape = first.shape
        for stage in self.stages:
            shape = stage.shape(shape)
        self.steps_, self.given_ = first.in_steps, shape
        maps = self.per_class * len(self.classes_)
        self.layer_ = Convolution(maps, self.kernel or (shape[1], shape[2]), self.threshold, padding=self.padding)
        self.layer_.shape(shape)
        check_layer(self.layer_)
        low, high = self.rule.reward.low, self.rule.reward.high
        drawn = generator(self.seed, "decision weights").normal(*self.initial, self.layer_.weight_shape(shape))
        self.w_ = taps(np.clip(drawn, low, high).astype(np.float32))
        self.groups_ = np.arange(maps) // self.per_class
        self.balance_ = Balance(self.rule.at_chance(len(self.classes_)))
        self.samples_, self.passes_, self.parts_ = len(stimuli), 0, 0
        self._remembered: tuple[int, NDArray[Any]] | None = None
        return self

    @property
    def rounds_(self) -> int:
        """Rounds of `fit` in all, those of the stages included; fewer once a stage has converged early."""
        check_is_fitted(self, "w_")
        before = self._body.rounds_ if self.stages else 0
        return int(before) + self.passes * self._parts

    def round(self, X: ArrayLike, y: ArrayLike | None, number: int) -> dict[str, float]:
        """Do a round of the stages, or teach the next `per_round` images of a pass, in an order of its own.

        Curves: of the stages as `SDNN.round`; then "accuracy" of the decisions, "silent" the share without one, and
        what rewards and punishments are scaled by.
        """
        if self._stages_left:
            told: dict[str, float] = self._body.round(X, None, number)
            return told
        labels = checked_labels(y, len(np.asarray(X)), self.classes_)
        order = generator(self.seed, "order of decisions", self.passes_).permutation(len(labels))
        part = order[self.parts_ * self.per_round : (self.parts_ + 1) * self.per_round]
        decided = self._teach(self._given(X), labels, part, self._heat)
        answered = decided != NOBODY
        right = answered & (self.groups_[decided] == labels[part])
        self.parts_ += 1
        if self.parts_ == self._parts:
            self._end_pass()
        if not answered.any():
            warnings.warn(self._silent(len(part)), SilentLayer, stacklevel=2)
        return {
            "accuracy": float(right.mean()),
            "silent": float(1.0 - answered.mean()),
            "reward scale": self.balance_.scales.reward,
            "punishment scale": self.balance_.scales.punish,
            "images": float(len(part)),
        }

    def decisions(self, X: ArrayLike) -> Decisions:
        """Return who decides each image: map, place, step and potential.   Errors: InputError as `fit`; not fitted."""
        check_is_fitted(self, "w_")
        parts = [self._decided(latencies) for latencies in self._seen(self._images(X))]
        return Decisions(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def features(self, X: ArrayLike) -> Iterator[Latencies]:
        """Yield what the deciding layer is given of images, (B, maps, rows, columns), by batches."""
        check_is_fitted(self, "w_")
        return self._seen(self._images(X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class of the map that decides each image; of an image that nobody decides, of the likeliest map.

        Errors: as `decisions`.
        """
        found: NDArray[Any] = self.classes_[self.groups_[self.decisions(X).likeliest]]
        return found

    def strict_score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the accuracy where silence and a tie between classes are mistakes.   Errors: as `fit`."""
        found, labels = self.decisions(X), checked_labels(y, len(np.asarray(X)), self.classes_)
        return float(((found.map != NOBODY) & ~found.tied & (self.groups_[found.map] == labels)).mean())

    def decision_times(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the step of each decision, NaN without one, and where final potentials decide."""
        return self._answered(self.decisions(X))

    def watch(self, X: ArrayLike) -> Watched:
        """Return when every neuron fires. Of the layer that decides, only the neuron that did: it inhibits the rest.

        A tie between classes is no answer.
        """
        check_is_fitted(self, "w_")
        images = self._images(X)
        seen = dict(self._body.watch(X).layers) if self.stages else {"input": self.encoder(images)}
        last = list(seen.values())[-1]
        assert isinstance(last, Latencies)  # stages of first spikes give no other
        found = self._decided(last)
        times = np.full((len(images), *self.sketch_.layers[-1].shape), self.steps_)
        fired = np.flatnonzero(found.map != NOBODY)
        times[fired, found.map[fired], found.row[fired], found.column[fired]] = found.time[fired]
        answer = np.where((found.map == NOBODY) | found.tied, -1, self.groups_[found.map])
        return Watched({**seen, DECISION: Latencies(times, self.steps_)}, answer, self._answered(found))

    @property
    def sketch_(self) -> Sketch:
        """The network, for the trace."""
        check_is_fitted(self, "w_")
        before = self._body.sketch_ if self.stages else Sketch((self.input_,), (), self.steps_)
        last = before.layers[-1]
        layer = Layer(DECISION, self.layer_.shape(last.shape))
        projection = Projection.convolution(f"{last.name}_{DECISION}", last, layer, self.layer_.kernel)
        return Sketch((*before.layers, layer), (*before.projections, projection), self.steps_)

    def weights_now(self) -> dict[str, NDArray[Any]]:
        """Return the kernels (maps, maps of the input, rows, columns) by projection."""
        before = self._body.weights_now() if self.stages else {}
        return {**before, self.sketch_.projections[-1].name: kernels(self.w_)}

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return everything needed to go on exactly from here."""
        check_is_fitted(self, "w_")
        before = {f"stages.{name}": values for name, values in self._body.snapshot().items()} if self.stages else {}
        return {
            **before,
            "decision.w": self.w_.copy(),
            "scales": np.array(self.balance_.scales, np.float64),
            "tally": np.array(self.balance_.tally, np.int64),
            "counters": np.array([self.samples_, self.passes_, self.parts_], np.int64),
        }

    def go_on(self, snapshot: Mapping[str, NDArray[Any]], X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Put the network back to where `snapshot` was taken.   Errors: InputError where it is of another network."""
        self.begin(X, y)
        check_same_network(snapshot, self.snapshot())
        if self.stages:
            prefix = "stages."
            inner = {name.removeprefix(prefix): v for name, v in snapshot.items() if name.startswith(prefix)}
            self.body_.go_on(inner, X)
        self.w_ = np.array(snapshot["decision.w"])
        reward, punish = (float(scale) for scale in snapshot["scales"])
        hits, misses, silent = (int(count) for count in snapshot["tally"])
        self.balance_ = Balance(Scales(reward, punish), Tally(hits, misses, silent))
        self.samples_, self.passes_, self.parts_ = (int(number) for number in snapshot["counters"])
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what the stages made of the training images: it is made again."""
        state: dict[str, Any] = {**super().__getstate__()}
        if "_remembered" in state:
            state["_remembered"] = None
        return state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags

    @property
    def _body(self) -> SDNN:
        """The stages in front; there where `stages` are."""
        return self.body_

    @property
    def _stages_left(self) -> bool:
        return bool(self.stages) and int(self._body.done_.sum()) < self._body.rounds_

    @property
    def _parts(self) -> int:
        """Rounds in a pass."""
        return math.ceil(self.samples_ / self.per_round)

    def _teach(
        self, given: NDArray[Any], labels: NDArray[np.int64], order: NDArray[np.int64], heat: float
    ) -> NDArray[np.int64]:
        """Teach some of the images, rates multiplied by `heat`; return who decided each."""
        taking_part = kept(self.layer_.maps, self.dropout, self.seed, self.passes_ * self._parts + self.parts_)
        lesson = Lesson(given, self.steps_, labels, self.groups_)
        rule = self.rule.cooled(heat)
        decided, self.balance_ = teach(self.layer_, rule, self.w_, lesson, order, taking_part, self.balance_)
        return decided

    @property
    def _heat(self) -> float:
        """What rates are multiplied by in this pass."""
        return 1.0 - (1.0 - self.cooling) * min(1.0, self.passes_ / max(1, self.passes - 1))

    def _end_pass(self) -> None:
        self.passes_, self.parts_ = self.passes_ + 1, 0
        if self.rule.every is None and self.balance_.tally.shown:
            self.balance_ = Balance(self.rule.scales(self.balance_.tally))

    def _given(self, X: ArrayLike) -> NDArray[Any]:
        """Return what the deciding layer is given of X, (B, rows, columns, maps); of the X before, it is remembered."""
        images = self._images(X)
        key = crc32(np.ascontiguousarray(images).tobytes())
        if self._remembered is None or self._remembered[0] != key:
            self._remembered = None
            inputs, rows, columns = self.given_
            given = np.empty((len(images), rows, columns, inputs), smallest(self.steps_))
            for first, part in zip(range(0, len(images), BATCH), self._seen(images), strict=True):
                given[first : first + BATCH] = by_place(part.times)
            self._remembered = key, given
        return self._remembered[1]

    def _seen(self, images: NDArray[Any]) -> Iterator[Latencies]:
        """Yield what the deciding layer is given of images, by batches."""
        for first in range(0, len(images), BATCH):
            latencies = self.encoder(images[first : first + BATCH])
            for stage, w in zip(self.stages, self._body.weights_ if self.stages else (), strict=True):
                latencies = stage.pooled(stage.fire(w, latencies).latencies)
            yield latencies

    def _decided(self, latencies: Latencies) -> Decisions:
        everybody = np.ones(self.layer_.maps, np.bool_)
        return decide(self.layer_, self.w_, latencies.times, self.steps_, self.groups_, everybody, self.threads)

    def _answered(self, found: Decisions) -> NDArray[np.float64]:
        known = (found.map != NOBODY) & math.isfinite(self.threshold)
        return np.where(known, found.time, np.nan)

    def _images(self, X: ArrayLike) -> NDArray[Any]:
        checked = checked_stimuli(self, X)
        return checked.reshape(len(checked), *self.shape_)

    def _silent(self, images: int) -> str:
        return (
            f"{DECISION}: no neuron fired for any of {images} images, so nothing is learned. Lower the threshold, "
            f"{self.threshold:g}, or make more of the input fire: a smaller threshold of the encoder, brighter images"
        )

    def _check(self) -> None:
        """Refuse parameters that make no network.   Errors: InputError naming the first bad one."""
        for name, least in (("per_class", 1), ("passes", 1), ("per_round", 1), ("threads", 1), ("seed", 0)):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int | np.integer) or value < least):
                raise InputError(f"{name} is {value!r}: a whole number >= {least} is needed")
        if not 0.0 <= self.cooling <= 1.0:
            raise InputError(
                f"cooling is the share of the rates that is left in the last pass, 0 to 1, got {self.cooling}"
            )
        if len(self.classes_) < 2:
            raise InputError(f"the labels are all {self.classes_[0]!r}: reward needs classes to tell apart")
        kept(1, self.dropout, 0, 0)
