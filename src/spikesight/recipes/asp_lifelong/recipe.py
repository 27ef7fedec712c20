"""Digits one class after the other: what adaptive plasticity with a leak remembers, and what plain STDP does."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from sklearn.base import clone

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import MissingExtra, RunError
from spikesight.base.progress import progress
from spikesight.datasets.images import mnist
from spikesight.estimators.diehl_cook import EXCITATORY, DiehlCook
from spikesight.recipes.asp_lifelong.figure import forgetting
from spikesight.recipes.asp_lifelong.learners import CONTROLS, Learner
from spikesight.recipes.asp_lifelong.schedule import Schedule, background_left, examine, one_by_one, teach
from spikesight.recipes.contract import Order, Result, claim
from spikesight.recipes.course import Course, Exam, Plan, course
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.settings import settings_of
from spikesight.runs.folder import Run
from spikesight.trace.probe import Probe

PICTURES_PER_CLASS = 10
QUICK_IMAGES = 130
"""Of each class; scikit-learn's digits have little more."""

Rows = dict[str, list[list[float]]]


@dataclass(frozen=True)
class AspLifelong:
    """See the README beside this file. `n` neurons; `digits` classes, `images` of each; `rule` the learner; `jump`
    volts that a spike adds to a neuron's threshold; `leak` the shortest time constant of weights, over the duration of
    the schedule; `offset` the trace below which an input is depressed.
    """

    n: int = 100
    digits: int = 3
    images: int = 1000
    rule: Learner = Learner.ASP
    jump: float = 3.5e-5
    leak: float = 1 / 3
    offset: float = 0.4

    name = "asp-lifelong"

    def schedule(self, order: Order) -> Schedule:
        """Return what is taught in which order; `quick` takes scikit-learn's digits, enlarged, and fewer of them."""
        if order.quick:
            return one_by_one(enlarged_digits(), self.digits, min(self.images, QUICK_IMAGES))
        return one_by_one(mnist(order.data), self.digits, self.images)

    def model(self, learner: Learner, schedule: Schedule, seed: int) -> DiehlCook:
        """Return an untaught network: the learners differ in their rule and in what keeps their weights in bounds."""
        model = DiehlCook(n=self.n, exc=replace(EXCITATORY, jump=self.jump), max_delay=0.0, seed=seed)
        seconds = schedule.classes * schedule.per_class * (model.showing.shown + model.showing.rest)
        model.set_params(**learner.parameters(self.leak * seconds, self.offset))
        return model

    def plan(self, schedule: Schedule, order: Order) -> Plan:
        """Return the course: output spikes, and the weights ten times per class."""
        weights = max(1, schedule.per_class // PICTURES_PER_CLASS)
        probes = Probe("input.spikes", every=100), Probe("exc.spikes"), Probe("input_exc.w", every=weights)
        model = self.model(self.rule, schedule, order.seed)
        return Plan(self.name, model, schedule.images, probes, order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """Teach `rule`, with an exam after each class.   Errors: see `Recipe.train`."""
        recipe, order = as_begun(self, order)
        schedule = recipe.schedule(order)
        with course(recipe.plan(schedule, order), order) as under_way:
            recipe._teach(under_way, schedule, order)
            _draw(under_way.run, order)
        return under_way.run.folder

    def reproduce(self, order: Order) -> Result:
        """Teach `rule`, then the controls by the same schedule.   Errors: see `Recipe.reproduce`."""
        started = time.perf_counter()
        recipe, order = as_begun(self, order)
        schedule = recipe.schedule(order)
        with course(recipe.plan(schedule, order), order) as under_way:
            run = under_way.run
            recipe._teach(under_way, schedule, order)
            recipe._teach_controls(run, schedule, order)
            control = run.facts["metrics"]["forgetting"][CONTROLS[0]][-1]
            untrained = clone(under_way.plan.model).begin(schedule.images.train, schedule.images.train_labels)
            none = examine(untrained, schedule, schedule.classes)
            seconds = time.perf_counter() - started
            run.update(
                metrics={
                    "control": _mean(control),
                    "control_first": control[0],
                    "untrained": _mean(none),
                    "untrained_first": none[0],
                    "seconds": seconds,
                }
            )
            _draw(run, order)
        return Result(
            name=self.name,
            metric=claim(self.name).metric,
            value=run.facts["metrics"]["accuracy"],
            published=None,
            control=_mean(control),
            seconds=seconds,
            images_per_second=under_way.images_per_second,
            seed=order.seed,
            run=str(run.folder),
        )

    def _teach(self, under_way: Course, schedule: Schedule, order: Order) -> None:
        """Teach what is left, and write down each exam as it is held."""
        model, run = under_way.plan.model, under_way.run

        def hold() -> None:
            seen = under_way.done // schedule.per_class
            earlier, row = _exams(run).get(self.rule, [])[: seen - 1], examine(model, schedule, seen)
            _keep(run, self.rule, [*earlier, row], background_left(model, schedule))
            under_way.writer.mark(model.engine_.clock, "exam", f"after class {seen - 1}: {_mean(row):.1%}")
            under_way.writer.scalar(model.engine_.clock, "first_class", row[0])
            under_way.writer.scalar(model.engine_.clock, "classes_so_far", _mean(row))

        under_way.learn(order, Exam(schedule.per_class, hold))
        last = _exams(run)[self.rule][-1]
        run.update(metrics={"accuracy": _mean(last), "accuracy_first": last[0]})

    def _teach_controls(self, run: Run, schedule: Schedule, order: Order) -> None:
        """Teach those that are not taught yet: a run that went on may have some."""
        for learner in CONTROLS:
            if learner in _exams(run):
                continue
            model = self.model(learner, schedule, order.seed)
            with progress(f"training the control {learner}", len(schedule.images.train), order.stream) as bar:
                rows = teach(model, schedule, bar)
            _keep(run, learner, rows, background_left(model, schedule))


def _exams(run: Run) -> Rows:
    found: Rows = run.facts["metrics"].get("forgetting", {})
    return found


def _keep(run: Run, learner: Learner, rows: list[list[float]], background: float | None) -> None:
    left = run.facts["metrics"].get("background_left", {})
    run.update(
        metrics={
            "forgetting": {**_exams(run), str(learner): rows},
            "background_left": {**left, str(learner): background},
        }
    )


def _draw(run: Run, order: Order) -> None:
    figure = run.folder / "forgetting.svg"
    try:
        drawn = forgetting(_exams(run))
    except MissingExtra as error:
        print(f"No forgetting.svg, the numbers are in run.json: {error}", file=order.stream or sys.stderr)
        return
    with storage(run.folder, RunError):
        write_bytes(figure, drawn)
    print(f"Figure: {figure}", file=order.stream or sys.stderr)


def _mean(accuracies: list[float]) -> float:
    return sum(accuracies) / len(accuracies)


RECIPE = AspLifelong()
