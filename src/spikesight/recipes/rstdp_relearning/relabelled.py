"""A world that changes its mind: after some passes every class is called by the name of the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone

from spikesight.estimators.reward_stdp import RewardSTDP
from spikesight.trace.watched import Sketch, Watched


class Relabelled(BaseEstimator):  # type: ignore[misc]
    """A `RewardSTDP` that is taught `after` passes with the labels as they are, then with each class called the next.

    The last class gets the name of the first. Stages without labels learn before and keep what they have learned. What
    is asked of it, and what it answers, follows the names of the moment, so that a trace tells who is right then.
    """

    def __init__(self, model: RewardSTDP, after: int, seed: int = 0) -> None:
        self.model = model
        self.after = after
        self.seed = seed

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """See `Learner.begin`."""
        self.model_ = clone(self.model).set_params(seed=self.seed).begin(X, y)
        self.at_change_ = self.model_.w_.copy()
        return self

    @property
    def rounds_(self) -> int:
        """See `Learner.rounds_`."""
        rounds: int = self.model_.rounds_
        return rounds

    @property
    def sketch_(self) -> Sketch:
        """See `Learner.sketch_`."""
        sketch: Sketch = self.model_.sketch_
        return sketch

    @property
    def classes_(self) -> NDArray[Any]:
        """The names of the classes, the old ones."""
        names: NDArray[Any] = self.model_.classes_
        return names

    @property
    def changed_(self) -> bool:
        """Whether classes have changed their names."""
        return bool(self.model_.passes_ >= self.after)

    def round(self, X: ArrayLike, y: ArrayLike | None, number: int) -> dict[str, float]:
        """See `Learner.round`; "new names" is 1 once the names have changed."""
        changed = self.changed_
        told: dict[str, float] = self.model_.round(X, self._named(y, changed), number)
        if not changed and self.changed_:
            self.at_change_ = self.model_.w_.copy()
        return {**told, "new names": float(changed)}

    def watch(self, X: ArrayLike) -> Watched:
        """See `Learner.watch`. Answers are given back in the old names, in which images are labelled."""
        seen: Watched = self.model_.watch(X)
        if not self.changed_:
            return seen
        classes = len(self.model_.classes_)
        return seen._replace(answer=np.where(seen.answer < 0, seen.answer, (seen.answer - 1) % classes))

    def strict_score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the accuracy by the names of the moment; `y` are the old ones. Silence and ties are mistakes."""
        return float(self.model_.strict_score(X, self._named(y, self.changed_)))

    def score_at_change(self, X: ArrayLike, y: ArrayLike, new_names: bool) -> float:
        """Return the strict accuracy of the network as it was when the names changed, by the new names or the old."""
        learned, self.model_.w_ = self.model_.w_, self.at_change_
        try:
            return float(self.model_.strict_score(X, self._named(y, new_names)))
        finally:
            self.model_.w_ = learned

    def weights_now(self) -> dict[str, NDArray[Any]]:
        """See `Learner.weights_now`."""
        weights: dict[str, NDArray[Any]] = self.model_.weights_now()
        return weights

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """See `Learner.snapshot`."""
        return {**self.model_.snapshot(), "at change.w": self.at_change_.copy()}

    def go_on(self, snapshot: Mapping[str, NDArray[Any]], X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """See `Learner.go_on`."""
        self.begin(X, y)
        inner = {name: values for name, values in snapshot.items() if name != "at change.w"}
        self.model_.go_on(inner, X, y)
        self.at_change_ = np.array(snapshot["at change.w"])
        return self

    def _named(self, y: ArrayLike | None, changed: bool) -> NDArray[Any]:
        """Return labels by the names that are in force."""
        labels = np.asarray(y)
        if not changed:
            return labels
        classes = self.model_.classes_
        named: NDArray[Any] = classes[(np.searchsorted(classes, labels) + 1) % len(classes)]
        return named
