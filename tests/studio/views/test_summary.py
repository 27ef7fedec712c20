from datetime import datetime, timedelta

import pytest

from spikesight.studio import open_run
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import summary
from spikesight.studio.views.accuracy import accuracy_of


def test_a_finished_run(opened, finished):
    told = summary.answer(opened, Query())
    assert told["status"] == "finished"
    assert (told["recipe"], told["seed"], told["stimuli"]) == ("diehl-cook-digits", 0, 300)
    assert (told["accuracy"], told["control"], told["seconds"]) == (0.885, 0.412, 43.2)
    assert told["accuracy_name"] == "Accuracy, held out"
    assert told["spikes"] == sum(len(finished.spikes(layer)) for layer in finished.truth)
    assert [layer["spikes"] for layer in told["layers"]] == [len(finished.spikes(layer)) for layer in finished.truth]
    assert told["extent"] == pytest.approx([0, 150.0])
    assert told["readout"] == {"pre": "input", "post": "exc"}


def test_a_running_run_tells_the_training_accuracy_and_how_far_it_is(growing):
    run = OpenRun(growing.run.folder)
    run.refresh()
    told = summary.answer(run, Query())
    assert told["status"] == "running"
    assert told["progress"] == {"done": 60, "total": 1000}
    assert told["accuracy_name"] == "Accuracy, training"
    assert told["accuracy"] == pytest.approx(run.trace.scalars("accuracy")[1][-1])
    assert told["control"] is None


def test_names_that_no_recipe_writes_mean_nothing(growing):
    growing.run.update(metrics={"value": 0.9, "test_accuracy": 0.9, "control_accuracy": 0.9, "training_accuracy": 0.9})
    run = OpenRun(growing.run.folder)
    run.refresh()
    told = summary.answer(run, Query())
    assert (told["accuracy_name"], told["control"]) == ("Accuracy, training", None)


def test_between_checkpoints_progress_is_what_was_recorded(growing):
    growing.run.update(progress={"done": 10, "total": 50})
    run = OpenRun(growing.run.folder)
    run.refresh()
    assert summary.answer(run, Query())["progress"] == {"done": 50, "total": 50}
    growing.run.update(progress={"done": 10, "total": 1000})
    run = OpenRun(growing.run.folder)
    run.refresh()
    assert summary.answer(run, Query())["progress"] == {"done": 60, "total": 1000}


def test_the_clock_of_a_running_run_goes_on(growing):
    started = datetime.now().astimezone() - timedelta(seconds=100)
    growing.run.update(started=started.isoformat())
    run = OpenRun(growing.run.folder)
    run.refresh()
    assert 100 <= summary.answer(run, Query())["seconds"] < 110


def test_counts_of_a_growing_run_stay_right(growing, monkeypatch):
    monkeypatch.setattr(open_run, "SECONDS_BETWEEN_LOOKS", 0.0)
    monkeypatch.setattr(open_run, "SECONDS_THAT_MAY_LAG", 5.0)
    run = OpenRun(growing.run.folder)
    for _ in range(5):
        growing.show(7)
        run.refresh()
        told = summary.answer(run, Query())["layers"]
        assert [layer["spikes"] for layer in told] == [len(growing.spikes(layer)) for layer in growing.truth]


def test_an_accuracy_that_the_run_did_not_write_is_that_of_its_answers(pictures):
    t, value, _ = accuracy_of(pictures)
    assert len(t)
    assert not len(pictures.trace.scalars("accuracy")[1])
    assert summary.answer(pictures, Query())["accuracy"] == pytest.approx(value[-1])
