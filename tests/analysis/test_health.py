"""Units whose state is known, and the state that is told."""

import numpy as np
import pytest

from spikesight.analysis import health as module
from spikesight.analysis.health import Limits, health, last_silences
from spikesight.base.errors import InputError, UnknownName
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Recorded
from spikesight.trace.writer import TraceWriter

TICKS, STIMULUS = 20_000, 100
DEAD, QUIET, FULL, CLOCK, POISSON, BURSTS, RARE = range(7)


def times():
    random = np.random.default_rng(0)
    bursts = (np.arange(100)[:, None] * 200 + random.integers(0, 150, (100, 1)) + np.arange(5) * 3).ravel()
    return {
        QUIET: np.sort(random.choice(12_000, 300, replace=False)),
        FULL: np.delete(np.arange(TICKS), np.arange(0, TICKS, 3)),
        CLOCK: np.arange(7, TICKS, 40),
        POISSON: np.sort(random.choice(TICKS, 500, replace=False)),
        BURSTS: bursts,
        RARE: np.array([5000, 5100]),
    }


def write(folder, recorded=None):
    trains = times()
    unit = np.repeat(list(trains), [len(t) for t in trains.values()]).astype(np.int32)
    t = np.concatenate(list(trains.values()))
    layer = Layer("exc", (7,), recorded=recorded or Recorded())
    with TraceWriter.create(folder, Header("r", 1_000_000, (layer, Layer("inh", (2,))))) as writer:
        for stim in range(TICKS // STIMULUS):
            now = t // STIMULUS == stim
            order = np.argsort(t[now], kind="stable")
            writer.spikes("exc", t[now][order], unit[now][order], stim)
            writer.stimulus(stim=stim, t_start=stim * STIMULUS, t_end=(stim + 1) * STIMULUS)
    return folder


@pytest.fixture(scope="module")
def trace(tmp_path_factory):
    with Trace.open(write(tmp_path_factory.mktemp("trace"))) as trace:
        yield trace


def only(flags, *units):
    return np.flatnonzero(flags).tolist() == sorted(units)


def test_every_unit_is_what_it_is(trace):
    found = health(trace, "exc", bins=50)
    assert only(found.dead, DEAD)
    assert only(found.silent, QUIET)
    assert found.silent_since[QUIET] == pytest.approx(12.0, abs=0.4)
    assert only(found.saturated, FULL)
    assert only(found.answers_everything, FULL, CLOCK)
    assert only(found.regular, FULL, CLOCK)
    assert only(found.irregular, QUIET, POISSON)
    assert only(found.bursting, BURSTS)
    assert np.isnan(found.local_variation[[DEAD, RARE]]).all()
    assert found.summary == {
        "recorded": 7, "dead": 1, "silent": 1, "saturated": 1, "answers_everything": 2, "regular": 2, "irregular": 2,
        "bursting": 1,
    }  # fmt: skip
    assert len(found.columns()["unit"]) == 7


def test_counts_and_parts_are_exact(trace):
    found = health(trace, "exc", bins=50)
    trains = times()
    assert found.spikes.tolist() == [0, *(len(trains[unit]) for unit in range(1, 7))]
    np.testing.assert_allclose(found.hertz, found.spikes / (TICKS / 1000))
    for unit in (POISSON, BURSTS):
        answered = len(np.unique(trains[unit] // STIMULUS)) / (TICKS // STIMULUS)
        assert found.answers[unit] == pytest.approx(answered)


def test_over_time(trace):
    found = health(trace, "exc", bins=4)
    assert found.t.tolist() == [0, 5, 10, 15, 20]
    assert found.quiet.tolist() == [2, 1, 2, 3]  # dead always; rare but in the second; quiet in the last
    assert found.saturated_then.tolist() == [1, 1, 1, 1]


def test_a_window(trace):
    found = health(trace, "exc", (13.0, 20.0), bins=7)
    assert only(found.dead, DEAD)  # in the whole trace; the quiet one spiked before
    assert found.spikes[QUIET] == 0
    assert not found.silent[QUIET]  # nothing was to be expected of it in this window
    assert found.hertz[CLOCK] == pytest.approx(25, rel=0.01)


def test_some_of_the_spikes_and_of_the_stimuli_do(trace, monkeypatch):
    monkeypatch.setattr(module, "SPIKES", 5000)
    monkeypatch.setattr(module, "PIECE", 3)
    found = health(trace, "exc")
    assert only(found.answers_everything, FULL, CLOCK)
    assert found.bursting[BURSTS]
    assert found.regular[CLOCK]


def test_pauses_between_stimuli_are_no_bursts(tmp_path):
    """Units that spike evenly while one of five stimuli is shown; the last in a volley at its beginning."""
    with TraceWriter.create(tmp_path, Header("r", 1_000_000, (Layer("exc", (6,)),))) as writer:
        for stim in range(100):
            start, unit = stim * 500, stim % 5
            t = [start + 20 + np.arange(0, 300, 30), start + 20 + np.arange(0, 50, 5)]
            writer.spikes("exc", np.concatenate(t), np.repeat([unit, 5], 10), stim)
            writer.stimulus(stim=stim, t_start=start, t_end=start + 500)
    with Trace.open(tmp_path) as trace:
        found = health(trace, "exc")
    assert only(found.bursting, 5)
    assert only(found.regular, 0, 1, 2, 3, 4)


def test_units_that_were_not_recorded_are_in_no_state(tmp_path):
    with Trace.open(write(tmp_path, Recorded(units=(QUIET, FULL, CLOCK)))) as trace:
        found = health(trace, "exc")
    assert found.summary["dead"] == 0
    assert np.isnan(found.hertz[DEAD])
    assert found.summary["recorded"] == 3


def test_a_layer_without_spikes_is_dead(trace):
    found = health(trace, "inh")
    assert found.summary == {
        "recorded": 2, "dead": 2, "silent": 0, "saturated": 0, "answers_everything": 0, "regular": 0, "irregular": 0,
        "bursting": 0,
    }  # fmt: skip


def test_last_silences_by_hand():
    """Ten spikes in five bins: exp(-2 x 5) is 4.5e-5; one spike in five: exp(-0.2 x 5) is 0.37."""
    counts = np.zeros((3, 10), int)
    counts[0, :5], counts[1, 4] = 2, 1
    assert last_silences(counts, 0.01).tolist() == [5, -1, -1]
    assert last_silences(counts, 1e-5).tolist() == [-1, -1, -1]


def test_units_that_spike_by_chance_are_not_silent():
    counts = np.random.default_rng(0).poisson(0.2, (2000, 64))
    assert (last_silences(counts, 0.05) >= 0).sum() <= 1  # of all, one such layer in twenty has one or more


def test_what_is_no_question_is_refused(trace):
    with pytest.raises(UnknownName):
        health(trace, "ecx")
    with pytest.raises(InputError, match="limits are above 0"):
        Limits(alpha=0.0)
