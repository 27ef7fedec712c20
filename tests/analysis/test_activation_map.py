"""Scores against their definition, maps against hand-made ones, controls that keep what they say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from spikesight.analysis.activation_map import (
    GAMMA,
    activation_map,
    contributions,
    picture,
    rank_correlation,
    ticks_elsewhen,
    trains_of_others,
)
from spikesight.base.errors import InputError
from spikesight.trace.reader import Trace
from spikesight.trace.schema import VIRTUAL, Header, Layer, Projection
from spikesight.trace.writer import TraceWriter


def test_a_regular_train_is_a_geometric_series():
    """The k-th spike, at intervals D, counts q + q^2 + ... + q^k = q (1 - q^k) / (1 - q) with q = exp(-gamma D)."""
    k, q = np.arange(20), math.exp(-5.0 * 0.1)
    found = contributions(k * 0.1, np.zeros(20, int), 1, 5.0)
    np.testing.assert_allclose(found, q * (1 - q**k) / (1 - q), rtol=1e-12)


@given(st.integers(0, 2**32 - 1), st.floats(0, 100))
def test_every_spike_counts_as_defined(seed, gamma):
    random = np.random.default_rng(seed)
    cells = random.choice(300, 40, replace=False)  # no two spikes of one unit at the same time
    t, unit = cells // 6 * 0.01, cells % 6
    expected = [
        sum(math.exp(-gamma * (now - then)) for then, of in zip(t, unit, strict=True) if of == mine and then < now)
        for now, mine in zip(t, unit, strict=True)
    ]
    np.testing.assert_allclose(contributions(t, unit, 6, gamma), expected, rtol=1e-9, atol=1e-12)


def test_pictures():
    scores = np.arange(12.0)
    assert picture(scores, (3, 4), None, ()).tolist() == scores.reshape(3, 4).tolist()
    assert picture(scores, (2, 2, 3), None, ()).tolist() == (scores[:6] + scores[6:]).reshape(2, 3).tolist()
    w = np.zeros((4, 2))
    w[1, 0], w[3, 1] = 0.5, 2
    assert picture(np.array([10.0, 1.0]), (2,), w, (2, 2)).tolist() == [[0, 5], [0, 2]]


def test_a_train_given_away_stays_a_train():
    random = np.random.default_rng(0)
    unit = random.integers(0, 50, 400)
    moved = trains_of_others(unit, 50, random)
    assert sorted(np.bincount(moved, minlength=50)) == sorted(np.bincount(unit, minlength=50))
    assert len({(a, b) for a, b in zip(unit, moved, strict=True)}) == len(np.unique(unit))


@pytest.mark.parametrize("ticks", [40, 1000])
def test_times_elsewhen_are_other_ticks_each_once(ticks):
    random = np.random.default_rng(0)
    unit = np.repeat(np.arange(4), [40, 0, 9, 25])
    drawn = ticks_elsewhen(unit, 4, ticks, random)
    assert len(np.unique(unit * ticks + drawn)) == len(unit)
    assert drawn.min() >= 0
    assert drawn.max() < ticks
    many = np.concatenate([ticks_elsewhen(unit, 4, ticks, random)[unit == 2] for _ in range(400)])
    assert many.mean() == pytest.approx((ticks - 1) / 2, rel=0.03)  # 3600 draws: 3 standard errors


def test_more_spikes_than_ticks():
    with pytest.raises(InputError, match="3 spikes in 2 ticks"):
        ticks_elsewhen(np.zeros(3, int), 1, 2, np.random.default_rng(0))


def test_rank_correlation():
    random = np.random.default_rng(0)
    a, b = random.integers(0, 5, (6, 6)), random.integers(0, 5, (6, 6))
    assert rank_correlation(a, b) == pytest.approx(spearmanr(a.ravel(), b.ravel()).statistic)
    assert rank_correlation(a, a) == pytest.approx(1)
    assert math.isnan(rank_correlation(a, np.ones((6, 6))))


def written(folder, shape, events, time="simulated", w=None):
    """A trace of one layer, 1 ms ticks, with `events` (tick, unit); `w` leads there from a picture of 2 x 2."""
    layers = (Layer("in", (2, 2)), Layer("out", shape))
    size = layers[1].size
    projections = (Projection("in_out", "in", "out", (4, size), size),) if w is not None else ()
    t, unit = (np.array(column) for column in zip(*events, strict=True))
    with TraceWriter.create(folder, Header("r", 1_000_000, layers, projections, time=time)) as writer:
        writer.spikes("out", t, unit, 0)
        if w is not None:
            writer.weights("in_out", 0, 0, np.zeros_like(w))
            writer.weights("in_out", 50, 1, w)
    return Trace.open(folder)


def test_the_map_of_a_convolutional_layer(tmp_path):
    """Two channels of 2 x 2: at one place each channel fires twice, 10 ms apart; elsewhere one spike counts nothing."""
    events = [(0, 1), (10, 1), (3, 5), (13, 5), (5, 2)]
    with written(tmp_path, (2, 2, 2), events) as trace:
        found = activation_map(trace, "out", (0.0, 0.1), controls=3)
        halves = activation_map(trace, "out", (0.0, 0.022), bins=2, controls=0)
    score = math.exp(-GAMMA * 0.01)
    np.testing.assert_allclose(found.whole, [[0, 2 * score], [0, 0]], rtol=1e-12)
    assert found.others.shape == found.elsewhen.shape == (3, 2, 2)
    np.testing.assert_allclose(halves.maps[:, 0, 1], [score, score], rtol=1e-12)  # at 10 ms and at 13 ms, of 22
    assert halves.edges.tolist() == [0, 0.011, 0.022]
    assert halves.others.shape == (0, 2, 2)


def test_virtual_time_has_the_gamma_of_the_paper(tmp_path):
    with written(tmp_path, (1, 2), [(0, 0), (2, 0)], time=VIRTUAL) as trace:
        found = activation_map(trace, "out", (0.0, 0.004), controls=1)
    assert found.whole[0, 0] == pytest.approx(math.exp(-0.5 * 2))


def test_a_layer_that_is_no_picture_is_seen_through_its_weights(tmp_path):
    w = np.zeros((4, 3), np.float32)
    w[2, 1] = 0.5
    with written(tmp_path, (3,), [(60, 1), (70, 1)], w=w) as trace:
        late = activation_map(trace, "out", (0.05, 0.1), controls=1)
        early = activation_map(trace, "out", (0.0, 0.04), controls=1)
    np.testing.assert_allclose(late.whole, [[0, 0], [0.5 * math.exp(-GAMMA * 0.01), 0]], rtol=1e-6)
    assert not early.whole.any()
    assert np.isnan(early.like_others).all()


def test_controls_tell_a_map_of_intervals_from_one_of_counts(tmp_path):
    """All units spike ten times, those of one corner in bursts: only units matter, then only intervals do not."""
    random, events = np.random.default_rng(0), []
    for unit in range(100):
        corner = unit // 10 < 5 and unit % 10 < 5
        ticks = random.integers(0, 900) + np.arange(10) * 2 if corner else random.choice(1000, 10, replace=False)
        events += [(int(tick), unit) for tick in ticks]
    with written(tmp_path / "bursts", (10, 10), events) as trace:
        bursts = activation_map(trace, "out", (0.0, 1.0))
    assert abs(bursts.like_others.mean()) < 0.1
    assert abs(bursts.like_elsewhen.mean()) < 0.1
    rates = [(int(tick), u) for u in range(100) for tick in random.choice(1000, 1 + u // 2, replace=False)]
    with written(tmp_path / "rates", (10, 10), rates) as trace:
        counts = activation_map(trace, "out", (0.0, 1.0))
    assert abs(counts.like_others.mean()) < 0.1
    assert counts.like_elsewhen.mean() > 0.9  # it tells nothing but how many spikes there were, and the control says so


def test_what_has_no_map_is_refused(tmp_path):
    with written(tmp_path, (3,), [(0, 0)]) as trace:
        with pytest.raises(InputError, match=r"'out' is no picture \(shape \(3,\)\)"):
            activation_map(trace, "out", (0.0, 0.1))
        with pytest.raises(InputError, match="at least one tick"):
            activation_map(trace, "in", (0.0, 0.0001))
        with pytest.raises(InputError, match="at least one tick"):
            activation_map(trace, "in", (0.0, math.inf))
    with pytest.raises(InputError, match="gamma is at least 0"):
        contributions(np.zeros(1), np.zeros(1, int), 1, -1.0)
