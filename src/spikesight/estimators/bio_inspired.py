"""Features of several sizes, learned without labels at several scales of an image, as a scikit-learn transformer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.randomness import generator
from spikesight.estimators.sdnn import SDNN
from spikesight.estimators.stimuli import checked_stimuli
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike.features import Features, FinalPotentials
from spikesight.trace.watched import Sketch, Watched, unanswered
from spikesight.zoo import kheradpisheh_2015
from spikesight.zoo.kheradpisheh_2015 import Band


class BioInspired(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Bands, each an `SDNN` of one stage at its own scale of the image; `transform` puts their features side by side.

    Parameters: `bands`, whose scales differ, and the names of their stages; `features` of each stage, by default the
    largest final potential of each map, wherever it is; `image_shape` rows and columns (None = square); `per_round`
    images between two looks; `seed`; `executor`.

    X is (samples, pixels), numbers >= 0; light does not matter, as contrast is local. Labels are not used. Bands learn
    one after the other, as `SDNN` does.

    Source: Kheradpisheh, Ganjtabesh & Masquelier, Neurocomputing 205 (2016) 382-392.
    """

    def __init__(
        self,
        bands: Sequence[Band] = kheradpisheh_2015.bands(),
        *,
        features: Features = FinalPotentials(1),  # noqa: B008 (frozen)
        image_shape: tuple[int, int] | None = None,
        per_round: int = 1000,
        seed: int = 0,
        executor: Executor = FusedCpu(),  # noqa: B008 (frozen)
    ) -> None:
        self.bands = bands
        self.features = features
        self.image_shape = image_shape
        self.per_round = per_round
        self.seed = seed
        self.executor = executor

    def fit(self, X: ArrayLike, y: ArrayLike | None = None, report: Progress = SILENT) -> Self:
        """Learn from X, band after band, telling `report` of every round. `y` is not used.

        Errors: as `SDNN.fit`.
        """
        self.begin(X, y)
        done = 0
        while done < self.rounds_:
            report.advance(1, **self.round(X, y, done))
            done += 1
        return self

    def begin(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Make a fresh, untrained network for images like X.   Errors: as `fit`."""
        checked_stimuli(self, X, reset=True)
        names = [name for band in self.bands for name in (_edges(band), band.stage.name)]
        if not names or len(set(names)) < len(names):
            raise InputError(f"bands are one or more, their scales and stages with names of their own; got {names}")
        self.bands_ = [self._network(number, band).begin(X) for number, band in enumerate(self.bands)]
        return self

    @property
    def rounds_(self) -> int:
        """Rounds of `fit` in all; fewer once a band has converged before it has seen all its images."""
        check_is_fitted(self, "bands_")
        return sum(network.rounds_ for network in self.bands_)

    def round(self, X: ArrayLike, y: ArrayLike | None, number: int) -> dict[str, float]:
        """Let the first band that has not finished learn from the next `per_round` images; see `SDNN.round`."""
        learning = next((one for one in self.bands_ if one.done_.sum() < one.rounds_), None)
        return {"images": 0.0} if learning is None else learning.round(X, y, int(learning.done_.sum()))

    def transform(self, X: ArrayLike, report: Progress = SILENT) -> Any:
        """Return the features of images X, one row each, band after band.   Errors: as `fit`."""
        check_is_fitted(self, "bands_")
        checked_stimuli(self, X)
        parts = [network.transform(X, report) for network in self.bands_]
        if isinstance(parts[0], np.ndarray):
            return np.concatenate(parts, axis=1)
        from scipy.sparse import hstack

        return hstack(parts, format="csr")

    def watch(self, X: ArrayLike) -> Watched:
        """Return when every neuron of every layer fires for X: of each band its edges, then its stage."""
        check_is_fitted(self, "bands_")
        checked_stimuli(self, X)
        seen = {
            _edges(band) if name == "input" else name: activity
            for band, network in zip(self.bands, self.bands_, strict=True)
            for name, activity in network.watch(X).layers.items()
        }
        return Watched(seen, **unanswered(len(next(iter(seen.values())))))

    @property
    def sketch_(self) -> Sketch:
        """The network, for the trace: bands side by side."""
        check_is_fitted(self, "bands_")
        layers, projections = [], []
        for band, network in zip(self.bands, self.bands_, strict=True):
            edges, sketch = _edges(band), network.sketch_
            layers += [replace(sketch.layers[0], name=edges), *sketch.layers[1:]]
            first, *others = sketch.projections
            projections += [replace(first, name=f"{edges}_{first.post}", pre=edges), *others]
        return Sketch(tuple(layers), tuple(projections), max(network.sketch_.steps for network in self.bands_))

    def weights_now(self) -> dict[str, NDArray[Any]]:
        """Return the kernels (maps, orientations, rows, columns) by projection."""
        return {
            f"{_edges(band)}_{band.stage.name}": network.weights_[0]
            for band, network in zip(self.bands, self.bands_, strict=True)
        }

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return everything needed to go on exactly from here."""
        check_is_fitted(self, "bands_")
        return {
            f"{band.stage.name}/{name}": values
            for band, network in zip(self.bands, self.bands_, strict=True)
            for name, values in network.snapshot().items()
        }

    def go_on(self, snapshot: Mapping[str, NDArray[Any]], X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Put the network back to where `snapshot` was taken.   Errors: InputError where it is of another network."""
        self.begin(X, y)
        for band, network in zip(self.bands, self.bands_, strict=True):
            begin = f"{band.stage.name}/"
            mine = {name.removeprefix(begin): values for name, values in snapshot.items() if name.startswith(begin)}
            network.go_on(mine, X, y)
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags

    def _network(self, number: int, band: Band) -> SDNN:
        seed = int(generator(self.seed, "band", number).integers(1 << 31))
        return SDNN(
            (band.stage,),
            encoder=band.edges,
            features=self.features,
            image_shape=self.image_shape,
            per_round=self.per_round,
            seed=seed,
            executor=self.executor,
        )


def _edges(band: Band) -> str:
    """Return what the layer of a band's edges is called."""
    return f"c1_{round(100 * band.edges.scale)}"
