"""Spoken digits as log-mel pictures, and how a network is shown them: with their differences over time beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.datasets.audio import SpokenDigits, fitted
from spikesight.datasets.images import ImageSet
from spikesight.encoding.mel import LogMel, with_differences

SECONDS = 0.6
"""Of each recording; longer ones are cut, shorter ones followed by silence."""


@dataclass(frozen=True)
class WithDifferences:
    """Sequences (steps, B, 3, bands): a log-mel picture, its slope and its curvature, each divided by its `scale`.

    Scales are of the training set: what is seen of an utterance does not depend on those it is shown with.
    """

    steps: int
    bands: int
    scale: tuple[float, float, float]

    @property
    def shape(self) -> tuple[int, ...]:
        """See `Preparation`."""
        return 3, self.bands

    def __call__(self, X: NDArray[Any], largest: float) -> Tensor:
        """See `Preparation`."""
        if X.shape[1:] != (self.steps * self.bands,):
            raise InputError(f"pictures of {self.steps} frames of {self.bands} bands are needed, X has shape {X.shape}")
        x = with_differences(X.reshape(len(X), self.steps, self.bands)) / np.array(self.scale, "f4")[:, None, None]
        return torch.from_numpy(x.transpose(2, 0, 1, 3).copy())


def pictures_of(spoken: SpokenDigits, test: NDArray[np.bool_], bands: int) -> ImageSet:
    """Return log-mel pictures, one row of numbers each, split into training and test."""
    mel = LogMel(rate=spoken.rate, bands=bands)
    samples = round(SECONDS * spoken.rate)
    pictures = mel(fitted(spoken.waves, samples))
    flat = pictures.reshape(len(pictures), -1)
    label = spoken.digit
    shape = (mel.frames(samples), bands)
    return ImageSet("spoken digits", shape, flat[~test], label[~test], flat[test], label[test])


def scales(images: ImageSet) -> tuple[float, float, float]:
    """Return the standard deviations of training pictures, of their slopes and their curvatures."""
    whole = with_differences(images.train.reshape(-1, *images.shape))
    first, second, third = (float(whole[:, feature].std()) or 1.0 for feature in range(3))
    return first, second, third
