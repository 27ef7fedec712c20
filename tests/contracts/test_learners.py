"""Every learner of every recipe that trains in rounds keeps what `Learner` promises."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone

from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order
from spikesight.recipes.training import Task
from spikesight.trace.activity import Activity, Graded
from spikesight.trace.recording import header
from spikesight.trace.watched import Sketch

IMAGES = 200
"""Enough for a round of every learner, few enough for a second."""


def in_rounds() -> list[str]:
    """Return the recipes that train in rounds."""
    return [name for name in CATALOGUE if hasattr(CATALOGUE[name], "task")]


@pytest.fixture(scope="module", params=in_rounds())
def task(request: pytest.FixtureRequest) -> Task:
    whole: Task = CATALOGUE[request.param].task(Order(quick=True))
    places = whole.watched()  # of all classes, whatever the order of the images
    more = np.setdiff1d(np.arange(len(whole.images.train)), places)[: IMAGES - len(places)]
    some = np.concatenate([places, more])
    images = whole.images
    return replace(whole, images=images._replace(train=images.train[some], train_labels=images.train_labels[some]))


def begun(task: Task) -> Any:
    return clone(task.model).begin(task.images.train, task.images.train_labels)


def rounds(model: Any, task: Task, first: int, last: int) -> Any:
    for number in range(first, min(last, model.rounds_)):
        model.round(task.images.train, task.images.train_labels, number)
    return model


def assert_same(one: Any, other: Any) -> None:
    one, other = one.snapshot(), other.snapshot()
    assert set(one) == set(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def assert_same_activity(one: Activity, other: Activity, sketch: Sketch, skipped: int = 0) -> None:
    """Compare what `other` did with what `one` did after the first `skipped` items."""
    if isinstance(one, Graded) and isinstance(other, Graded):
        closest = 1e-5 if skipped else 0.0  # sums of other batches are added in another order
        np.testing.assert_allclose(other.numbers, one.numbers[:, skipped:], rtol=closest, atol=closest)
    finer = 1000 if one.steps is None else 1  # times in seconds are rounded in a trace
    found, again = (each.events(sketch.tick / finer, sketch.steps * finer) for each in (one, other))
    kept = found.stim >= skipped
    np.testing.assert_array_equal(found.t[kept] - skipped * sketch.steps * finer, again.t)
    np.testing.assert_array_equal(found.unit[kept], again.unit)


def test_rounds_can_be_interrupted(task: Task) -> None:
    whole = rounds(begun(task), task, 0, 2)
    first = rounds(begun(task), task, 0, 1)
    kept = {name: np.array(array) for name, array in first.snapshot().items()}
    again = clone(task.model).go_on(kept, task.images.train, task.images.train_labels)
    assert_same(whole, rounds(again, task, 1, 2))


def test_a_snapshot_is_of_numbers(task: Task) -> None:
    for name, array in begun(task).snapshot().items():
        assert isinstance(array, np.ndarray), name
        assert array.dtype.kind in "biuf", name


def test_looking_changes_nothing(task: Task) -> None:
    blind, watched = rounds(begun(task), task, 0, 1), begun(task)
    watched.watch(task.images.test[:20])
    rounds(watched, task, 0, 1)
    seen = [watched.watch(task.images.test[:20]) for _ in range(2)]
    assert_same(blind, watched)
    for layer, activity in seen[0].layers.items():
        assert_same_activity(activity, seen[1].layers[layer], watched.sketch_)


def test_what_is_watched_fits_the_sketch(task: Task) -> None:
    model = rounds(begun(task), task, 0, 1)
    sketch, seen = model.sketch_, model.watch(task.images.test[:7])
    facts = header(sketch, "r", "d", 0, "")
    assert set(seen.layers) == {layer.name for layer in facts.layers}
    for layer in facts.layers:
        activity = seen.layers[layer.name]
        assert len(activity) == 7
        assert activity.shape == layer.shape
        assert activity.events(sketch.tick, sketch.steps).t.max(initial=0) < 7 * sketch.steps
    assert seen.answer.shape == seen.answered.shape == (7,)
    weights = model.weights_now()
    for projection in facts.projections:
        if projection.kernel and projection.kernel.pools:  # no weights
            continue
        assert np.isfinite(weights[projection.name]).all()


def test_the_same_seed_gives_the_same_network_and_another_seed_another(task: Task) -> None:
    assert_same(begun(task), begun(task))
    other = clone(task.model).set_params(seed=task.model.seed + 1).begin(task.images.train, task.images.train_labels)
    mine = begun(task).snapshot()
    assert any(not np.array_equal(array, mine[name]) for name, array in other.snapshot().items())


def test_curves_are_finite(task: Task) -> None:
    told = begun(task).round(task.images.train, task.images.train_labels, 0)
    assert told
    assert all(np.isfinite(value) for value in told.values())
    assert told.get("images", 0) > 0


def test_an_answer_does_not_depend_on_the_batch(task: Task) -> None:
    model = rounds(begun(task), task, 0, 1)
    whole, part = model.watch(task.images.test[:9]), model.watch(task.images.test[4:9])
    np.testing.assert_array_equal(whole.answer[4:], part.answer)
    for layer, activity in whole.layers.items():
        assert_same_activity(activity, part.layers[layer], model.sketch_, 4)
