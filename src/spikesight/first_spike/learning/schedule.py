"""How learning rates change in the course of a training, and in which order images are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator


class Schedule(Protocol):
    """What learning rates are multiplied by, `done` being the share of the training that is over, 0 to 1."""

    def __call__(self, done: float) -> float:
        """Return the factor."""


@dataclass(frozen=True)
class Constant:
    """The same rates from beginning to end."""

    def __call__(self, done: float) -> float:
        """Return 1."""
        return 1.0


@dataclass(frozen=True)
class Falling:
    """Rates that fall in a straight line to `last` times what they began with.

    Errors: InputError where `last` is not between 0 and 1.
    """

    last: float = 0.02

    def __post_init__(self) -> None:
        if not 0.0 <= self.last <= 1.0:
            raise InputError(f"rates fall to a share of what they were, 0 to 1, got {self.last}")

    def __call__(self, done: float) -> float:
        """Return the factor."""
        return 1.0 - (1.0 - self.last) * min(1.0, done)


class Order(Protocol):
    """Which images a pass shows, and in which order."""

    def __call__(self, images: int, seed: int, number: int) -> NDArray[np.int64]:
        """Return the places of the images of pass `number`, as many as there are `images`."""


@dataclass(frozen=True)
class AsGiven:
    """The order in which they were given, in every pass."""

    def __call__(self, images: int, seed: int, number: int) -> NDArray[np.int64]:
        """Return 0, 1, 2 ..."""
        return np.arange(images)


@dataclass(frozen=True)
class Shuffled:
    """Every image once, in an order of each pass's own."""

    def __call__(self, images: int, seed: int, number: int) -> NDArray[np.int64]:
        """Return a permutation."""
        return generator(seed, "order of images", number).permutation(images)


@dataclass(frozen=True)
class Drawn:
    """Any image at any time: drawn with replacement."""

    def __call__(self, images: int, seed: int, number: int) -> NDArray[np.int64]:
        """Return places, some of them more than once."""
        return generator(seed, "order of images", number).integers(0, images, images)
