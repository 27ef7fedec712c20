"""What is planted into a run is what is named."""

import time

import numpy as np
import pytest
from stories import TICKS, Story, write

from spikesight.analysis.trace_series import View
from spikesight.analysis.what_changed import distinct, what_changed
from spikesight.analysis.what_happened import Event
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer
from spikesight.trace.writer import TraceWriter

SECOND = 1000 / TICKS  # stimuli


def drifting(stim):
    """Right nine times in ten once learned; from stimulus 1600 on, within a hundred, only two times in three."""
    return 0.9 - 0.7 * np.exp(-stim / 100) - 0.25 * np.clip((stim - 1600) / 100, 0, 1)


def told(folder, story, **settings):
    with Trace.open(write(folder, story)) as trace:
        return what_changed(trace, **settings)


@pytest.mark.parametrize("seed", range(3))
def test_accuracy_falls_because_learning_is_too_fast(tmp_path, seed):
    """First published use of VS2N: synaptic activity rises, spikes and potentials do not."""
    story = Story(learning=lambda stim: 3.0 if stim >= 1600 else 1.0, right=drifting)
    with Trace.open(write(tmp_path, story, seed)) as trace:
        fall = what_changed(trace)[0]
    assert (fall.series, fall.kind, fall.better) == ("accuracy", "fall", -1)
    assert fall.t == pytest.approx(1650 / SECOND, abs=5)
    cause = fall.findings[0]
    assert cause.series == "weight change of input_exc"
    assert cause.t == pytest.approx(1600 / SECOND, abs=2)
    assert cause.after / cause.before == pytest.approx(3, rel=0.1)
    assert cause.order in ("before", "together")
    assert cause.q < 1e-3
    assert cause.view.name == "synapses"
    assert cause.view.parameters["projection"] == "input_exc"
    assert cause.view.parameters["t0"] < cause.t < cause.view.parameters["t1"]
    unchanged = ("rate of", "theta", "share of class", "mean weight")
    assert not [one.series for one in fall.findings if one.series.startswith(unchanged)]


def test_pruning(tmp_path):
    """Second published use: spikes and synaptic activity drop, silent periods appear, the distribution changes."""
    silent = {*range(1400, 1430), *range(1700, 1740)}
    story = Story(
        pruned=1000,
        rate=lambda stim: 1.0 if stim < 1000 else 0.6,
        right=lambda stim: 0.9 if stim < 1000 else 0.75,
        silent=lambda stim: stim in silent,
        marks=((1000, "pruning", "below 0.2"),),
    )
    events = told(tmp_path, story)
    fall = events[0]
    assert (fall.series, fall.kind) == ("accuracy", "fall")
    assert [(mark.name, mark.text) for mark in fall.marks] == [("pruning", "below 0.2")]
    found = {one.series: one for one in fall.findings}
    assert found["rate of exc"].after / found["rate of exc"].before == pytest.approx(0.6, abs=0.1)
    assert found["weight change of input_exc"].after < found["weight change of input_exc"].before
    assert "shift of the weight distribution of input_exc" in found
    assert all(one.order == "together" for one in fall.findings)
    silences = [(one.t, one.end) for one in events if one.kind == "silence"]
    np.testing.assert_allclose(sorted(silences), [(140, 143), (170, 174)], atol=0.1)


def test_a_run_that_only_learns_has_no_late_events(tmp_path):
    events = told(tmp_path, Story())
    assert {one.kind for one in events} <= {"rise"}
    assert all(one.t < 60 for one in events)


def test_nothing_changes_in_a_steady_run(tmp_path):
    assert told(tmp_path, Story(right=lambda stim: 0.8)) == []


def test_what_changed_is_not_listed_where_nothing_did(tmp_path):
    """Accuracy falls, and nothing that was recorded tells why: then nothing is named."""
    fall = told(tmp_path, Story(right=lambda stim: 0.9 if stim < 1500 else 0.6))[0]
    assert fall.findings == ()
    assert fall.asked > 10
    assert "None of" in fall.as_text()


def test_activity_is_watched_without_labels(tmp_path):
    random = np.random.default_rng(0)
    with TraceWriter.create(tmp_path, Header("r", 1_000_000, (Layer("exc", (10,)), Layer("inh", (10,))))) as writer:
        for piece in range(400):
            for layer, mean in (("exc", 30 if piece < 300 else 60), ("inh", 30)):
                count = random.poisson(mean)
                t = np.sort(random.integers(0, 100, count)) + piece * 100
                writer.spikes(layer, t, random.integers(0, 10, count), piece)
            writer.scalar(piece * 100, "drive", 1.0 + random.normal() * 0.01 + (piece >= 290))
    with Trace.open(tmp_path) as trace:
        (rise,) = what_changed(trace)
    assert (rise.series, rise.kind, rise.better) == ("rate of exc", "rise", 0)
    assert rise.t == pytest.approx(30, abs=0.2)
    assert [one.series for one in rise.findings] == ["drive"]
    assert rise.findings[0].lead == pytest.approx(1, abs=0.3)


def test_a_running_mean_of_what_is_known_by_stimulus_is_not_asked(tmp_path):
    random = np.random.default_rng(0)
    with TraceWriter.create(tmp_path, Header("r", 1_000_000, (Layer("exc", (10,)),))) as writer:
        for stim in range(600):
            count = random.poisson(30 if stim < 400 else 60)
            unit = random.integers(0, 10, count)
            writer.spikes("exc", np.sort(random.integers(0, 100, count)) + stim * 100, unit, stim)
            right = bool(random.random() < 0.8)
            writer.stimulus(stim=stim, t_start=stim * 100, t_end=stim * 100 + 100, correct=right)
            writer.scalar(stim * 100, "accuracy", 0.8 if stim < 400 else 0.1)
    with Trace.open(tmp_path) as trace:
        (rise,) = what_changed(trace)
    assert rise.series == "rate of exc"
    assert rise.findings == ()


def test_an_empty_trace(tmp_path):
    TraceWriter.create(tmp_path, Header("r", 1_000_000, (Layer("exc", (4,)),))).close()
    with Trace.open(tmp_path) as trace:
        assert what_changed(trace) == []


def test_of_several_events_at_one_time_the_worst_is_told():
    def event(series, better, t, effect):
        return Event(series, series, "", False, "fall", better, t, 9.0, 1.0, 5.0, 1.0, 0.5, effect, 0.0, 1, View("x"))

    rise, fall, rate, later = (
        event("a", 1, 5.0, 9.0),
        event("b", -1, 5.5, 0.2),
        event("c", 0, 6.0, 4.0),
        event("d", 0, 20.0, 1),
    )
    assert distinct([rise, rate, later, fall]) == [fall, later]


def test_most(tmp_path):
    started = time.process_time()
    assert len(told(tmp_path, Story(), most=1)) == 1
    assert time.process_time() - started < 20  # about a second on a slow machine
