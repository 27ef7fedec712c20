"""Classes one after the other, each for a while and never again; and the exam after each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.progress import Progress
from spikesight.circuits import readout
from spikesight.datasets.images import ImageSet
from spikesight.estimators.diehl_cook import DiehlCook

NAMED_ON = 200
"""Training images of each class that name the neurons at an exam."""

TESTED = 500
"""Test images of each class at an exam, or as many as there are."""


@dataclass(frozen=True)
class Schedule:
    """`images.train` holds `per_class` images of class 0, then as many of class 1, and so on."""

    images: ImageSet
    classes: int
    per_class: int

    def naming(self, seen: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return training images, and labels, that name the neurons after `seen` classes."""
        first = np.arange(min(NAMED_ON, self.per_class))
        chosen = (np.arange(seen)[:, None] * self.per_class + first).reshape(-1)
        return self.images.train[chosen], self.images.train_labels[chosen]

    def testing(self, seen: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return the test images, and labels, of the first `seen` classes."""
        chosen = self.images.test_labels < seen
        return self.images.test[chosen], self.images.test_labels[chosen]

    @property
    def background(self) -> NDArray[np.bool_]:
        """Which pixels no training image lights."""
        dark: NDArray[np.bool_] = self.images.train.max(axis=0) == 0
        return dark


def one_by_one(images: ImageSet, classes: int, per_class: int) -> Schedule:
    """Put the first `per_class` training images of each of the first `classes` classes in a row.

    Errors: InputError where there are not as many, or not at least two classes of at least one image.
    """
    counts = np.bincount(images.train_labels)
    if not 2 <= classes <= len(counts) or not 1 <= per_class <= counts[:classes].min():
        most = int(counts[: max(1, min(classes, len(counts)))].min())
        raise InputError(
            f"{images.name} has {len(counts)} classes, these with at least {most} training images each; "
            f"got digits={classes} (2 or more are needed), images={per_class}"
        )
    train = np.concatenate([np.flatnonzero(images.train_labels == k)[:per_class] for k in range(classes)])
    test = np.concatenate([np.flatnonzero(images.test_labels == k)[:TESTED] for k in range(classes)])
    chosen = images._replace(
        train=images.train[train],
        train_labels=images.train_labels[train],
        test=images.test[test],
        test_labels=images.test_labels[test],
    )
    return Schedule(chosen, classes, per_class)


def examine(model: DiehlCook, schedule: Schedule, seen: int) -> list[float]:
    """Name the neurons by training images of the first `seen` classes, and return the accuracy on test images of each.

    Learning is off. A tie counts as a mistake.
    """
    model.name_neurons(*schedule.naming(seen))
    stimuli, labels = schedule.testing(seen)
    ballots = readout.votes(model.responses(stimuli), model.assignment_, schedule.classes)
    right = readout.strictly_right(ballots, labels)
    return [float(right[labels == k].mean()) for k in range(seen)]


def teach(model: DiehlCook, schedule: Schedule, report: Progress) -> list[list[float]]:
    """Begin anew, teach the whole schedule, and return the accuracies of each exam: row k has k + 1 of them."""
    train, labels = schedule.images.train, schedule.images.train_labels
    model.begin(train, labels)
    rows = []
    for k in range(schedule.classes):
        part = slice(k * schedule.per_class, (k + 1) * schedule.per_class)
        for _ in model.lessons(train[part], labels[part]):
            report.advance(1)
        rows.append(examine(model, schedule, k + 1))
    return rows


def background_left(model: DiehlCook, schedule: Schedule) -> float | None:
    """Return the mean weight of the pixels that no image lights, over that of a network that has learned nothing.

    None where every pixel is lit.
    """
    dark = schedule.background
    if not dark.any():
        return None
    return float(model.weights_[dark].mean() / np.mean(model.initial))
