"""Thresholds after a winner, worked out by hand."""

import math

import numpy as np
import pytest
from numba import njit

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.learning.target_time import TargetTime, adapted


def test_four_neurons_and_a_winner_that_is_too_early():
    after = TargetTime(0.75, 0.1, 1.0).adapted(np.full(4, 8.0), 1, 0.5)
    np.testing.assert_allclose(after, [7.991667, 8.125, 7.991667, 7.991667], atol=5e-7)


@pytest.mark.parametrize("time", [0.0, 0.5, 0.75, 1.0])
def test_winning_moves_thresholds_among_neurons_and_time_moves_them_all(time):
    before = np.array([8.0, 9.0, 7.5, 20.0, 6.0])
    after = TargetTime(0.75, 0.1, 1.0).adapted(before, 3, time)
    assert after.sum() - before.sum() == pytest.approx(-0.1 * 5 * (time - 0.75))


def test_the_winner_too_follows_the_target():
    assert TargetTime(0.75, 0.1, 1.0).adapted([8.0, 8.0], 0, 0.95)[0] == pytest.approx(8.0 - 0.02 + 0.1)


def test_none_falls_below_the_least():
    after = TargetTime(0.0, 1.0, 2.0).adapted([2.5, 2.1, 9.0], 2, 1.0)
    np.testing.assert_allclose(after, [2.0, 2.0, 9.0])


def test_a_factor_slows_everything():
    rule = TargetTime()
    slow, fast = (rule.adapted([8.0, 9.0, 10.0], 0, 0.3, factor) - [8.0, 9.0, 10.0] for factor in (0.5, 1.0))
    np.testing.assert_allclose(2 * slow, fast)


def test_a_neuron_alone_has_nobody_to_take_turns_with():
    assert TargetTime(0.75, 0.1).adapted([8.0], 0, 0.75) == pytest.approx(8.1)


def test_thresholds_that_were_given_stay_as_they_are():
    given = np.full(3, 8.0)
    TargetTime().adapted(given, 0, 0.2)
    np.testing.assert_array_equal(given, 8.0)


def test_the_same_text_compiled():
    compiled, given = njit(adapted), np.array([8.0, 9.0, 1.05])
    np.testing.assert_array_equal(compiled(given, 1, 0.4, 0.1, 0.75, 1.0), adapted(given, 1, 0.4, 0.1, 0.75, 1.0))


def test_what_a_latency_is_worth():
    seconds = Latencies(np.array([[0.5, 0.75, 0.8, 0.9, 1.0, np.inf]]))
    np.testing.assert_allclose(TargetTime(0.75).values(seconds), [[1.0, 1.0, 0.8, 0.4, 0.0, 0.0]], atol=1e-6)
    steps = Latencies(np.array([[50, 75, 80, 90, 99, 100]]), 100)
    np.testing.assert_allclose(TargetTime(0.75).values(steps), [[1.0, 1.0, 0.8, 0.4, 0.04, 0.0]], atol=1e-6)


def test_a_target_at_the_end_asks_only_whether_a_neuron_fired():
    assert TargetTime(1.0).values(Latencies(np.array([[0, 9, 10]]), 10)).tolist() == [[1.0, 1.0, 0.0]]


@pytest.mark.parametrize("wrong", [{"target": 1.1}, {"target": math.nan}, {"rate": -0.1}, {"least": 0.0}])
def test_what_makes_no_target(wrong):
    with pytest.raises(InputError, match="a target time is a fraction"):
        TargetTime(**wrong)
