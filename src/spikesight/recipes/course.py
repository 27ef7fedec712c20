"""Training that is written down: a run folder, a trace, checkpoints from which it goes on as if nothing had
happened.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from spikesight import __version__
from spikesight.base.progress import Progress, progress
from spikesight.circuits.recording import Recorder, header
from spikesight.datasets.images import ImageSet
from spikesight.estimators.diehl_cook import DiehlCook, Lesson
from spikesight.recipes.contract import Order
from spikesight.recipes.going_on import SECONDS_BETWEEN_CHECKPOINTS, alone, check_same
from spikesight.runs.folder import Run
from spikesight.runs.running import running
from spikesight.trace.probe import Probe
from spikesight.trace.writer import TraceWriter

STIMULI_PER_POINT = 25
STIMULI_PER_ACCURACY = 250

LESSONS_AT_ONCE = 25
"""Lessons recorded in one go: one by one, their recording takes twice as long."""


@dataclass(frozen=True)
class Plan:
    """What a course teaches to whom: everything that decides the result, and what is recorded of it."""

    recipe: str
    model: DiehlCook
    images: ImageSet
    probes: tuple[Probe, ...]
    quick: bool
    settings: dict[str, str]

    @property
    def lessons(self) -> int:
        """Stimuli in all passes."""
        return int(self.model.passes) * len(self.images.train)

    def config(self) -> dict[str, Any]:
        """Return what run.json keeps: the estimator's parameters as text, the data set, the probes."""
        parameters = {name: repr(value) for name, value in sorted(self.model.get_params(deep=False).items())}
        return {
            "estimator": type(self.model).__name__,
            "parameters": parameters,
            "quick": self.quick,
            "settings": self.settings,
            "dataset": self.images.name,
            "training_images": len(self.images.train),
            "probes": [repr(probe) for probe in self.probes],
        }


class Exam(NamedTuple):
    """What is done after every `every` stimuli, before the course goes on: `hold` may name the model's neurons and test
    it, and leaves what it has learned alone. An exam whose checkpoint was not reached is held again.
    """

    every: int
    hold: Callable[[], None]


Turns = Mapping[int, Callable[[], None]]
"""What is done to a network under way, by the number of stimuli after which it is done. A turn whose checkpoint was not
reached is taken again; one that lies before the checkpoint is not.
"""

NO_TURNS: Turns = {}


class Reached(NamedTuple):
    """How far a course has come: stimuli done, place in the trace, seconds of training, which of the last were right,
    and whether the neurons have their names.
    """

    done: int = 0
    position: int = 0
    seconds: float = 0.0
    right: tuple[int, ...] = ()
    named: bool = False


class Course:
    """A course under way: `learn` the rest of it, then `name_neurons`."""

    def __init__(self, plan: Plan, run: Run, writer: TraceWriter, reached: Reached) -> None:
        """Use `course`."""
        self.plan, self.run, self.writer = plan, run, writer
        self.recorder = Recorder(writer, plan.model.network_, plan.probes)
        self.done, self.seconds, self.named = reached.done, reached.seconds, reached.named
        self._right: deque[int] = deque(reached.right, maxlen=STIMULI_PER_ACCURACY)
        self._checked, self._told = time.monotonic(), 0
        self._waiting: list[Lesson] = []
        self._fresh = reached == Reached()

    def learn(self, order: Order, exam: Exam | None = None, turns: Turns = NO_TURNS) -> None:
        """Teach what is left, recording and checkpointing.   Errors: StorageFull; KeyboardInterrupt passes through."""
        model, train = self.plan.model, self.plan.images.train
        if self._fresh:
            self.recorder.weights(model.engine_.arrays, 0, -1)
            self.checkpoint()
        if self.done == self.plan.lessons:
            return
        with progress("training", self.plan.lessons, order.stream) as bar:
            bar.advance(self.done)
            self._told = self.done
            while self.done < self.plan.lessons:
                self._pass(self.done % len(train), bar, exam, turns)
            bar.advance(self.done - self._told)
        self.recorder.weights(model.engine_.arrays, model.engine_.clock, model.lessons_seen_ - 1)
        self.checkpoint()

    def _pass(self, first: int, bar: Progress, exam: Exam | None, turns: Turns) -> None:
        model, images = self.plan.model, self.plan.images
        if first == 0:
            epoch = self.done // len(images.train)
            self.writer.mark(model.engine_.clock, "pass", f"pass {epoch + 1} of {model.passes}")
        started = time.perf_counter()
        for lesson in model.lessons(images.train, images.train_labels, first=first, watch=self.recorder.watch):
            self._right.append(int(lesson.prediction == lesson.label))
            self._waiting.append(lesson)
            self.done += 1
            if len(self._waiting) == LESSONS_AT_ONCE or self.recorder.weights_due(lesson.index):
                self._record()
            if self.done % STIMULI_PER_POINT == 0:
                accuracy = sum(self._right) / len(self._right)
                self.writer.scalar(model.engine_.clock, "accuracy", accuracy)
                self.writer.scalar(model.engine_.clock, "spikes_per_stimulus", float(lesson.shown.counts.sum()))
                bar.advance(self.done - self._told, accuracy=accuracy)
                self._told = self.done
            if self.done in turns:
                turns[self.done]()
            examined = exam is not None and self.done % exam.every == 0
            if examined or self._checkpoint_due:
                self.seconds += time.perf_counter() - started
                self._record()
                if exam is not None and examined:
                    exam.hold()
                started = time.perf_counter()
                if self.done < self.plan.lessons:
                    self.checkpoint()
        self._record()
        self.seconds += time.perf_counter() - started

    @property
    def _checkpoint_due(self) -> bool:
        return time.monotonic() - self._checked > SECONDS_BETWEEN_CHECKPOINTS and self.done < self.plan.lessons

    def _record(self) -> None:
        record(self._waiting, self.recorder, self.plan.model, len(self.plan.images.train))
        self._waiting.clear()

    def checkpoint(self) -> None:
        """Write everything needed to go on from here. The weights name the place in the trace that belongs to them."""
        reached = Reached(self.done, self.writer.seal(), self.seconds, tuple(self._right), self.named)
        self.run.save_weights(self.plan.model.snapshot(), reached=json.dumps(reached))
        accuracy = sum(self._right) / len(self._right) if self._right else None
        self.run.update(
            progress={"done": self.done, "total": self.plan.lessons},
            metrics={"training_accuracy": accuracy, "training_seconds": self.seconds},
        )
        self._checked = time.monotonic()

    def name_neurons(self, order: Order) -> None:
        """Give the neurons their classes, from the training set with learning off, and keep them with the weights.

        A run that went on and has them already keeps them.
        """
        if not self.named:
            name_neurons(self.plan.model, self.plan.images, order)
            self.named = True
            self.checkpoint()

    @property
    def images_per_second(self) -> float:
        """Training stimuli per second of training, recording included."""
        return self.done / self.seconds if self.seconds else 0.0


def record(lessons: Sequence[Lesson], recorder: Recorder, model: DiehlCook, images: int) -> None:
    """Record lessons, up to the newest one, and their stimuli; `images` is how many make a pass."""
    recorder.record_all([(lesson.shown, lesson.index) for lesson in lessons], model.engine_.arrays)
    for lesson in lessons:
        epoch, source = divmod(lesson.index, images)
        recorder.writer.stimulus(
            stim=lesson.index,
            t_start=lesson.shown.first_tick,
            t_end=lesson.shown.end,
            label=lesson.label,
            prediction=lesson.prediction,
            correct=lesson.prediction == lesson.label if lesson.prediction >= 0 else None,
            epoch=epoch,
            source=source,
        )


def name_neurons(model: DiehlCook, images: ImageSet, order: Order) -> None:
    """Give the neurons of `model` their classes from the training images, saying how far it has come."""
    with progress("naming neurons", len(images.train[: model.assign_on]), order.stream) as bar:
        model.name_neurons(images.train, images.train_labels, bar)


@contextmanager
def course(plan: Plan, order: Order) -> Iterator[Course]:
    """Open a course: a new run, or the one that `order.resume` names, from its last checkpoint.

    Errors: RunError where that run is of another recipe or configuration, is still being written by another process, or
    cannot be read (its run.json stays as it is); StorageFull.
    """
    with _gone_on(plan, order, order.resume) if order.resume else _begun(plan, order) as under_way:
        yield under_way


@contextmanager
def _begun(plan: Plan, order: Order) -> Iterator[Course]:
    run = Run.create(order.runs, plan.recipe, seed=order.seed, config=plan.config())
    order.started(run.folder)
    with running(run):
        plan.model.begin(plan.images.train, plan.images.train_labels)
        known = (plan.images.name, order.seed, __version__, plan.probes, plan.model.classes_.tolist())
        facts = header(plan.model.network_, run.facts["name"], *known)
        with TraceWriter.create(run.trace_folder, facts) as writer:
            yield Course(plan, run, writer, Reached())


@contextmanager
def _gone_on(plan: Plan, order: Order, folder: Path) -> Iterator[Course]:
    run = Run.open(folder)
    check_same(run, plan.recipe, plan.config())
    with alone(run) as lock:
        run = Run.open(folder)  # again: until the lock was ours, another process may have gone on with it
        snapshot, facts = run.load_weights()
        reached = Reached(*json.loads(facts["reached"]))
        plan.model.go_on(snapshot, plan.images.train, plan.images.train_labels)
        order.started(run.folder)
        with running(run), TraceWriter.go_on(run.trace_folder, reached.position, lock) as writer:
            yield Course(plan, run, writer, reached)
