"""Training in rounds that is written down: a run folder, a trace, checkpoints from which it goes on as if nothing had
happened.

A recipe that trains so has a method `task(order) -> Task`: by it, its run can be opened again as a model, and
tests/contracts/test_learners.py holds its model to what `Learner` promises.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight import __version__
from spikesight.base.progress import progress
from spikesight.datasets.images import ImageSet
from spikesight.estimators.learner import Learner
from spikesight.recipes.contract import Order, Result, claim
from spikesight.recipes.going_on import SECONDS_BETWEEN_CHECKPOINTS, alone, check_same
from spikesight.runs.folder import Run
from spikesight.runs.plain import plain
from spikesight.runs.running import running
from spikesight.trace.recording import Recorder, header
from spikesight.trace.writer import TraceWriter

TEST_IMAGES_SHOWN = 100
"""Of the test set, at the end of the training: the first ones. Nothing is chosen by them."""

SNAPSHOTS = 40
"""Of the weights in a whole training, about."""


@dataclass(frozen=True)
class Task:
    """What is taught to whom: everything that decides the result. After each round, `looks` training images are shown
    to the network and recorded: as many of each class.
    """

    recipe: str
    model: Learner
    images: ImageSet
    quick: bool
    settings: Mapping[str, str]
    looks: int = 10
    facts: Mapping[str, Any] = field(default_factory=dict)

    def config(self) -> dict[str, Any]:
        """Return what run.json keeps: the estimator's parameters as text, the data set."""
        parameters = {name: repr(value) for name, value in sorted(self.model.get_params(deep=False).items())}
        return {
            "estimator": type(self.model).__name__,
            "parameters": parameters,
            "quick": self.quick,
            "settings": dict(self.settings),
            "dataset": self.images.name,
            "training_images": len(self.images.train),
            "looks": self.looks,
            **self.facts,
        }

    def watched(self) -> NDArray[np.int64]:
        """Return the places of the training images that are looked at: the first ones of each class, in turn."""
        labels = self.images.train_labels
        turn = np.empty(len(labels), np.int64)
        for label in np.unique(labels):
            turn[labels == label] = np.arange(np.count_nonzero(labels == label))
        return np.lexsort((labels, turn))[: self.looks]


class Reached(NamedTuple):
    """How far a training has come: rounds done, items shown, place in the trace, seconds and images of training."""

    done: int = 0
    shown: int = 0
    position: int = 0
    seconds: float = 0.0
    images: int = 0


class Training:
    """A training under way: `finish` the rest of it."""

    def __init__(self, task: Task, run: Run, writer: TraceWriter, reached: Reached) -> None:
        """Use `training`."""
        self.task, self.run, self.writer = task, run, writer
        self.model, self.images = task.model, task.images
        self.recorder = Recorder(writer, task.model.sketch_, reached.shown, hasattr(task.model, "predict"))
        self.done, self.seconds, self.trained_on = reached.done, reached.seconds, reached.images
        self._classes = np.unique(task.images.train_labels)
        self._watched = task.watched()
        self._checked = time.monotonic()
        self._fresh = reached == Reached()
        self._curves: dict[str, float] = {}

    def finish(self, order: Order) -> None:
        """Do the rounds that are left, recording and checkpointing.

        Errors: StorageFull; KeyboardInterrupt passes through.
        """
        model = self.model
        if self._fresh:
            self._look()
            self.recorder.weights(model.weights_now())
            self.checkpoint()
        if self.done >= model.rounds_:
            return
        with progress("training", model.rounds_, order.stream) as bar:
            bar.advance(self.done)
            while self.done < model.rounds_:
                self._round()
                bar.advance(1, **self._curves)
                if self.done < model.rounds_ and time.monotonic() - self._checked > SECONDS_BETWEEN_CHECKPOINTS:
                    self.checkpoint()
        self._show(self.images.test, self.images.test_labels, np.arange(TEST_IMAGES_SHOWN), "test")
        self.recorder.weights(model.weights_now())
        self.checkpoint()

    def _round(self) -> None:
        started = time.perf_counter()
        told = dict(self.model.round(self.images.train, self.images.train_labels, self.done))
        self.seconds += time.perf_counter() - started
        self.trained_on += int(told.pop("images", 0))
        self.done += 1
        self._curves = told
        self._look()
        self.recorder.curves(told)
        if self.done % max(1, self.model.rounds_ // SNAPSHOTS) == 0 and self.done < self.model.rounds_:
            self.recorder.weights(self.model.weights_now())

    def _look(self) -> None:
        self._show(self.images.train, self.images.train_labels, self._watched, "train")

    def _show(self, images: NDArray[Any], labels: NDArray[np.int64], places: NDArray[np.int64], split: str) -> None:
        places = places[places < len(images)]
        if len(places):
            named = np.searchsorted(self._classes, labels[places])
            self.recorder.show(self.model.watch(images[places]), named, places, self.done, split)

    def checkpoint(self) -> None:
        """Write everything needed to go on from here. The weights name the place in the trace that belongs to them."""
        reached = Reached(self.done, self.recorder.shown, self.writer.seal(), self.seconds, self.trained_on)
        self.run.save_weights(self.model.snapshot(), reached=json.dumps(reached))
        self.run.update(
            progress={"done": self.done, "total": self.model.rounds_},
            metrics={"training_seconds": self.seconds, **{f"training_{name}": v for name, v in self._curves.items()}},
        )
        self._checked = time.monotonic()

    @property
    def images_per_second(self) -> float | None:
        """Training images per second of training, looks not included; None where the model does not count them."""
        return self.trained_on / self.seconds if self.trained_on and self.seconds else None


Score = Callable[[Any, ImageSet], float]
"""`score(model, images)`: test accuracy of the trained model, or of what is made from it for a control."""


def train(task: Task, order: Order) -> Path:
    """Train and return the folder of the run."""
    with training(task, order) as under_way:
        under_way.finish(order)
    return under_way.run.folder


def strictly(model: Any, images: ImageSet) -> float:
    """Score a classifier on the test images; ties are mistakes."""
    return float(model.strict_score(images.test, images.test_labels))


def reproduce(
    task: Task,
    order: Order,
    published: float | None,
    control: Score,
    score: Score = strictly,
    others: Mapping[str, Score] | None = None,
) -> Result:
    """Train, then score the test images with the trained network and with its control.

    `published` is what the paper states, if anything for this task; `others` are further figures for run.json. Of a run
    that is gone on with, "seconds" holds the training before too.
    """
    started = time.perf_counter()
    with training(task, order) as under_way:
        started -= under_way.seconds
        under_way.finish(order)
        value = score(task.model, task.images)
        under_way.run.update(metrics={"accuracy": value})
        beside = control(task.model, task.images)
        under_way.run.update(metrics={"control": beside})
        for name, measure in (others or {}).items():
            under_way.run.update(metrics={name: measure(task.model, task.images)})
        seconds = time.perf_counter() - started
        under_way.run.update(metrics={"seconds": seconds})
    return Result(
        name=task.recipe,
        metric=claim(task.recipe).metric,
        value=value,
        published=published,
        control=beside,
        seconds=seconds,
        images_per_second=under_way.images_per_second,
        seed=order.seed,
        run=str(under_way.run.folder),
    )


@contextmanager
def training(task: Task, order: Order) -> Iterator[Training]:
    """Open a training: a new run, or the one that `order.resume` names, from its last checkpoint.

    Errors: RunError where that run is of another recipe or configuration, is still being written by another process, or
    cannot be read (its run.json stays as it is); StorageFull.
    """
    with _gone_on(task, order, order.resume) if order.resume else _begun(task, order) as under_way:
        yield under_way


@contextmanager
def _begun(task: Task, order: Order) -> Iterator[Training]:
    run = Run.create(order.runs, task.recipe, seed=order.seed, config=task.config())
    order.started(run.folder)
    with running(run):
        task.model.begin(task.images.train, task.images.train_labels)
        classes = [str(label) for label in np.unique(task.images.train_labels)]
        facts = header(task.model.sketch_, run.facts["name"], task.images.name, order.seed, __version__, classes)
        with TraceWriter.create(run.trace_folder, facts) as writer:
            yield Training(task, run, writer, Reached())


@contextmanager
def _gone_on(task: Task, order: Order, folder: Path) -> Iterator[Training]:
    run = Run.open(folder)
    check_same(run, task.recipe, plain("config", task.config()))
    with alone(run) as lock:
        run = Run.open(folder)  # again: until the lock was ours, another process may have gone on with it
        snapshot, facts = run.load_weights()
        reached = Reached(*json.loads(facts["reached"]))
        task.model.go_on(snapshot, task.images.train, task.images.train_labels)
        order.started(run.folder)
        with running(run), TraceWriter.go_on(run.trace_folder, reached.position, lock) as writer:
            yield Training(task, run, writer, reached)
