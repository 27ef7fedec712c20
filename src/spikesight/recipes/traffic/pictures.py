"""Flow pictures of made-up sessions, split into training and test; and how a network is shown them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.datasets.images import ImageSet
from spikesight.datasets.made_up_traffic import CLASSES, MadeUpTraffic
from spikesight.datasets.windows import Windows
from spikesight.encoding.flow_picture import SIZES, STEPS, FlowEncoder, FlowPicture

TEST_SHARE = 0.2
"""Of the captures of each class, or of all windows."""

MOST = 255
"""Packets of a cell, so that pictures take a byte a cell; made-up sessions do not reach it."""


class Pictures(NamedTuple):
    """Flow pictures (N, 300, 300), the classes (N,), and the number of the capture of the class that each is of."""

    pictures: NDArray[np.uint8]
    label: NDArray[np.int64]
    capture: NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """Sequences (steps, B, *shape) of counts n: as they are, or as log(1 + n), where many packets are hardly more."""

    steps: int
    shape: tuple[int, ...]
    logarithm: bool = False

    def __call__(self, X: NDArray[Any], largest: float) -> Tensor:
        """See `Preparation`."""
        if X.shape[1:] != (self.steps * int(np.prod(self.shape)),):
            raise InputError(f"items of {self.steps} steps of {self.shape} are needed, X has shape {X.shape}")
        x = torch.from_numpy(np.ascontiguousarray(X, np.float32)).reshape(len(X), self.steps, *self.shape)
        return (x.log1p() if self.logarithm else x).transpose(0, 1).contiguous()


def pictures_of(traffic: MadeUpTraffic, seed: int, encode: FlowEncoder = FlowPicture()) -> Pictures:  # noqa: B008
    """Return the pictures of all windows of all sessions."""
    found, labels, captures = [], [], []
    for label, name in enumerate(CLASSES):
        for capture in range(traffic.captures_of(name)):
            for session in range(traffic.sessions):
                for window in Windows()(*traffic.session(seed, name, capture, session)):
                    found.append(np.minimum(encode(window.t, window.size, window.forward), MOST).astype(np.uint8))
                    labels.append(label)
                    captures.append(capture)
    return Pictures(np.stack(found), np.array(labels, np.int64), np.array(captures, np.int64))


def by_capture(label: NDArray[np.int64], capture: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.bool_]:
    """Return which windows (N,) are for test: all of a fifth of the captures of each class, drawn at random."""
    test = np.zeros(len(label), np.bool_)
    for one in np.unique(label):
        there = random.permutation(np.unique(capture[label == one]))
        test |= (label == one) & np.isin(capture, there[: max(round(TEST_SHARE * len(there)), 1)])
    return test


def balanced(label: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
    """Return places such that all classes are there as often: those of rarer ones several times."""
    most = np.bincount(label).max()
    parts = []
    for one in np.unique(label):
        there = random.permutation(np.flatnonzero(label == one))
        parts.append(np.resize(there, most))
    return np.concatenate(parts)


def split(whole: Pictures, test: NDArray[np.bool_], random: np.random.Generator) -> ImageSet:
    """Return training pictures, classes balanced, and test pictures as they are."""
    train = np.flatnonzero(~test)
    train = train[balanced(whole.label[train], random)]
    flat = whole.pictures.reshape(len(whole.pictures), -1)
    return ImageSet("made-up traffic", (STEPS, SIZES), flat[train], whole.label[train], flat[test], whole.label[test])
