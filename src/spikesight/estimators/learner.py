"""What an estimator offers so that its training can be written down, watched, interrupted and gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.trace.watched import Sketch, Watched


class Learner(Protocol):
    """An estimator that learns in rounds of some seconds at most; its `fit` is `begin` and all the rounds.

    After `go_on(snapshot)` the next rounds give the same bits as if nothing had come between.
    """

    seed: int

    @property
    def rounds_(self) -> int:
        """Rounds in all. It may become smaller while it learns, where a layer has converged early."""

    @property
    def sketch_(self) -> Sketch:
        """The network, for the trace."""

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Make a fresh, untrained network for stimuli like X and labels like y.   Errors: InputError."""

    def round(self, X: ArrayLike, y: ArrayLike | None, number: int) -> Mapping[str, float]:
        """Do round `number`, from 0, and return a point of each curve: "accuracy", "loss", "convergence" ...

        "images" is how many training images were shown.
        """

    def watch(self, X: ArrayLike) -> Watched:
        """Return what every neuron does with X, learning off."""

    def weights_now(self) -> Mapping[str, NDArray[Any]]:
        """Return the weights of each projection of the sketch."""

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return everything needed to go on exactly from here."""

    def go_on(self, snapshot: Mapping[str, NDArray[Any]], X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Put the network back to where `snapshot` was taken.   Errors: InputError where it is of another network."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name, as scikit-learn does."""


def check_same_network(snapshot: Mapping[str, NDArray[Any]], own: Mapping[str, NDArray[Any]]) -> None:
    """Make sure that `snapshot` has every array of `own`, the snapshot of a fresh network, in its shape.

    Errors: InputError naming those that differ.
    """
    shapes = {name: np.shape(values) for name, values in snapshot.items()}
    wrong = [name for name, values in own.items() if shapes.get(name) != values.shape]
    if wrong:
        raise InputError(f"the snapshot is of another network: compare {', '.join(wrong)}")
