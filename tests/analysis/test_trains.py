"""Regular trains have no variation, Poisson trains have one of 1, and a changing rate is not irregularity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.analysis import cv, cv2, intervals, local_variation, mean_rates
from spikesight.base.errors import InputError

ALL = (cv, cv2, local_variation)


@pytest.fixture(scope="module")
def poisson():
    """Two hundred Poisson trains of 20 Hz for 50 s, spikes in a random order."""
    random = np.random.default_rng(1)
    counts = random.poisson(1000, 200)
    t = random.uniform(0, 50, counts.sum())
    return t, np.repeat(np.arange(200), counts)


def test_intervals_by_hand():
    between = intervals(np.array([5, 1, 2, 9, 4]), np.array([0, 1, 0, 0, 1]), 3)
    assert between.length.tolist() == [3, 4, 3]
    assert between.unit.tolist() == [0, 0, 1]


def test_intervals_within_parts_by_hand():
    """Unit 0 spikes at 0, 2, 5 in part 7 and at 9, 10 in part 8, unit 1 at 3 and 8; given in any order."""
    t, unit = np.array([10, 0, 8, 2, 5, 3, 9]), np.array([0, 0, 1, 0, 0, 1, 0])
    found = intervals(t, unit, 2, np.array([8, 7, 8, 7, 7, 7, 8]))
    assert found.length.tolist() == [2, 3, 1]
    assert found.unit.tolist() == [0, 0, 0]
    assert found.part.tolist() == [7, 7, 8]
    assert found.follows.tolist() == [False, True, False]
    assert found.spikes().tolist() == [3, 3, 2]
    np.testing.assert_array_equal(found.below(np.array([3.0, 3.0, 0.5]), 2), [1 / 3, np.nan])
    assert found.local_variation(2)[0] == pytest.approx(3 * (1 / 5) ** 2), "3 and 1 are no neighbours"
    assert intervals(t, unit, 2).length.tolist() == [2, 3, 4, 1, 5]
    assert intervals(t, unit, 2).spikes().tolist() == [5, 5, 5, 5, 2]


@given(st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_spikes_in_the_order_of_time_are_sorted_as_others(spikes, seed):
    random = np.random.default_rng(seed)
    t, unit = np.sort(random.integers(0, 50, spikes)), random.integers(0, 70_000, spikes)
    shuffled = random.permutation(spikes)
    for n in (70_000, 60_000):
        here = unit % n
        both = intervals(t, here, n), intervals(t[shuffled], here[shuffled], n)
        for one, other in zip(*both, strict=True):
            np.testing.assert_array_equal(one, other)


def test_rates_by_hand():
    assert mean_rates(np.array([2, 0, 2]), 4, 0.5).tolist() == [2, 0, 4, 0]


def test_by_hand():
    """Intervals 1, 3: mean 2, unbiased variance 2; contrast 1/2."""
    t, unit = np.array([0.0, 1.0, 4.0]), np.zeros(3, int)
    assert cv(t, unit, 1)[0] == pytest.approx(np.sqrt(2) / 2)
    assert cv2(t, unit, 1)[0] == pytest.approx(2 * 0.5)
    assert local_variation(t, unit, 1)[0] == pytest.approx(3 * 0.25)


@pytest.mark.parametrize("measure", ALL)
def test_a_regular_train_has_none(measure):
    t = np.concatenate([np.arange(100), np.arange(0, 100, 7)])
    unit = np.repeat([0, 1], [100, 15])
    np.testing.assert_array_equal(measure(t, unit, 2), 0)


@pytest.mark.parametrize("measure", ALL)
def test_poisson_trains_have_1(measure, poisson):
    """The mean of 200 estimates, each from a thousand intervals, lies within 1 %."""
    assert measure(*poisson, 200).mean() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(("shape", "measured"), [(2, 3 / 5), (4, 3 / 9)])
def test_gamma_trains(shape, measured):
    """Intervals of a gamma distribution of shape k: CV 1 / sqrt(k), LV 3 / (2 k + 1)."""
    t = np.random.default_rng(2).gamma(shape, size=40_000).cumsum()
    unit = np.zeros(len(t), int)
    assert cv(t, unit, 1)[0] == pytest.approx(shape**-0.5, rel=0.02)
    assert local_variation(t, unit, 1)[0] == pytest.approx(measured, rel=0.02)


def test_a_rate_that_changes_is_irregular_to_cv_only():
    """Regular spikes, ten times as fast half of the time."""
    t = np.concatenate([np.arange(0, 100, 1.0), np.arange(100, 200, 0.1)])
    unit = np.zeros(len(t), int)
    assert cv(t, unit, 1)[0] > 1
    assert cv2(t, unit, 1)[0] < 0.01
    assert local_variation(t, unit, 1)[0] < 0.01


@pytest.mark.parametrize("measure", ALL)
def test_too_few_spikes_have_no_answer(measure):
    found = measure(np.array([0.0, 1.0, 0.0, 1.0, 2.0]), np.array([1, 1, 2, 2, 2]), 4)
    assert np.isnan(found).tolist() == [True, True, False, True]


@given(st.integers(0, 2**32 - 1), st.floats(1e-4, 1e4))
def test_neither_order_nor_unit_of_time_matters(seed, factor):
    random = np.random.default_rng(seed)
    t, unit = random.uniform(0, 10, 60), random.integers(0, 5, 60)
    order = random.permutation(60)
    for measure in ALL:
        np.testing.assert_allclose(measure(t, unit, 5), measure(t[order] * factor, unit[order], 5), rtol=1e-6)


def test_nothing_at_all():
    nothing = np.zeros(0)
    assert np.isnan(cv(nothing, nothing, 3)).all()
    assert np.isnan(cv2(nothing, nothing, 3)).all()
    assert mean_rates(nothing, 3, 1.0).tolist() == [0, 0, 0]


def test_what_is_no_train_is_refused():
    with pytest.raises(InputError, match=r"one time per spike is needed, got \(3,\) times for \(2,\)"):
        cv(np.zeros(3), np.zeros(2), 1)
    with pytest.raises(InputError, match="3 neurons have numbers 0 to 2, got 1 to 3"):
        intervals(np.zeros(2), np.array([1, 3]), 3)
    with pytest.raises(InputError, match="over some time"):
        mean_rates(np.zeros(1), 1, 0.0)


def test_three_spikes_at_one_moment_have_nothing_to_compare():
    t, unit = np.array([1.0, 1.0, 1.0, 2.0, 3.0]), np.zeros(5, np.int64)
    assert local_variation(t, unit, 1)[0] == pytest.approx((3 + 0) / 2)  # intervals 0, 0, 1, 1: of 0, 1 and of 1, 1
    assert cv2(t, unit, 1)[0] == pytest.approx((2 + 0) / 2)
