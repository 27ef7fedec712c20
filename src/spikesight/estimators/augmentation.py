"""Training images that are shown a little differently every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


class Augmentation(Protocol):
    """Changes training images."""

    def __call__(self, images: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
        """Return images (B, rows, columns), or (B, planes, rows, columns), changed at random; those given stay as they
        are. All planes of an image are changed alike.
        """


@dataclass(frozen=True)
class AsTheyAre:
    """Changes nothing."""

    def __call__(self, images: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
        """See `Augmentation`."""
        return images


@dataclass(frozen=True)
class Shifted:
    """Each image moved by up to `most` pixels down and across; what comes in is 0.

    Errors: InputError for a negative number.
    """

    most: int = 1

    def __post_init__(self) -> None:
        if self.most < 0:
            raise InputError(f"images move by 0 pixels or more, got {self.most}")

    def __call__(self, images: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
        """See `Augmentation`."""
        n, (rows, columns) = self.most, images.shape[-2:]
        padded = np.pad(images, ((0, 0),) * (images.ndim - 2) + ((n, n), (n, n)))
        down, across = random.integers(0, 2 * n + 1, (2, len(images)))
        corners = zip(padded, down, across, strict=True)
        return np.stack([image[..., row : row + rows, column : column + columns] for image, row, column in corners])


@dataclass(frozen=True)
class Mirrored:
    """Each image the other way round, left and right, with probability `share`.   Errors: InputError outside 0 to 1."""

    share: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise InputError(f"a share is 0 to 1, got {self.share}")

    def __call__(self, images: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
        """See `Augmentation`."""
        chosen = np.expand_dims(random.random(len(images)) < self.share, tuple(range(1, images.ndim)))
        return np.where(chosen, images[..., ::-1], images)


@dataclass(frozen=True)
class Both:
    """One change after another."""

    first: Augmentation
    then: Augmentation

    def __call__(self, images: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
        """See `Augmentation`."""
        return self.then(self.first(images, random), random)
