from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rounds import NearestMean, corner_task, three_corners

from spikesight.base.errors import RunError
from spikesight.recipes.contract import Order
from spikesight.recipes.training import Training, reproduce, strictly, train, training
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace


def order(tmp_path: Path, **more: object) -> Order:
    return Order(runs=tmp_path, stream=io.StringIO(), **more)  # type: ignore[arg-type]


def test_a_run_holds_what_was_taught(tmp_path: Path) -> None:
    task = corner_task()
    folder = train(task, order(tmp_path))
    facts = Run.open(folder).facts
    assert facts["status"] == "finished"
    assert facts["progress"] == {"done": 4, "total": 4}
    assert facts["metrics"]["training_accuracy"] == 1.0
    with Trace.open(folder) as trace:
        stimuli = trace.stimuli()
        assert len(stimuli["stim"]) == 6 * 5 + 30  # before, after each of four rounds, and all the test images
        assert (stimuli["prediction"][-30:] == three_corners().test_labels).all()
        assert trace.header.time == "virtual"
        assert trace.header.classes == ("0", "1", "2")
        t, accuracy = trace.scalars("accuracy")
        assert len(t) == 4
        assert accuracy[-1] == 1.0
        spikes = trace.spikes("out")
        assert len(spikes.t) == 3 * 60
    assert strictly(task.model, task.images) == 1.0


def test_images_that_are_looked_at_are_of_all_classes() -> None:
    places = corner_task().watched()
    assert sorted(three_corners().train_labels[places]) == [0, 0, 1, 1, 2, 2]


def test_looking_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched, blind = corner_task(), corner_task()
    train(watched, order(tmp_path))
    monkeypatch.setattr(Training, "_look", lambda self: None)
    train(blind, order(tmp_path))
    for name, array in watched.model.snapshot().items():
        np.testing.assert_array_equal(array, blind.model.snapshot()[name])


def test_an_interrupted_run_goes_on_to_the_same_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spikesight.recipes.training.SECONDS_BETWEEN_CHECKPOINTS", 0.0)
    whole = corner_task()
    begun = train(whole, order(tmp_path))
    started: list[Path] = []
    with pytest.raises(KeyboardInterrupt):
        train(corner_task(interrupted_after=2), order(tmp_path, started=started.append))
    assert Run.open(started[0]).facts["status"] == "interrupted"
    again = corner_task()
    folder = train(again, order(tmp_path, resume=started[0]))
    assert folder == started[0]
    for name, array in whole.model.snapshot().items():
        np.testing.assert_array_equal(array, again.model.snapshot()[name])
    with Trace.open(begun) as one, Trace.open(folder) as other:
        np.testing.assert_array_equal(one.stimuli()["prediction"], other.stimuli()["prediction"])
        np.testing.assert_array_equal(one.scalars("accuracy")[1], other.scalars("accuracy")[1])


def test_another_configuration_is_not_gone_on_with(tmp_path: Path) -> None:
    folder = train(corner_task(), order(tmp_path))
    with pytest.raises(RunError, match="rounds was 4, now 5"):
        train(corner_task(rounds=5), order(tmp_path, resume=folder))


def test_a_finished_run_is_not_taught_again(tmp_path: Path) -> None:
    folder = train(corner_task(), order(tmp_path))
    task = corner_task(interrupted_after=0)
    with training(task, order(tmp_path, resume=folder)) as under_way:
        under_way.finish(order(tmp_path))
        assert under_way.images_per_second == pytest.approx(60 / under_way.seconds)
    assert isinstance(task.model, NearestMean)
    assert strictly(task.model, task.images) == 1.0


def test_a_run_that_is_gone_on_with_has_taken_what_both_parts_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spikesight.recipes.training.SECONDS_BETWEEN_CHECKPOINTS", 0.0)
    started: list[Path] = []
    with monkeypatch.context() as slow:
        slow.setattr(NearestMean, "round", hours_later(slow, NearestMean.round))
        with pytest.raises(KeyboardInterrupt):
            train(corner_task(interrupted_after=2), order(tmp_path, started=started.append))
    result = reproduce(corner_task(), order(tmp_path, resume=started[0]), None, lambda model, images: 0.5)
    assert result.seconds > 7200.0
    assert (result.value, result.control) == (1.0, 0.5)


def hours_later(monkeypatch: pytest.MonkeyPatch, round_: Callable[..., Any]) -> Callable[..., Any]:
    """Return a round that takes an hour by the clock."""
    now, late = time.perf_counter, [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now() + late[0])

    def slow(*given: Any) -> Any:
        late[0] += 3600.0
        return round_(*given)

    return slow
