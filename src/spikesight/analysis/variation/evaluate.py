"""Asking a model about the same images under every condition, at every level: a table with a row for each answer."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.variation.designs import Condition
from spikesight.analysis.variation.kinds import Scene, draws
from spikesight.analysis.variation.render import LEVELS, Variation, rendered
from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress

NO_ANSWER: Final = -1


class Answers(NamedTuple):
    """What a model says to B images: `prediction` (B,) positions in the list of classes, `NO_ANSWER` where it gives
    none or two are equally likely; `latency` (B,) when it says so, in seconds or steps, and `spikes` (B,) it takes,
    NaN where that is not known.
    """

    prediction: NDArray[np.int64]
    latency: NDArray[np.float64]
    spikes: NDArray[np.float64]


Model = Callable[[NDArray[Any]], Any]
"""Whatever takes flat images (B, pixels) and returns scores (B, classes), or `Answers`."""


class Images(NamedTuple):
    """Flat images (N, pixels) of `shape`, their labels (N,) from 0, how many `classes` there are, and their scene."""

    images: NDArray[Any]
    labels: NDArray[np.int64]
    shape: tuple[int, int]
    classes: int
    scene: Scene = Scene()


@dataclass(frozen=True)
class Table:
    """A row for each answer, by columns (n,). `image` is its place among the images; `ink` the share that was kept."""

    model: NDArray[np.str_]
    design: NDArray[np.str_]
    variation: NDArray[np.str_]
    level: NDArray[np.int64]
    image: NDArray[np.int64]
    seed: NDArray[np.int64]
    label: NDArray[np.int64]
    prediction: NDArray[np.int64]
    latency: NDArray[np.float64]
    spikes: NDArray[np.float64]
    ink: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.level)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which answers are right."""
        right: NDArray[np.bool_] = self.prediction == self.label
        return right

    def where(self, **values: Any) -> Table:
        """Return the rows whose columns have these values: `table.where(design="one", level=2)`."""
        chosen = np.ones(len(self), np.bool_)
        for name, value in values.items():
            chosen &= getattr(self, name) == value
        return Table(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def __add__(self, other: Table) -> Table:
        """Return the rows of both."""
        return Table(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))

    def write(self, file: Path) -> None:
        """Write the table as CSV.   Errors: InputError where the file cannot be written."""
        names = [field.name for field in fields(self)]
        try:
            with file.open("w", newline="") as out:
                lines = csv.writer(out)
                lines.writerow(names)
                lines.writerows(zip(*(getattr(self, name).tolist() for name in names), strict=True))
        except OSError as error:
            raise InputError(f"cannot write {file}: {error.strerror}") from error


def read(file: Path) -> Table:
    """Read a table that `Table.write` wrote, or somebody else with the same columns, of people say.

    Errors: InputError where the file cannot be read, lacks a column, or holds words where numbers belong.
    """
    try:
        given = csv.DictReader(file.read_text().splitlines(), restval="")
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is no table of answers: {error}") from error
    wanted = [field.name for field in fields(Table)]
    missing = [name for name in wanted if name not in (given.fieldnames or ())]
    if missing:
        raise InputError(f"{file} has no column '{missing[0]}': a table of answers has {', '.join(wanted)}")
    lines = list(given)
    words, whole = ("model", "design", "variation"), ("level", "image", "seed", "label", "prediction")
    try:
        columns: list[Any] = [
            np.array([line[field.name] for line in lines], dtype=np.str_)
            if field.name in words
            else np.array([line[field.name] for line in lines]).astype(np.int64 if field.name in whole else np.float64)
            for field in fields(Table)
        ]
    except ValueError as error:
        raise InputError(f"{file} is no table of answers: {error}") from error
    return Table(*columns)


def evaluate(
    model: Model,
    given: Images,
    conditions: Sequence[Condition],
    *,
    name: str = "model",
    levels: int = LEVELS,
    seeds: int = 1,
    report: Progress = SILENT,
) -> Table:
    """Ask `model` about every image under every condition, at levels 0 to `levels`, for each of `seeds` draws.

    Level 0 is the same everywhere and asked once. `report` is told of every (condition, level, seed), of which there
    are `looks(conditions, levels, seeds)`.
    Errors: InputError where images, their shape and labels do not fit, or the model answers for another number of
    images; without a condition.
    """
    if not conditions:
        raise InputError("nothing is varied: give one condition at least")
    if math.prod(given.shape) != np.shape(given.images)[1]:
        rows, columns = given.shape
        raise InputError(f"images of {np.shape(given.images)[1]} pixels are none of {rows} x {columns}")
    if len(given.images) != len(given.labels) or not len(given.images):
        raise InputError(f"{len(given.images)} images have {len(given.labels)} labels: one image and label at least")
    unvaried = answers(model, given.images)
    report.advance(1, accuracy=float((unvaried.prediction == given.labels).mean()))
    parts, whole = [], np.ones(len(given.images))
    for condition in conditions:
        for seed in range(seeds):
            parts.append(_rows(name, condition, 0, seed, given, unvaried, whole))
            chances = draws(seed, range(len(given.images)))
            for level in range(1, levels + 1):
                variation = Variation(condition.kinds, level, seed, levels)
                images, ink = rendered(given.images, given.shape, variation, chances, given.scene)
                said = answers(model, images)
                parts.append(_rows(name, condition, level, seed, given, said, ink))
                report.advance(1, accuracy=float((said.prediction == given.labels).mean()))
    return Table(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Table)))


def looks(conditions: Sequence[Condition], levels: int = LEVELS, seeds: int = 1) -> int:
    """Return how often `evaluate` asks the model about all images."""
    return 1 + len(conditions) * levels * seeds


def answers(model: Model, images: NDArray[Any]) -> Answers:
    """Ask a model; of scores, two equal largest ones are no answer, nor are scores that are not numbers.

    Errors: InputError where it answers for another number of images.
    """
    said = model(images)
    found = said if isinstance(said, Answers) else _of_scores(np.asarray(said))
    if len(found.prediction) != len(images):
        raise InputError(f"the model was asked about {len(images)} images and answered for {len(found.prediction)}")
    return found


def _of_scores(scores: NDArray[Any]) -> Answers:
    if scores.ndim != 2:
        raise InputError(f"a model returns scores (images, classes) or Answers, got an array of shape {scores.shape}")
    best = scores.max(axis=1, keepdims=True)
    clear = ((scores == best).sum(axis=1) == 1) & ~np.isnan(scores).any(axis=1)
    unknown = np.full(len(scores), np.nan)
    return Answers(np.where(clear, scores.argmax(axis=1), NO_ANSWER), unknown, unknown)


def _rows(
    name: str, condition: Condition, level: int, seed: int, given: Images, said: Answers, ink: NDArray[np.float64]
) -> Table:
    n = len(given.images)
    return Table(
        np.full(n, name),
        np.full(n, condition.design),
        np.full(n, condition.variation),
        np.full(n, level),
        np.arange(n),
        np.full(n, seed),
        np.asarray(given.labels, np.int64),
        np.asarray(said.prediction, np.int64),
        np.asarray(said.latency, np.float64),
        np.asarray(said.spikes, np.float64),
        ink,
    )
