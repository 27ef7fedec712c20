"""A run whose accuracy falls late: what drifts and when, that nothing in the trace names it, and that it is found."""

from dataclasses import replace

import numpy as np
import pytest

from spikesight.analysis.what_changed import what_changed
from spikesight.base.errors import InputError
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp
from spikesight.circuits.recording import Recorder
from spikesight.datasets.images import digits
from spikesight.recipes.contract import Order
from spikesight.recipes.late_fall import recipe as module
from spikesight.recipes.late_fall.drift import STEPS, Drift, faster, go_on_with
from spikesight.recipes.late_fall.recipe import CAUSE, LateFall, place_of_cause, surest_fall
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace


@pytest.fixture
def short(monkeypatch):
    """The quick version, cut to 150 images, of which the rate grows over the last 70."""
    images = module.enlarged_digits().first(30, 20)
    monkeypatch.setattr(module, "enlarged_digits", lambda: images)
    monkeypatch.setattr(module, "QUICK_NEURONS", 12)
    monkeypatch.setattr(module, "QUICK_PASSES", 5)
    monkeypatch.setattr(module, "QUICK", Drift(after=80, every=5, factor=1.0))
    monkeypatch.setattr(module, "QUICK_WEIGHTS", 10)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """`reproduce late-fall --quick`, run once, as (result, run)."""
    with (tmp_path_factory.mktemp("late") / "told").open("w") as stream:
        result = LateFall().reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=stream))
    return result, Run.open(result.run)


def test_the_rate_grows_in_equal_factors_and_stays():
    drift = Drift(after=100, every=10, factor=256.0)
    assert [drift.times(done) for done in (0, 99, 100, 109, 110, 179, 500)] == [1, 1, 2, 2, 4, 256, 256]
    assert drift.moments == tuple(range(100, 180, 10))
    assert len(drift.moments) == STEPS
    assert drift.end == 180
    assert Drift(100, 10, 1.0).times(500) == 1.0


@pytest.mark.parametrize("wrong", [{"after": -1}, {"every": 0}, {"factor": 0.0}, {"factor": float("inf")}])
def test_what_is_no_drift(wrong):
    with pytest.raises(InputError, match="a rate changes after 0 images or more"):
        Drift(**{"after": 5, "every": 5, "factor": 2.0, **wrong})


def test_a_drift_too_late_to_be_seen_is_refused_before_training(monkeypatch, order):
    monkeypatch.setattr(module, "mnist", lambda folder: digits())
    with pytest.raises(InputError, match="too few to compare"):
        LateFall(after=1300).train(order(started=lambda folder: pytest.fail("it has begun")))


def test_both_rates_grow_and_nothing_else():
    rule = DiehlCookStdp()
    assert faster(rule, 4.0) == replace(rule, rate_pre=4e-4, rate_post=4e-2)


def test_going_on_with_the_same_rule_is_going_on(plan):
    """A change of nothing changes no bit; a faster rule changes the weights."""
    ends = {}
    for times in (None, 1.0, 8.0):
        teaching = plan()
        model, images = teaching.model, teaching.images
        model.begin(images.train, images.train_labels)
        for lesson in model.lessons(images.train, images.train_labels):
            if lesson.index == 14 and times is not None:
                go_on_with(model, faster(DiehlCookStdp(), times), images)
        ends[times] = model.snapshot()
    for name, values in ends[None].items():
        np.testing.assert_array_equal(ends[1.0][name], values, err_msg=name)
    assert not np.array_equal(ends[8.0]["input_exc.w"], ends[None]["input_exc.w"])


def test_the_mnist_plan_is_that_of_the_paper(monkeypatch):
    monkeypatch.setattr(module, "mnist", lambda folder: digits())
    plan = LateFall().plan(Order(seed=3))
    assert repr(plan.model) == "DiehlCook(assign_on=10000, seed=3)"
    assert plan.settings == {"n": "400", "after": "48000", "every": "125", "factor": "64.0"}


def test_after_ctrl_c_it_drifts_on_as_if_nothing_had_happened(short, order, assert_same_run, monkeypatch):
    """Stopped before the drift, in it, and after it; with settings of its own."""
    recipe = replace(LateFall(), factor=16.0)
    whole = recipe.train(order(quick=True))
    monkeypatch.setattr("spikesight.recipes.course.SECONDS_BETWEEN_CHECKPOINTS", -1.0)
    folders, record = [], Recorder.record_all
    for stop in (40, 97, 140):

        def stops(self, pieces, arrays, stop=stop):
            if any(number == stop for _, number in pieces):
                raise KeyboardInterrupt
            record(self, pieces, arrays)

        with monkeypatch.context() as stopped:
            stopped.setattr(Recorder, "record_all", stops)
            with pytest.raises(KeyboardInterrupt):
                recipe.train(order(quick=True, started=folders.append, resume=folders[0] if folders else None))
    assert LateFall().train(order(resume=folders[0])) == folders[0]
    assert_same_run(folders[0], whole)
    ends = [Run.open(folder).facts["metrics"]["after"] for folder in (folders[0], whole)]
    assert ends[0] == ends[1]


def test_the_weights_move_more_and_the_neurons_do_not_fire_more(found):
    metrics = found[1].facts["metrics"]
    before, after = metrics["before"], metrics["after"]
    assert after["accuracy"] < before["accuracy"] - 0.1
    assert after["change"] > 10 * before["change"]
    # They fall to 0.82; without the drift to 0.84.
    assert 0.7 * before["spikes"] < after["spikes"] < before["spikes"]


def test_nothing_in_the_trace_names_the_cause(found):
    drift = LateFall().drift(Order(quick=True))
    with Trace.open(found[1].folder) as trace:
        stimuli, marks = trace.stimuli(), trace.marks()
        begins, ends = stimuli["t_start"][drift.after - 100], stimuli["t_end"][drift.end]
        assert set(marks["name"]) == {"pass"}
        assert not ((marks["t"] > begins) & (marks["t"] < ends)).any()
        assert set(trace.scalar_names()) == {"accuracy", "spikes_per_stimulus"}


def test_what_changed_names_the_cause_first(found):
    result, run = found
    with Trace.open(run.folder) as trace:
        fall = surest_fall(what_changed(trace))
        stimuli = trace.stimuli()
    drift = LateFall().drift(Order(quick=True))
    assert fall.findings[0].series == CAUSE
    assert fall.findings[0].after > fall.findings[0].before
    assert stimuli["t_start"][drift.after] < fall.t < stimuli["t_start"][drift.end + 500]
    assert result.value == run.facts["metrics"]["place"] == 1.0
    assert result.control == (fall.asked + 1) / 2 > 3
    assert run.facts["metrics"]["answer"] == fall.as_text().splitlines()


def test_a_cause_that_was_not_found_is_behind_all_series():
    assert place_of_cause(None) == (0.0, 0.0)
    fall = type("Fall", (), {"findings": (), "asked": 9})()
    assert place_of_cause(fall) == (10.0, 5.0)


def test_without_a_fall_there_is_nothing_to_name(short, order):
    result = replace(LateFall(), factor=1.0).reproduce(order(quick=True))
    assert (result.value, result.control) == (0.0, 0.0)
    assert Run.open(result.run).facts["metrics"]["answer"] == []
