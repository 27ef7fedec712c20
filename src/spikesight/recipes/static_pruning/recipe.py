"""A Diehl & Cook network before and after its weak synapses are taken away for good, by one threshold."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from spikesight.base.errors import InputError
from spikesight.datasets.images import mnist
from spikesight.estimators.diehl_cook import EXCITATORY, DiehlCook
from spikesight.recipes.contract import Order, Result, claim
from spikesight.recipes.course import Course, Plan, Turns, course
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.effects import comparable, effects
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.late_fall.recipe import NAMED_ON, QUICK_JUMP, QUICK_NEURONS, probes
from spikesight.recipes.settings import settings_of
from spikesight.trace.reader import Trace

QUICK_PASSES, QUICK_AFTER = 6, 5_600
"""Of scikit-learn's digits, enlarged. Pruning is at no beginning of a pass."""

WEIGHTS, QUICK_WEIGHTS = 250, 100
"""Stimuli between two snapshots of the weights."""


class Sum(StrEnum):
    """To what normalisation rescales the weights of a neuron after pruning: what pruning left of it, or what it was."""

    LEFT = "left"
    FULL = "full"


@dataclass(frozen=True)
class StaticPruning:
    """See the README beside this file. `n` neurons see `images` images; after `after` of them the synapses with a
    weight below `threshold` (the largest possible one is 1) are taken away; 0 takes none. `sum` is what normalisation
    keeps.
    """

    n: int = 400
    images: int = 24_000
    after: int = 16_000
    threshold: float = 0.2
    sum: Sum = Sum.LEFT

    name = "static-pruning"

    def moment(self, order: Order) -> int:
        """Return after how many stimuli is pruned."""
        return QUICK_AFTER if order.quick else self.after

    def plan(self, order: Order) -> Plan:
        """Return what is taught to whom: the network of `diehl-cook-mnist`, the first `images` training images.

        `quick` takes 100 neurons and scikit-learn's digits, enlarged, six times.
        """
        if order.quick:
            images = enlarged_digits()
            model = DiehlCook(n=QUICK_NEURONS, passes=QUICK_PASSES, exc=replace(EXCITATORY, jump=QUICK_JUMP))
        else:
            images = mnist(order.data)
            images = images.first(self.images, len(images.test))
            model = DiehlCook(n=self.n, exc=replace(EXCITATORY, jump=EXCITATORY.jump * self.n / 400))
        model.set_params(seed=order.seed, prunable=True, assign_on=NAMED_ON)
        weights = QUICK_WEIGHTS if order.quick else WEIGHTS
        return Plan(self.name, model, images, probes(model, weights), order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return recipe._taught(order).run.folder

    def reproduce(self, order: Order) -> Result:
        """Train with pruning, then the same without, as a second run beside the first, to compare them.

        The value is how many spikes a stimulus gets after pruning, over those before; the control the same of the
        network that is not pruned.   Errors: see `Recipe.reproduce`.
        """
        started = time.perf_counter()
        recipe, order = as_begun(self, order)
        run = recipe._taught(order).run
        whole = replace(recipe, threshold=0.0)._taught(replace(order, resume=None))
        value, control = (_ratio(one.facts["metrics"]) for one in (run, whole.run))
        seconds = time.perf_counter() - started
        run.update(metrics={"spikes_kept": value, "spikes_kept_control": control, "not_pruned": str(whole.run.folder)})
        run.update(metrics={"seconds": seconds})
        metric, speed = claim(self.name).metric, whole.images_per_second
        return Result(self.name, metric, value, None, control, seconds, speed, order.seed, str(run.folder))

    def _taught(self, order: Order) -> Course:
        """Teach what is left, prune when it is time, and write down what that did."""
        plan, moment = self.plan(order), self.moment(order)
        showing, first = plan.model.showing, moment + plan.probes[-1].every  # after the snapshot that sees it
        length = comparable(moment, plan.lessons - first, plan.probes[-1].every)
        with course(plan, order) as under_way:
            if self.threshold and under_way.done >= moment:
                plan.model.set_params(mean_weight=under_way.run.facts["metrics"]["pruning"]["mean_weight"])
            turns: Turns = {moment: partial(self._prune, under_way)} if self.threshold else {}
            under_way.learn(order, turns=turns)
            under_way.name_neurons(order)
            with Trace.open(under_way.run.folder) as trace:
                before, after = (
                    asdict(effects(trace, start, start + length, showing.shown, showing.rest))
                    for start in (moment - length, first)
                )
            under_way.run.update(metrics={"before": before, "after": after})
        return under_way

    def _prune(self, under_way: Course) -> None:
        model = under_way.plan.model
        keep = model.weights_ >= self.threshold
        if not keep.any():
            raise InputError(
                f"no weight reaches the threshold {self.threshold:g}: the largest is {model.weights_.max():g}"
            )
        model.prune(keep)
        if self.sum is Sum.LEFT:
            model.set_params(mean_weight=float(model.weights_.mean()))
        gone, cut_off = float(1.0 - keep.mean()), int((~keep.any(axis=0)).sum())
        text = f"synapses below {self.threshold:g} are gone: {gone:.1%} of them; {cut_off} neurons have none left"
        under_way.writer.mark(model.engine_.clock, "pruning", text)
        told = {"gone": gone, "neurons_cut_off": cut_off, "mean_weight": model.mean_weight}
        under_way.run.update(metrics={"pruning": told})


def _ratio(metrics: dict[str, dict[str, float]]) -> float:
    return metrics["after"]["spikes"] / metrics["before"]["spikes"]


RECIPE = StaticPruning()
