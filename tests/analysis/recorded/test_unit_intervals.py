from itertools import pairwise

import numpy as np
import pytest

from spikesight.analysis.recorded import intervals, unit_intervals
from spikesight.base.errors import InputError, UnknownName
from spikesight.trace.reader import Trace
from spikesight.trace.writer import TraceWriter

TICK = 0.0005


def by_hand(ticks):
    """Mean, CV, CV2 and local variation of one train, term by term."""
    between = np.diff(np.sort(ticks)).astype(float)
    mean = between.mean() * TICK if len(between) else np.nan
    if len(between) < 2:
        return mean, np.nan, np.nan, np.nan
    pairs = list(pairwise(between))
    with np.errstate(invalid="ignore"):
        cv2 = np.mean([np.float64(2 * abs(a - b)) / (a + b) for a, b in pairs])
        lv = np.mean([3 * (np.float64(a - b) / (a + b)) ** 2 for a, b in pairs])
    return mean, between.std(ddof=1) / between.mean(), cv2, lv


@pytest.fixture
def distinct(tmp_path, trace):
    """Spikes of "exc" at times of their own, so that no interval is 0."""
    random = np.random.default_rng(0)
    t, unit = np.sort(random.choice(20_000, 500, replace=False)), random.integers(0, 9, 500)
    unit[0], unit[1] = 10, 11  # one spike, and
    unit[200] = 11  # two spikes
    with TraceWriter.create(tmp_path / "trace", trace.header) as writer:
        writer.spikes("exc", t, unit, 0)
    with Trace.open(tmp_path / "trace") as opened:
        yield opened, t, unit


@pytest.mark.parametrize("at_once", [1, 100, 1 << 22])
def test_every_unit_is_as_counted_by_hand(distinct, at_once, monkeypatch):
    monkeypatch.setattr(unit_intervals, "AT_ONCE", at_once)
    trace, t, unit = distinct
    found = intervals(trace, "exc")
    for one in range(12):
        expected = by_hand(t[unit == one])
        got = (found.mean[one], found.cv[one], found.cv2[one], found.local_variation[one])
        np.testing.assert_allclose(got, expected, rtol=1e-9)
        between = np.diff(t[unit == one]) * TICK
        np.testing.assert_array_equal(found.counts[one], np.histogram(between, found.edges - TICK / 2)[0])
        assert found.counts[one].sum() == len(between)
    np.testing.assert_array_equal(found.spikes, np.bincount(unit, minlength=12))
    assert np.isnan(found.mean[[9, 10]]).all()


def test_a_clock_is_regular(tmp_path, trace):
    with TraceWriter.create(tmp_path / "trace", trace.header) as writer:
        writer.spikes("exc", np.arange(0, 1000, 20), np.full(50, 5), 0)
    with Trace.open(tmp_path / "trace") as clock:
        found = intervals(clock, "exc", units=[5])
        assert found.mean.tolist() == [0.01]
        assert (found.cv.tolist(), found.cv2.tolist(), found.local_variation.tolist()) == ([0.0], [0.0], [0.0])
        (place,) = np.flatnonzero(found.counts[0])
        assert found.edges[place] <= 0.01 < found.edges[place + 1]
        assert found.counts[0, place] == 49


def test_units_and_windows_can_be_chosen(distinct):
    trace, t, unit = distinct
    found = intervals(trace, "exc", t=(1.0, 6.0), units=[4, 2])
    assert found.unit.tolist() == [4, 2]
    inside = (t >= 2000) & (t < 12000)
    for row, one in enumerate((4, 2)):
        assert found.cv[row] == pytest.approx(by_hand(t[inside & (unit == one)])[1], rel=1e-9)


def test_no_units_and_no_spikes(trace, empty):
    assert intervals(trace, "exc", units=[]).counts.shape[0] == 0
    nothing = intervals(empty, "exc")
    assert np.isnan(nothing.cv).all()
    assert nothing.counts.sum() == 0


def test_the_made_up_trace(trace, truth):
    found = intervals(trace, "exc")
    spikes = truth.spikes["exc"]
    between = np.concatenate([np.diff(np.sort(spikes[spikes[:, 1] == one, 0])) for one in range(12)])
    assert found.counts.sum() == len(between)
    assert len(found.columns()["cv"]) == 12


def test_what_cannot_be_asked(trace):
    with pytest.raises(UnknownName):
        intervals(trace, "exd")
    with pytest.raises(InputError, match="units 0 to 11, got 3 to 12"):
        intervals(trace, "exc", units=[3, 12])
    with pytest.raises(InputError, match="each unit is asked for once"):
        intervals(trace, "exc", units=[3, 3])


def test_several_spikes_in_one_tick_are_intervals_of_no_length(tmp_path, trace):
    with TraceWriter.create(tmp_path / "trace", trace.header) as writer:
        writer.spikes("exc", np.array([5, 5, 5, 9, 15]), np.array([2, 2, 2, 2, 2]), 0)
    with Trace.open(tmp_path / "trace") as opened:
        found = intervals(opened, "exc", units=[2])
        assert found.cv2.tolist() == pytest.approx([(2.0 + 0.4) / 2])  # of the three pairs, one has no contrast
        assert found.mean.tolist() == pytest.approx([0.00125])
        assert found.counts[0, 0] == 2


def test_short_is_below_a_quarter_of_the_mean_exactly(tmp_path, trace):
    """Intervals of 1, 1, 1 and 17 ticks: a quarter of their mean is 1.25. Of 1, 1, 1 and 13 it is 1, not more."""
    with TraceWriter.create(tmp_path / "trace", trace.header) as writer:
        writer.spikes("exc", np.array([0, 1, 2, 3, 20]), np.full(5, 2), 0)
        writer.spikes("exc", np.array([0, 1, 2, 3, 16]), np.full(5, 3), 0)
    with Trace.open(tmp_path / "trace") as opened:
        assert intervals(opened, "exc", units=[2, 3]).short.tolist() == [0.75, 0.0]


def test_within_stimuli(tmp_path, trace):
    """Stimuli of 40 and 10 ticks. Unit 2: 0, 3, 24 and 40, 43; unit 3 spikes in the first only, and in an unknown one.

    A quarter of 40 / 3 is 3.33 ticks, of 10 / 2 it is 1.25, of 40 / 2 it is 5.
    """
    with TraceWriter.create(tmp_path / "trace", trace.header) as writer:
        writer.stimulus(stim=0, t_start=0, t_end=40)
        writer.stimulus(stim=1, t_start=40, t_end=50)
        writer.spikes("exc", np.array([0, 3, 24, 10, 14]), np.array([2, 2, 2, 3, 3]), 0)
        writer.spikes("exc", np.array([40, 43]), np.array([2, 2]), 1)
        writer.spikes("exc", np.array([50, 51]), np.array([3, 3]), 2)
    with Trace.open(tmp_path / "trace") as opened:
        found = intervals(opened, "exc", units=[2, 3, 4], within_stimuli=True)
        everything = intervals(opened, "exc", units=[2, 3, 4])
    assert found.counts.sum(axis=1).tolist() == [3, 2, 0]
    assert everything.counts.sum(axis=1).tolist() == [4, 3, 0]
    assert (found.pairs.tolist(), everything.pairs.tolist()) == ([1, 0, 0], [3, 2, 0])
    np.testing.assert_array_equal(found.short, [1 / 3, 1 / 2, np.nan])
    np.testing.assert_allclose(found.mean / TICK, [(3 + 21 + 3) / 3, (4 + 1) / 2, np.nan])
