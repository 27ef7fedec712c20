"""How the model of a run stands up to controlled variation of its test images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import numpy as np

from spikesight.analysis.variation.designs import Condition
from spikesight.analysis.variation.evaluate import Images, Table, evaluate, looks
from spikesight.analysis.variation.kinds import Scene
from spikesight.analysis.variation.render import LEVELS
from spikesight.base.errors import InputError
from spikesight.base.progress import progress
from spikesight.base.randomness import generator
from spikesight.datasets.images import ImageSet
from spikesight.estimators.answering import answering
from spikesight.recipes.linear_readout import LinearReadout
from spikesight.recipes.opened import opened

READ_ON = 10_000
"""Training images, at most, that the readout of a network without classes is trained on: they are not varied."""


class Tried(NamedTuple):
    """The answers, how many classes there are, and how many images were asked about."""

    table: Table
    classes: int
    images: int


def try_run(
    folder: Path,
    conditions: Sequence[Condition],
    *,
    data: Path | None = None,
    images: int = 1000,
    levels: int = LEVELS,
    seeds: int = 1,
    stream: TextIO | None = None,
) -> Tried:
    """Ask the model of a run about some of its test images, the same ones for every model.

    Images keep their size: what moves out of them is lost.   Errors: as `opened`; InputError for images < 1.
    """
    if images < 1:
        raise InputError(f"at least one image is needed, got {images}")
    run, model, known = opened(folder, data)
    given = some(known, images)
    answer = answering(model, None if hasattr(model, "classes_") else _readout(model, known))
    with progress("robustness", looks(conditions, levels, seeds), stream) as bar:
        table = evaluate(answer, given, conditions, name=run.facts["name"], levels=levels, seeds=seeds, report=bar)
    return Tried(table, given.classes, len(given.images))


def some(known: ImageSet, images: int) -> Images:
    """Return test images, drawn once and for all, with labels as positions in the list of classes."""
    order = generator(0, "images for variation").permutation(len(known.test))[:images]
    classes = np.unique(known.train_labels)
    labels = np.searchsorted(classes, known.test_labels[order])
    return Images(known.test[order], labels, known.shape, len(classes), scene(known))


def scene(known: ImageSet) -> Scene:
    """Return the background of images, what most pixels of their edges are, and the brightest training pixel."""
    framed = known.train[:1000].reshape(-1, *known.shape)
    edges = [framed[:, 0], framed[:, -1], framed[:, :, 0], framed[:, :, -1]]
    return Scene(float(np.median(np.concatenate([edge.ravel() for edge in edges]))), float(known.train.max()))


def _readout(model: Any, known: ImageSet) -> Any:
    chosen = generator(0, "images for the readout").permutation(len(known.train))[:READ_ON]
    labels = np.searchsorted(np.unique(known.train_labels), known.train_labels[chosen])
    return LinearReadout().classifier().fit(model.transform(known.train[chosen]), labels)
