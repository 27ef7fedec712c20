"""Repeating patterns: rates in and out of the pattern, jitter, and the same spikes in however many pieces."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.encoding.patterns import Repeating, frozen
from spikesight.encoding.spike_list import SpikeList

PLAN = Repeating(n=400, rate=5.0, length=0.05, period=0.2, jitter=4e-3, dt=1e-4, patterns=2, seed=3)


def test_a_frozen_pattern_is_a_poisson_process():
    drawn = [frozen(200, 4.0, 0.5, np.random.default_rng(k)) for k in range(200)]
    counts = np.array([len(pattern.times) for pattern in drawn])
    assert counts.mean() == pytest.approx(400.0, abs=4 * 20 / 200**0.5)
    assert counts.var() == pytest.approx(400.0, rel=0.4)
    times = np.concatenate([pattern.times for pattern in drawn])
    units = np.concatenate([pattern.units for pattern in drawn])
    assert times.min() >= 0.0
    assert times.max() < 0.5
    np.testing.assert_allclose(np.histogram(times, 10, (0.0, 0.5))[0], 8000, atol=5 * 8000**0.5)
    np.testing.assert_allclose(np.bincount(units, minlength=200), 400, atol=5 * 20)


def test_the_rate_is_the_same_in_the_pattern_around_it_and_at_its_edges():
    """Many patterns, each shown once, so that a frozen one does not decide."""
    plan = replace(PLAN, patterns=2000)
    given_ = plan.drawn()
    times = np.concatenate([given_.period(number).times for number in range(2000)])
    counts = np.bincount(times, minlength=plan.steps).reshape(-1, 10).sum(axis=1)  # millisecond by millisecond
    expected = 2000 * plan.n * plan.rate * 1e-3
    assert np.abs(counts - expected).max() < 5 * expected**0.5
    assert counts.mean() == pytest.approx(expected, rel=2e-3)


def test_every_spike_of_a_pattern_comes_back_within_the_jitter():
    shown, plan = PLAN.drawn(), PLAN
    for number in (0, 1, 6):
        spikes = shown.period(number)
        pattern = shown.patterns[number % 2]
        for time, unit in zip(pattern.times, pattern.units, strict=True):
            offs = spikes.times[spikes.units == unit] * plan.dt - (plan.begin + time)
            assert ((offs > -plan.jitter - plan.dt) & (offs <= plan.jitter)).any()


def test_jitter_is_uniform_and_drawn_anew():
    plan = replace(PLAN, n=2000, rate=0.05, patterns=1)  # few spikes: hardly any noise near those of the pattern
    shown = plan.drawn()
    offs = []
    for number in range(300):
        spikes = shown.period(number)
        for time, unit in zip(*shown.patterns[0], strict=True):
            offs += list(spikes.times[spikes.units == unit] * plan.dt - (plan.begin + time))
    near = np.array([off for off in offs if abs(off) < 2 * plan.jitter])
    assert np.histogram(near, 4, (-plan.jitter, plan.jitter))[0] == pytest.approx(len(near) / 4, rel=0.2)
    assert near.std() == pytest.approx(plan.jitter / 3**0.5, rel=0.1)


def test_without_jitter_the_pattern_is_the_same_every_time():
    plan = replace(PLAN, jitter=0.0)
    shown = plan.drawn()
    steps = np.floor((plan.begin + shown.patterns[1].times) / plan.dt).astype(int)
    for number in (1, 3):
        spikes = shown.period(number).dense(plan.n)
        assert spikes[steps, shown.patterns[1].units].all()


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, 9000), max_size=6))
def test_pieces_are_the_whole(cuts):
    shown = replace(PLAN, n=40).drawn()
    whole = shown.spikes(0, 9000)
    edges = [0, *sorted(cuts), 9000]
    pieces = [shown.spikes(begin, end - begin) for begin, end in pairwise(edges)]
    assert sum(piece.steps for piece in pieces) == whole.steps
    np.testing.assert_array_equal(np.concatenate([piece.units for piece in pieces]), whole.units)
    counts = np.concatenate([np.diff(piece.starts) for piece in pieces])
    np.testing.assert_array_equal(counts, np.diff(whole.starts))


def test_spikes_are_in_order_and_at_most_one_per_step():
    spikes: SpikeList = replace(PLAN, n=3, rate=2000.0).drawn().spikes(0, PLAN.steps)
    assert spikes.dense(3).max() == 1
    for k in range(spikes.steps):
        units = spikes.units[spikes.starts[k] : spikes.starts[k + 1]]
        assert (np.diff(units) > 0).all()


def test_seeds_differ_and_repeat():
    one, again, other = (replace(PLAN, seed=seed).drawn().spikes(0, 500).units.tolist() for seed in (3, 3, 4))
    assert one == again != other


def test_showings_are_in_turn_and_in_the_middle():
    starts, which = PLAN.showings(3, 6)
    np.testing.assert_allclose(starts, [0.675, 0.875, 1.075])
    assert which.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    "wrong",
    [{"n": 0}, {"rate": 0.0}, {"jitter": -1e-3}, {"period": 0.055}, {"period": 0.20003}, {"n": 2_000_000}],
    ids=str,
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(InputError):
        replace(PLAN, **wrong)
