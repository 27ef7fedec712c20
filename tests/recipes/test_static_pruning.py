"""Before and after pruning: what is taken away stays away, what normalisation keeps, that a run goes on, and that the
quick version shows what was published.
"""

from dataclasses import replace

import numpy as np
import pytest

from spikesight.analysis.what_changed import what_changed
from spikesight.base.errors import InputError
from spikesight.circuits.recording import Recorder
from spikesight.datasets.images import digits
from spikesight.recipes.contract import Order
from spikesight.recipes.settings import adjusted, settings_of
from spikesight.recipes.static_pruning import recipe as module
from spikesight.recipes.static_pruning.recipe import StaticPruning, Sum
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace

SHORT = replace(StaticPruning(), threshold=0.1)


@pytest.fixture
def short(monkeypatch):
    """The quick version, cut to 300 images, the synapses pruned after 140 of them."""
    images = module.enlarged_digits().first(50, 20)
    monkeypatch.setattr(module, "enlarged_digits", lambda: images)
    monkeypatch.setattr(module, "QUICK_NEURONS", 12)
    monkeypatch.setattr(module, "QUICK_AFTER", 140)
    monkeypatch.setattr(module, "QUICK_WEIGHTS", 20)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """`reproduce static-pruning --quick`, run once: the result, the run that was pruned, the one that was not."""
    with (tmp_path_factory.mktemp("pruning") / "told").open("w") as stream:
        result = StaticPruning().reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=stream))
    run = Run.open(result.run)
    return result, run, Run.open(run.facts["metrics"]["not_pruned"])


def test_settings_are_words():
    recipe = adjusted(StaticPruning(), {"sum": "full", "threshold": "0.3"})
    assert recipe == StaticPruning(sum=Sum.FULL, threshold=0.3)
    assert adjusted(StaticPruning(), settings_of(recipe)) == recipe


def test_the_mnist_plan_is_that_of_the_paper_and_shorter(monkeypatch):
    monkeypatch.setattr(module, "mnist", lambda folder: digits())
    plan = StaticPruning(images=100).plan(Order(seed=3))
    assert repr(plan.model) == "DiehlCook(assign_on=10000, prunable=True, seed=3)"
    assert plan.lessons == 100


@pytest.mark.parametrize("kept", Sum)
def test_what_is_taken_away_stays_away(short, order, kept):
    """From the snapshot after pruning on, the same synapses are at 0, and the others sum to what is to be kept."""
    run = Run.open(replace(SHORT, sum=kept).train(order(quick=True)))
    pruning = run.facts["metrics"]["pruning"]
    with Trace.open(run.folder) as trace:
        stims = trace.snapshots("input_exc")["stim"]
        seen = [trace.weights("input_exc", k) for k in range(len(stims))]
        marks = trace.marks()
        at = trace.stimuli()["t_end"][139]
    before, after = seen[int(np.flatnonzero(stims == 139)[0])], seen[int(np.flatnonzero(stims == 139)[0]) + 1 :]
    keep = before >= 0.1
    assert 0.0 < keep.mean() < 1.0
    assert pruning["gone"] == pytest.approx(1.0 - keep.mean(), abs=1e-3), "snapshots have 11 bits"
    for w in after:
        assert not w[before < 0.0999].any()
    assert marks["t"][marks["name"] == "pruning"].tolist() == [at]
    weights = run.load_weights()[0]
    assert not weights["input_exc.w"][~weights["input_exc.mask"]].any()
    assert weights["input_exc.mask"].mean() == pytest.approx(1.0 - pruning["gone"])
    assert pruning["mean_weight"] == pytest.approx(
        before[keep].sum() / before.size if kept is Sum.LEFT else 78 / 784, rel=1e-3
    )
    # Normalised before the last showing, and hardly changed by it.
    assert weights["input_exc.w"].mean() == pytest.approx(pruning["mean_weight"], rel=0.02)


def test_without_a_threshold_nothing_happens(short, order):
    run = Run.open(replace(SHORT, threshold=0.0).train(order(quick=True)))
    assert "pruning" not in run.facts["metrics"]
    assert run.load_weights()[0]["input_exc.mask"].all()
    with Trace.open(run.folder) as trace:
        assert set(trace.marks()["name"]) == {"pass"}


def test_a_threshold_that_nothing_reaches(short, order):
    with pytest.raises(InputError, match=r"no weight reaches the threshold 1\.5: the largest is 0"):
        replace(SHORT, threshold=1.5).train(order(quick=True))


def test_until_it_is_pruned_it_is_the_network_that_is_not(short, order):
    runs = [Run.open(replace(SHORT, threshold=threshold).train(order(quick=True))) for threshold in (0.1, 0.0)]
    spikes = []
    for run in runs:
        with Trace.open(run.folder) as trace:
            spikes.append((trace.spikes("exc", stim=(0, 140)), trace.spikes("exc", stim=(140, 300))))
    (pruned, later), (whole, other) = spikes
    np.testing.assert_array_equal(pruned.t, whole.t)
    np.testing.assert_array_equal(pruned.unit, whole.unit)
    assert len(later.t) != len(other.t) or (later.unit != other.unit).any()


def test_after_ctrl_c_it_goes_on_as_if_nothing_had_happened(short, order, assert_same_run, monkeypatch):
    """Stopped before it is pruned, right after, and long after."""
    whole = SHORT.train(order(quick=True))
    monkeypatch.setattr("spikesight.recipes.course.SECONDS_BETWEEN_CHECKPOINTS", -1.0)
    folders, record = [], Recorder.record_all
    for stop in (60, 141, 260):

        def stops(self, pieces, arrays, stop=stop):
            if any(number == stop for _, number in pieces):
                raise KeyboardInterrupt
            record(self, pieces, arrays)

        with monkeypatch.context() as stopped:
            stopped.setattr(Recorder, "record_all", stops)
            with pytest.raises(KeyboardInterrupt):
                SHORT.train(order(quick=True, started=folders.append, resume=folders[0] if folders else None))
    assert StaticPruning().train(order(resume=folders[0])) == folders[0]
    assert_same_run(folders[0], whole)
    ends = [Run.open(folder).facts["metrics"] for folder in (folders[0], whole)]
    assert (ends[0]["after"], ends[0]["pruning"]) == (ends[1]["after"], ends[1]["pruning"])


def test_what_was_published_is_seen(found):
    """Spikes and synaptic activity drop, silent periods appear, the mean of the weights that are left rises."""
    result, run, whole = found
    before, after = run.facts["metrics"]["before"], run.facts["metrics"]["after"]
    control = whole.facts["metrics"]["after"]
    assert before == whole.facts["metrics"]["before"]
    assert result.value == after["spikes"] / before["spikes"] < 0.7 < result.control
    assert after["potential"] < control["potential"]
    assert after["change"] < control["change"] / 3 < before["change"] / 3
    assert after["silent"] > 1.5 * control["silent"] > before["silent"]
    assert after["mean_left"] > 2 * before["mean_left"]
    assert after["gone"] > 0.7 > control["gone"]
    assert after["accuracy"] > before["accuracy"] - 0.05


def test_what_changed_finds_the_pruning(found):
    """The layer fires less, and what is named with it is the synapses that are at 0 and the mark."""
    with Trace.open(found[1].folder) as trace:
        events = [event for event in what_changed(trace) if any(mark.name == "pruning" for mark in event.marks)]
    assert events
    named = {finding.series for event in events for finding in event.findings}
    assert "synapses at 0 of input_exc" in named
