"""How a Diehl & Cook claim is tried: train, test on what was never trained on, test the same network untrained."""

from __future__ import annotations

import time
from pathlib import Path

from sklearn.base import clone

from spikesight.base.progress import progress
from spikesight.datasets.images import ImageSet
from spikesight.estimators.diehl_cook import DiehlCook
from spikesight.recipes.contract import Order, Result, claim
from spikesight.recipes.course import Plan, course, name_neurons
from spikesight.trace.probe import Probe


def probes(every: int, weights: int) -> tuple[Probe, ...]:
    """What a run records: all output spikes, the others of every `every`-th stimulus, weights every `weights`
    stimuli.
    """
    return (
        Probe("input.spikes", every=every),
        Probe("exc.spikes"),
        Probe("inh.spikes", every=every),
        Probe("input_exc.w", every=weights),
    )


def train(plan: Plan, order: Order) -> Path:
    """Train, name the neurons, and return the folder of the run."""
    with course(plan, order) as under_way:
        under_way.learn(order)
        under_way.name_neurons(order)
    return under_way.run.folder


def reproduce(plan: Plan, order: Order, published: float | None) -> Result:
    """Train, then score the test images with the trained network and with an untrained one named in the same way.

    `published` is what the paper states for a network of this size, if anything.
    """
    started = time.perf_counter()
    images = plan.images
    with course(plan, order) as under_way:
        under_way.learn(order)
        under_way.name_neurons(order)
        value = _score(plan.model, images, order, "testing")
        untrained = clone(plan.model).begin(images.train, images.train_labels)
        name_neurons(untrained, images, order)
        control = _score(untrained, images, order, "testing the control")
        seconds = time.perf_counter() - started
        under_way.run.update(metrics={"accuracy": value, "control": control, "seconds": seconds})
    return Result(
        name=plan.recipe,
        metric=claim(plan.recipe).metric,
        value=value,
        published=published,
        control=control,
        seconds=seconds,
        images_per_second=under_way.images_per_second,
        seed=order.seed,
        run=str(under_way.run.folder),
    )


def _score(model: DiehlCook, images: ImageSet, order: Order, label: str) -> float:
    with progress(label, len(images.test), order.stream) as bar:
        return model.strict_score(images.test, images.test_labels, bar)
