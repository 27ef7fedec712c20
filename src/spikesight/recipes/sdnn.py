"""What the recipes of deep STDP networks share: their controls, and digits that are as large as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from sklearn.base import clone

from spikesight.base.randomness import generator
from spikesight.datasets.images import ImageSet, digits
from spikesight.encoding.latencies import Latencies
from spikesight.estimators.sdnn import SDNN
from spikesight.first_spike.convolution import Convolution
from spikesight.recipes.linear_readout import LinearReadout


@dataclass(frozen=True)
class Untrained:
    """The same classifier on features of the network before it learned: the control."""

    readout: LinearReadout

    def __call__(self, model: SDNN, images: ImageSet) -> float:
        """Return the test accuracy."""
        return self.readout(clone(model).begin(images.train, images.train_labels), images)


@dataclass(frozen=True)
class Shuffled:
    """The same classifier on features of kernels whose learned weights were shuffled within each map: a control.

    They have the values that were learned, and no longer their places.
    """

    readout: LinearReadout

    def __call__(self, model: SDNN, images: ImageSet) -> float:
        """Return the test accuracy."""
        other: Any = clone(model).go_on(model.snapshot(), images.train, images.train_labels)
        random = generator(model.seed, "shuffled")
        for number, w in enumerate(other.weights_):
            flat = w.reshape(len(w), -1)
            other.weights_[number] = random.permuted(flat, axis=1).reshape(w.shape)
        return self.readout(other, images)


@dataclass(frozen=True)
class Crops:
    """The same classifier on kernels that were each cut out of a training image once: a control.

    A kernel is 1 where the inputs fired first, as many as it takes to pass the threshold, at a random place of a random
    image where there are enough; 0 elsewhere. Learning should be worth more than one look.
    """

    readout: LinearReadout

    def __call__(self, model: SDNN, images: ImageSet) -> float:
        """Return the test accuracy."""
        other: Any = clone(model).begin(images.train, images.train_labels)
        random = generator(model.seed, "crops")
        for number, stage in enumerate(other.stages):
            some = random.choice(len(images.train), min(len(images.train), 2 * stage.convolution.maps), replace=False)
            given = other.given(images.train[some], number)
            for kernel in other.weights_[number]:
                kernel[:] = _crop(stage.convolution, given, random)
        return self.readout(other, images)


def _crop(layer: Convolution, given: Latencies, random: np.random.Generator) -> NDArray[np.bool_]:
    """Return which inputs (C, rows, columns) fired first at a random place; of most spikes where none has enough."""
    down, across = layer.padding
    best, most = np.zeros((given.shape[0], *layer.kernel), np.bool_), -1
    for item in random.permutation(len(given)):
        times = np.pad(given.times[item], ((0, 0), (down, down), (across, across)), constant_values=int(given.never))
        windows = sliding_window_view(times, layer.kernel, axis=(1, 2))
        counts = (windows < given.never).sum(axis=(0, 3, 4))
        enough = np.argwhere(counts > layer.threshold)
        if len(enough):
            row, column = enough[random.integers(len(enough))]
            window: NDArray[Any] = windows[:, row, column]
            first: NDArray[np.bool_] = window <= np.sort(window.ravel())[int(layer.threshold)]
            return first
        if counts.max() > most:
            row, column = np.unravel_index(counts.argmax(), counts.shape)
            best, most = windows[:, row, column] < given.never, counts.max()
    return best


def large_digits(times: int, brightness: int = 15, classes: int = 10) -> ImageSet:
    """Return the 8 x 8 digits of the first `classes` classes, pixels `times` wide and high, 0 to 15 `brightness`."""
    small = digits()
    train, test = (
        np.kron(images.reshape(-1, 8, 8).clip(0, 15) * brightness, np.ones((1, times, times), np.uint8)).astype(
            np.uint8
        )
        for images in (small.train, small.test)
    )
    first, held = small.train_labels < classes, small.test_labels < classes
    return ImageSet(
        f"digits-{8 * times}",
        (8 * times, 8 * times),
        train[first].reshape(first.sum(), -1),
        small.train_labels[first],
        test[held].reshape(held.sum(), -1),
        small.test_labels[held],
    )
