"""Turned in depth: photographs of an object from many sides, told apart by the angle to the side that was learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.datasets.eth80 import Views
from spikesight.datasets.splits import by_object

REFERENCE: Final = (90.0, 90.0)
"""Tilt and turn of the view that is learned: from the side."""

EDGES: Final = (0.0, 5.0, 30.0, 60.0, 90.0, 180.1)
"""Degrees at which the angles that are told apart begin and end; an angle belongs to what it begins."""

ROUNDING: Final = 1e-6
"""Degrees that an angle may lie below an edge by its arithmetic alone."""


def angle(one: ArrayLike, other: ArrayLike) -> NDArray[np.float64]:
    """Return the angles in degrees between views, each (..., 2): tilt from the pole, and turn.

    Source: arccos of the product of ``(sin e cos a, sin e sin a, cos e)``.
    """
    product = (_direction(one) * _direction(other)).sum(axis=-1)
    found: NDArray[np.float64] = np.degrees(np.arccos(product.clip(-1.0, 1.0)))
    return found


def _direction(view: ArrayLike) -> NDArray[np.float64]:
    tilt, turn = np.moveaxis(np.radians(np.asarray(view, np.float64)), -1, 0)
    return np.stack([np.sin(tilt) * np.cos(turn), np.sin(tilt) * np.sin(turn), np.cos(tilt)], axis=-1)


class ByAngle(NamedTuple):
    """Mean accuracy over splits: for each of the angles between `edges`, and of all test views; NaN without a view."""

    edges: tuple[float, ...]
    accuracy: NDArray[np.float64]
    overall: float


@dataclass(frozen=True)
class Turned:
    """Learn views within `within` degrees of `reference` of some objects, be tried on all views of the others.

    Objects, not views, are split: `learning` of each class, at random, `splits` times.
    Errors: InputError for no split.
    """

    within: float = 180.0
    reference: tuple[float, float] = REFERENCE
    edges: tuple[float, ...] = EDGES
    learning: int = 4
    splits: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        if self.splits < 1 or self.within < 0:
            raise InputError(f"at least one split, and views within 0 degrees or more; got {self}")

    def accuracies(self, classifier: Callable[[], Any], features: NDArray[Any], views: Views) -> ByAngle:
        """Return how an untrained `classifier()` of scikit-learn's kind does with the features (N, d) of the views.

        Errors: InputError where a class has too few objects, or no view is near enough to learn from.
        """
        apart = angle(views.angles, self.reference)
        near = apart <= max(self.within, 0.0) + ROUNDING
        if not near.any():
            raise InputError(f"no view is within {self.within} degrees of {self.reference}")
        place = np.digitize(apart + ROUNDING, self.edges) - 1
        bins = len(self.edges) - 1
        hits, counts = np.zeros(bins), np.zeros(bins)
        for split in range(self.splits):
            mine = by_object(views.labels, views.objects, self.learning, generator(self.seed, "objects", split))
            chosen = mine & near
            found = classifier().fit(features[chosen], views.labels[chosen]).predict(features[~mine])
            right = found == views.labels[~mine]
            hits += np.bincount(place[~mine], right, minlength=bins)[:bins]
            counts += np.bincount(place[~mine], minlength=bins)[:bins]
        accuracy = np.divide(hits, counts, out=np.full(bins, np.nan), where=counts > 0)
        return ByAngle(self.edges, accuracy, float(hits.sum() / counts.sum()))


def normalised(images: NDArray[Any]) -> NDArray[np.float64]:
    """Return features (N, d) with the mean of each image taken away and its length 1: pixels without brightness."""
    rest = np.subtract(images, images.mean(axis=1, keepdims=True), dtype=np.float64)
    length = np.linalg.norm(rest, axis=1, keepdims=True)
    unit: NDArray[np.float64] = np.divide(rest, length, out=np.zeros_like(rest), where=length > 0)
    return unit


def halved(images: NDArray[Any], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return flat images half as large, of means of 2 x 2 pixels.   Errors: InputError for odd sizes."""
    rows, columns = shape
    if rows % 2 or columns % 2:
        raise InputError(f"images of {rows} x {columns} pixels cannot be halved")
    small: NDArray[np.float64] = images.reshape(-1, rows // 2, 2, columns // 2, 2).mean(axis=(2, 4))
    return small.reshape(len(images), -1)
