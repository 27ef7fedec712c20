"""Films of digits as an event camera sees them: recordings of N-MNIST, or scikit-learn's digits moved by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.randomness import generator
from spikesight.datasets.images import ImageSet, digits
from spikesight.datasets.n_mnist import n_mnist
from spikesight.events.representations.cuts import EqualShares
from spikesight.events.representations.films import Film

MARGIN = 4
"""Rows and columns that a moved digit has to spare."""

PATH = ((0, 1), (1, 2), (2, 1), (1, 0), (0, 1))
"""Where the digit is, down and across, before the first frame and after each: a way round, as of saccades."""


def recordings(folder: Path | None, frames: int) -> ImageSet:
    """Return films (N, frames x 2 x 34 x 34) of the recordings at hand: counts of events, up to 255.

    Errors: those of `n_mnist`.
    """
    found, filmed = n_mnist(folder), Film(EqualShares(frames))
    train, test = (
        np.stack([filmed(stream).clip(0, 255).astype(np.uint8).ravel() for stream in half])
        for half in (found.train, found.test)
    )
    return ImageSet("n-mnist-810", (34, 34), train, found.train_labels, test, found.test_labels)


def moved_digits() -> ImageSet:
    """Return films (N, 4 x 2 x 12 x 12) of 8 x 8 digits on their way along `PATH`: what got darker, what brighter.

    Each begins somewhere else, up to two pixels down and across.
    """
    small = digits()
    train, test = (
        _moved(half.reshape(-1, 8, 8), name) for name, half in (("train", small.train), ("test", small.test))
    )
    return small._replace(name="digits-moved", shape=(12, 12), train=train, test=test)


def _moved(images: NDArray[Any], half: str) -> NDArray[np.uint8]:
    begin = generator(0, f"films {half}").integers(0, MARGIN - max(map(max, PATH)) + 1, (len(images), 2))
    seen = np.zeros((len(images), len(PATH), 8 + MARGIN, 8 + MARGIN), np.int16)
    for film, image, (row, column) in zip(seen, images, begin, strict=True):
        for place, (down, across) in zip(film, PATH, strict=True):
            place[row + down : row + down + 8, column + across : column + across + 8] = image
    change = np.diff(seen, axis=1)
    films = np.stack([(-change).clip(0), change.clip(0)], axis=2)
    return films.reshape(len(images), -1).astype(np.uint8)
