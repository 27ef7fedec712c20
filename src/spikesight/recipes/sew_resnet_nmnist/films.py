"""Films of digits as an event camera sees them: recordings of N-MNIST, or scikit-learn's digits moved by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.randomness import generator
from spikesight.datasets.images import ImageSet, digits
from spikesight.datasets.n_mnist import n_mnist
from spikesight.events.representations.cuts import Cut
from spikesight.events.representations.films import film
from spikesight.events.stream import EventStream

SENSOR = (34, 34)
"""Rows and columns of a recording of N-MNIST."""

MARGIN = 4
"""Rows and columns that a moved digit has to spare."""

PATH = ((0, 1), (1, 2), (2, 1), (1, 0), (0, 1))
"""Where the digit is, down and across, before the first frame and after each: a way round, as of saccades."""


def recordings(folder: Path | None, cut: Cut, most: int = 255) -> ImageSet:
    """Return films (N, parts x 2 x 34 x 34) of the recordings at hand: counts of events, up to `most`.

    One recording after the other is read and counted: of the complete set, memory holds the films alone.
    Errors: those of `n_mnist`.
    """
    found = n_mnist(folder)
    train, test = (_filmed(half, cut, most) for half in (found.train, found.test))
    number = len(train) + len(test)
    return ImageSet(f"n-mnist-{number}", SENSOR, train, found.train_labels, test, found.test_labels)


def moved_digits() -> ImageSet:
    """Return films (N, 4 x 2 x 12 x 12) of 8 x 8 digits on their way along `PATH`: what got darker, what brighter.

    Each begins somewhere else, up to two pixels down and across.
    """
    small = digits()
    train, test = (
        _moved(half.reshape(-1, 8, 8), name) for name, half in (("train", small.train), ("test", small.test))
    )
    return small._replace(name="digits-moved", shape=(12, 12), train=train, test=test)


def _filmed(streams: Sequence[EventStream], cut: Cut, most: int) -> NDArray[np.uint8]:
    films = np.empty((len(streams), cut.parts, 2, *SENSOR), np.uint8)
    for place, stream in zip(films, streams, strict=True):
        place[...] = film(stream, cut).clip(0, most)
    return films.reshape(len(films), -1)


def _moved(images: NDArray[Any], half: str) -> NDArray[np.uint8]:
    begin = generator(0, f"films {half}").integers(0, MARGIN - max(map(max, PATH)) + 1, (len(images), 2))
    seen = np.zeros((len(images), len(PATH), 8 + MARGIN, 8 + MARGIN), np.int16)
    for frames, image, (row, column) in zip(seen, images, begin, strict=True):
        for place, (down, across) in zip(frames, PATH, strict=True):
            place[row + down : row + down + 8, column + across : column + across + 8] = image
    change = np.diff(seen, axis=1)
    films = np.stack([(-change).clip(0), change.clip(0)], axis=2)
    return films.reshape(len(images), -1).astype(np.uint8)
