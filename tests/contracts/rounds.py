"""A learner small enough to be followed by hand: what it is taught in rounds, and a task for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from spikesight.datasets.images import ImageSet
from spikesight.encoding.latencies import Latencies
from spikesight.recipes.training import Task
from spikesight.trace.schema import Layer, Projection
from spikesight.trace.watched import Sketch, Watched

STEPS = 8


class NearestMean:
    """One neuron per class fires the earlier the nearer the item is to the mean of the class so far."""

    def __init__(self, seed: int = 0, rounds: int = 4, interrupted_after: int | None = None) -> None:
        self.seed, self.rounds, self.interrupted_after = seed, rounds, interrupted_after

    @property
    def rounds_(self) -> int:
        return self.rounds

    @property
    def sketch_(self) -> Sketch:
        n, classes = self.sums_.shape[1], len(self.sums_)
        wired = Projection("input_out", "input", "out", (n, classes), float(classes))
        return Sketch((Layer("input", (n,)), Layer("out", (classes,))), (wired,), STEPS)

    def begin(self, X: Any, y: Any = None) -> Self:
        self.classes_ = np.unique(y)
        self.sums_ = np.zeros((len(self.classes_), np.shape(X)[1]))
        self.counts_ = np.zeros(len(self.classes_))
        return self

    def round(self, X: Any, y: Any, number: int) -> Mapping[str, float]:
        if number == self.interrupted_after:
            raise KeyboardInterrupt
        part = slice(number * len(X) // self.rounds, (number + 1) * len(X) // self.rounds)
        for label in range(len(self.classes_)):
            mine = np.asarray(X)[part][y[part] == self.classes_[label]]
            self.sums_[label] += mine.sum(axis=0)
            self.counts_[label] += len(mine)
        return {"accuracy": self.strict_score(X, y), "images": part.stop - part.start}

    def watch(self, X: Any) -> Watched:
        far = ((np.asarray(X, float)[:, None] - self._means()) ** 2).sum(axis=2)
        out = np.argsort(np.argsort(far, axis=1), axis=1)
        latencies = {
            "input": Latencies(np.where(np.asarray(X) > 0, 0, STEPS), STEPS),
            "out": Latencies(out + 1, STEPS),
        }
        return Watched(latencies, far.argmin(axis=1), np.ones(len(far)))

    def weights_now(self) -> Mapping[str, Any]:
        return {"input_out": self._means().T}

    def snapshot(self) -> dict[str, Any]:
        return {"sums": self.sums_.copy(), "counts": self.counts_.copy()}

    def go_on(self, snapshot: Mapping[str, Any], X: Any, y: Any = None) -> Self:
        self.begin(X, y)
        self.sums_, self.counts_ = snapshot["sums"].copy(), snapshot["counts"].copy()
        return self

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {"seed": self.seed, "rounds": self.rounds}

    def strict_score(self, X: Any, y: Any) -> float:
        return float((self.classes_[self.watch(X).answer] == y).mean())

    def _means(self) -> Any:
        return self.sums_ / np.maximum(self.counts_, 1)[:, None]


def three_corners() -> ImageSet:
    """Return 60 training and 30 test items of three classes that lie apart."""
    rng = np.random.default_rng(0)
    labels = np.arange(90) % 3
    x = (np.eye(4)[labels] * 200 + rng.integers(0, 20, (90, 4))).astype(np.uint8)
    return ImageSet("corners", (2, 2), x[:60], labels[:60], x[60:], labels[60:])


def corner_task(**of_the_model: Any) -> Task:
    """Return the task of telling the corners apart."""
    return Task("sdnn-mnist", NearestMean(**of_the_model), three_corners(), False, {}, looks=6)
