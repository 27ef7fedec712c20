"""Classes one after the other: what is shown when, what an exam asks, that a run goes on after an interruption, and
the quick version from one end to the other.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT
from spikesight.circuits.recording import Recorder
from spikesight.datasets.images import digits
from spikesight.recipes.asp_lifelong import recipe as module
from spikesight.recipes.asp_lifelong.figure import forgetting
from spikesight.recipes.asp_lifelong.learners import CONTROLS, Learner
from spikesight.recipes.asp_lifelong.recipe import AspLifelong
from spikesight.recipes.asp_lifelong.schedule import background_left, examine, one_by_one, teach
from spikesight.recipes.contract import Order
from spikesight.recipes.settings import adjusted, settings_of
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace

SMALL = AspLifelong(n=10, digits=2, images=12)


@pytest.fixture(autouse=True)
def few_tests(monkeypatch):
    """An exam of eight images of each class is soon over."""
    monkeypatch.setattr("spikesight.recipes.asp_lifelong.schedule.TESTED", 8)


@pytest.fixture
def small(order):
    """Make a course of two classes of twelve images."""
    return lambda **changes: order(quick=True, **changes)


def test_classes_come_one_after_the_other():
    images = digits()
    schedule = one_by_one(images, 3, 20)
    np.testing.assert_array_equal(schedule.images.train_labels, np.repeat([0, 1, 2], 20))
    of_two = images.train[images.train_labels == 2]
    np.testing.assert_array_equal(schedule.images.train[40:], of_two[:20])
    assert np.bincount(schedule.images.test_labels).tolist() == [8, 8, 8]


def test_an_exam_is_about_the_classes_seen_so_far(monkeypatch):
    monkeypatch.setattr("spikesight.recipes.asp_lifelong.schedule.NAMED_ON", 5)
    schedule = one_by_one(digits(), 3, 20)
    X, y = schedule.naming(2)
    assert y.tolist() == [0] * 5 + [1] * 5
    np.testing.assert_array_equal(X[5:], schedule.images.train[20:25])
    assert set(schedule.testing(1)[1].tolist()) == {0}
    assert len(schedule.testing(3)[0]) == 24


@pytest.mark.parametrize(("classes", "each"), [(1, 20), (11, 20), (3, 0), (3, 500)])
def test_a_schedule_that_the_images_do_not_allow(classes, each):
    with pytest.raises(InputError, match="digits has 10 classes"):
        one_by_one(digits(), classes, each)


def test_the_learners_differ_in_their_rule_and_nothing_else():
    schedule = SMALL.schedule(Order(quick=True))
    models = {learner: SMALL.model(learner, schedule, seed=3).get_params(deep=False) for learner in Learner}
    told = {"rule", "leak", "mean_weight", "initial"}
    for parameters in models.values():
        rest = {name: value for name, value in parameters.items() if name not in told}
        assert rest == {name: value for name, value in models[Learner.ASP].items() if name not in told}
    assert models[Learner.ASP]["leak"].tau == pytest.approx(2 * 12 * 0.5 / 3)
    assert models[Learner.NO_LEAK]["leak"].tau == math.inf
    assert models[Learner.STDP]["mean_weight"] == pytest.approx(78 / 784)
    assert models[Learner.FREE_STDP]["mean_weight"] is None
    assert Learner.STDP in CONTROLS


def test_settings_are_words():
    recipe = adjusted(AspLifelong(), {"rule": "stdp-free", "n": "7"})
    assert recipe == AspLifelong(rule=Learner.FREE_STDP, n=7)
    assert adjusted(AspLifelong(), settings_of(recipe)) == recipe
    with pytest.raises(InputError, match="type Learner, got 'bcm'"):
        adjusted(AspLifelong(), {"rule": "bcm"})


def test_what_has_forgotten_fails_the_exam():
    """The weights of the first class's neurons are wiped: those that are left answer to the second class."""
    schedule = SMALL.schedule(Order(quick=True))
    model = replace(SMALL, n=20).model(Learner.STDP, schedule, seed=0)
    rows = teach(model, schedule, SILENT)
    assert [len(row) for row in rows] == [1, 2]
    before = examine(model, schedule, 2)
    model.weights_[:, model.assignment_ == 0] = 0.0
    first, second = examine(model, schedule, 2)
    assert first < before[0]
    assert second > 0.8


def test_the_course_is_what_the_control_is_taught(small):
    """Recorded and examined, or neither: the same exams, bit for bit."""
    recipe, asked = replace(SMALL, rule=Learner.STDP), small()
    schedule = recipe.schedule(asked)
    run = Run.open(recipe.train(asked))
    model = recipe.model(Learner.STDP, schedule, 0)
    assert run.facts["metrics"]["forgetting"]["stdp"] == teach(model, schedule, SILENT)
    np.testing.assert_array_equal(run.load_weights()[0]["input_exc.w"], model.weights_)
    assert run.facts["metrics"]["background_left"]["stdp"] == background_left(model, schedule)


def test_without_leak_and_normalisation_nothing_happens_in_the_background():
    schedule = SMALL.schedule(Order(quick=True))
    model = SMALL.model(Learner.FREE_STDP, schedule, 0)
    teach(model, schedule, SILENT)
    drawn = SMALL.model(Learner.FREE_STDP, schedule, 0).begin(schedule.images.train, schedule.images.train_labels)
    dark = schedule.background
    np.testing.assert_array_equal(model.weights_[dark], drawn.weights_[dark])
    assert background_left(model, schedule) == pytest.approx(1.0, abs=0.05)


def test_after_ctrl_c_it_goes_on_as_if_nothing_had_happened(small, assert_same_run, monkeypatch):
    whole, folders, record = SMALL.train(small()), [], Recorder.record_all

    def stop(self, pieces, arrays):
        if any(number == 17 for _, number in pieces):
            raise KeyboardInterrupt
        record(self, pieces, arrays)

    with monkeypatch.context() as stopped:
        stopped.setattr(Recorder, "record_all", stop)
        with pytest.raises(KeyboardInterrupt):
            SMALL.train(small(started=folders.append))
    run = Run.open(folders[0])
    assert run.facts["progress"]["done"] == 12, "the exam after the first class has a checkpoint"
    assert len(run.facts["metrics"]["forgetting"]["asp"]) == 1
    assert AspLifelong().train(small(resume=folders[0])) == folders[0]
    assert_same_run(folders[0], whole)
    ends = [Run.open(folder).facts["metrics"]["forgetting"] for folder in (folders[0], whole)]
    assert ends[0] == ends[1]


def test_controls_that_are_taught_are_not_taught_again(small, monkeypatch):
    folders = []
    first = SMALL.reproduce(small(started=folders.append))
    monkeypatch.setattr(module, "teach", lambda *_: pytest.fail("the controls have been taught"))
    again = AspLifelong().reproduce(small(resume=folders[0]))
    assert (again.value, again.control) == (first.value, first.control)


def test_quick_from_one_end_to_the_other(small):
    result = AspLifelong().reproduce(small())
    run = Run.open(result.run)
    metrics = run.facts["metrics"]
    assert run.status() == "finished"
    assert set(metrics["forgetting"]) == {"asp", *CONTROLS}
    assert [len(row) for row in metrics["forgetting"]["asp"]] == [1, 2, 3]
    assert result.value == metrics["accuracy"] == pytest.approx(np.mean(metrics["forgetting"]["asp"][-1]))
    assert metrics["accuracy_first"] > 0.6
    assert metrics["background_left"]["asp"] < 0.7 < 0.95 < metrics["background_left"]["stdp-free"]
    with Trace.open(run.folder) as trace:
        assert trace.snapshots("input_exc")["stim"].tolist() == [-1, *range(12, 390, 13)]
        assert trace.stimuli()["label"].tolist() == [0] * 130 + [1] * 130 + [2] * 130
        assert trace.scalars("first_class")[1].tolist() == [row[0] for row in metrics["forgetting"]["asp"]]
        assert [text[:13] for text in trace.marks()["text"][1:]] == ["after class 0", "after class 1", "after class 2"]


def test_the_figure_has_every_learner():
    pytest.importorskip("matplotlib")
    drawn = forgetting({"asp": [[1.0], [0.9, 0.8]], "stdp": [[1.0], [0.2, 0.9]]}).decode()
    assert drawn.startswith("<?xml")
    assert "#0d6b76" in drawn
    assert "#bd4a29" in drawn
