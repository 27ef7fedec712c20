"""A Diehl & Cook network whose accuracy falls late in the run, and whether the trace tells why."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from spikesight.analysis.what_changed import what_changed
from spikesight.analysis.what_happened import Event
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp
from spikesight.datasets.images import mnist
from spikesight.estimators.diehl_cook import EXCITATORY, DiehlCook
from spikesight.recipes.contract import Order, Result, claim
from spikesight.recipes.course import Course, Plan, course
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits
from spikesight.recipes.effects import comparable, effects
from spikesight.recipes.going_on import as_begun
from spikesight.recipes.late_fall.drift import Drift, faster, go_on_with
from spikesight.recipes.settings import settings_of
from spikesight.trace.probe import Probe
from spikesight.trace.reader import Trace

CAUSE = "weight change of input_exc"
"""What a look at the trace should name first: all that is seen of a learning rate is how much it moves the weights."""

NAMED_ON = 10_000
"""Training images that name the neurons in the end, for the votes that the studio shows."""

WATCHED = 16
"""Neurons whose potential and threshold are recorded, twice per showing."""

QUICK_NEURONS, QUICK_PASSES, QUICK_JUMP = 100, 8, 0.025e-3
"""Of scikit-learn's digits, enlarged; the threshold's rise is one with which the small layer learns well."""

QUICK_BOUND = 0.35
"""Of the weights, in the quick version: about what the largest grow to by themselves, so that it changes nothing before
the drift. At the bound of the paper, 1, they double with the drift, which is as striking as how fast they move.
"""

WEIGHTS, QUICK_WEIGHTS = 500, 100
"""Stimuli between two snapshots of the weights."""

QUICK = Drift(after=8_200, every=25, factor=1.0)
"""When the rate grows in the quick version. It is no beginning of a pass, where the trace has a mark."""


@dataclass(frozen=True)
class LateFall:
    """See the README beside this file. `n` neurons; after `after` stimuli the learning rate grows, in eight steps
    `every` stimuli apart, to `factor` times; a factor of 1 is the same run without the drift.
    """

    n: int = 400
    after: int = 48_000
    every: int = 125
    factor: float = 64.0

    name = "late-fall"

    def drift(self, order: Order) -> Drift:
        """Return what drifts and when; `quick` has fewer stimuli, and times of its own."""
        return replace(QUICK, factor=self.factor) if order.quick else Drift(self.after, self.every, self.factor)

    def plan(self, order: Order) -> Plan:
        """Return what is taught to whom: the network of `diehl-cook-mnist`, once through the training images.

        `quick` takes 100 neurons and scikit-learn's digits, enlarged, eight times.
        """
        if order.quick:
            images, weights = enlarged_digits(), QUICK_WEIGHTS
            exc = replace(EXCITATORY, jump=QUICK_JUMP)
            model = DiehlCook(n=QUICK_NEURONS, passes=QUICK_PASSES, exc=exc, rule=_rule(order), seed=order.seed)
        else:
            images, weights = mnist(order.data), WEIGHTS
            exc = replace(EXCITATORY, jump=EXCITATORY.jump * self.n / 400)
            model = DiehlCook(n=self.n, exc=exc, seed=order.seed)
        model.set_params(assign_on=NAMED_ON)
        return Plan(self.name, model, images, probes(model, weights), order.quick, settings_of(self))

    def train(self, order: Order) -> Path:
        """See `Recipe.train`."""
        recipe, order = as_begun(self, order)
        return recipe._taught(order).run.folder

    def reproduce(self, order: Order) -> Result:
        """Train, then ask the trace why accuracy fell; the value is the place of the true cause in the answer.

        The control is its expected place if the series that were asked were listed in any order.
        Errors: see `Recipe.reproduce`.
        """
        started = time.perf_counter()
        recipe, order = as_begun(self, order)
        under_way = recipe._taught(order)
        with Trace.open(under_way.run.folder) as trace:
            fall = surest_fall(what_changed(trace))
        rank, chance = place_of_cause(fall)
        seconds = time.perf_counter() - started
        told = {"answer": fall.as_text().splitlines() if fall else [], "place": rank, "chance": chance}
        under_way.run.update(metrics={**told, "seconds": seconds})
        known, speed, folder = claim(self.name), under_way.images_per_second, under_way.run.folder
        return Result(self.name, known.metric, rank, None, chance, seconds, speed, order.seed, str(folder))

    def _taught(self, order: Order) -> Course:
        """Teach what is left while the rate drifts, and write down what that did."""
        drift, plan = self.drift(order), self.plan(order)
        model, rule = plan.model, _rule(order)
        length = comparable(drift.after, plan.lessons - drift.end, plan.probes[-1].every)

        def turn(done: int) -> None:
            go_on_with(model, faster(rule, drift.times(done)), plan.images)

        with course(plan, order) as under_way:
            if drift.times(under_way.done) != 1.0:
                turn(under_way.done)
            turns: dict[int, Callable[[], None]] = {done: partial(turn, done) for done in drift.moments}
            under_way.learn(order, turns=turns)
            under_way.name_neurons(order)
            with Trace.open(under_way.run.folder) as trace:
                before, after = (
                    asdict(effects(trace, first, first + length, model.showing.shown, model.showing.rest))
                    for first in (drift.after - length, drift.end)
                )
            under_way.run.update(metrics={"before": before, "after": after})
        return under_way


def probes(model: DiehlCook, weights: int) -> tuple[Probe, ...]:
    """What is recorded: all spikes, but those of the input for every tenth stimulus; potential and threshold of some
    neurons; the weights every `weights` stimuli.
    """
    some = tuple(range(0, model.n, max(1, model.n // WATCHED)))
    return (
        Probe("input.spikes", every=10),
        Probe("exc.spikes"),
        Probe("inh.spikes"),
        Probe("exc.v", units=some, every=500),
        Probe("exc.theta", units=some, every=500),
        Probe("input_exc.w", every=weights),
    )


def _rule(order: Order) -> DiehlCookStdp:
    return DiehlCookStdp(high=QUICK_BOUND) if order.quick else DiehlCookStdp()


def surest_fall(events: list[Event]) -> Event | None:
    """Return the fall of accuracy in a trace that chance explains least: deep, or long, or both. None without any."""
    falls = [one for one in events if one.series == "accuracy" and one.during < one.before]
    return min(falls, key=lambda one: one.p, default=None)


def place_of_cause(fall: Event | None) -> tuple[float, float]:
    """Return the place of the true cause among what was found with `fall`, from 1, and its place by chance.

    Where it was not found, the place is behind all series asked; 0 and 0 where accuracy did not fall.
    """
    if fall is None:
        return 0.0, 0.0
    names = [one.series for one in fall.findings]
    return float(names.index(CAUSE) + 1 if CAUSE in names else fall.asked + 1), (fall.asked + 1) / 2


RECIPE = LateFall()
