"""From flat rows of numbers to what a deep network takes: still images, or sequences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spikesight.base.errors import InputError


class Preparation(Protocol):
    """Makes the input of a network. `shape` is what an architecture is built for: that of an item in one step."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of an item in one step."""

    def __call__(self, X: NDArray[Any], largest: float) -> Tensor:
        """Return what the network takes for rows X (B, features); `largest` is the largest number of the training set.

        Errors: InputError where the features do not make such items.
        """


@dataclass(frozen=True)
class Pixels:
    """Still images, (B, *shape), 0 to 1; `shape` is (channels, rows, columns) or any other."""

    shape: tuple[int, ...]

    def __call__(self, X: NDArray[Any], largest: float) -> Tensor:
        """See `Preparation`."""
        _check(X, self.shape)
        return _scaled(X, largest).reshape(len(X), *self.shape)


@dataclass(frozen=True)
class Sequence:
    """Sequences (steps, B, *shape), 0 to 1: an item's features are its steps one after the other. An image's are its
    rows.
    """

    steps: int
    shape: tuple[int, ...]

    def __call__(self, X: NDArray[Any], largest: float) -> Tensor:
        """See `Preparation`."""
        _check(X, (self.steps, *self.shape))
        return _scaled(X, largest).reshape(len(X), self.steps, *self.shape).transpose(0, 1).contiguous()


def _scaled(X: NDArray[Any], largest: float) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(X, np.float32)) / largest


def _check(X: NDArray[Any], shape: tuple[int, ...]) -> None:
    if X.shape[1:] != (math.prod(shape),):
        raise InputError(f"items of shape {shape} have {math.prod(shape)} features, X has shape {X.shape}")
