"""Ramps: closed forms, and derivatives against finite differences."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.first_spike.ramp import Ramp, by_time, by_weight, crossing

RAMP, TIMES, W = Ramp(4.0), np.array([0.0, 1.0]), np.array([1.0, 1.5])


def test_known_neuron():
    crossed = crossing(RAMP, W, TIMES)
    assert crossed.time == pytest.approx(2.2)
    assert crossed.slope == pytest.approx(0.625)
    np.testing.assert_allclose(by_weight(RAMP, TIMES, crossed), [-0.88, -0.48])
    np.testing.assert_allclose(by_time(RAMP, W, TIMES, crossed), [0.4, 0.6])
    assert W @ by_weight(RAMP, TIMES, crossed) == pytest.approx(-1.6)  # -threshold / slope


def test_weights_and_threshold_scale_together():
    assert crossing(Ramp(4.0, 3.0), 3.0 * W, TIMES).time == pytest.approx(2.2)


def test_a_full_ramp_still_counts_but_its_time_does_not():
    w, times = np.array([0.5, 1.0]), np.array([0.0, 10.0])
    crossed = crossing(RAMP, w, times)
    assert crossed.time == pytest.approx(12.0)
    np.testing.assert_allclose(by_weight(RAMP, times, crossed), [-4.0, -2.0])
    np.testing.assert_allclose(by_time(RAMP, w, times, crossed), [0.0, 1.0])


def test_too_little_never_fires():
    assert crossing(RAMP, [0.4, 0.5], [0.0, 3.0]).time == np.inf
    assert crossing(RAMP, [5.0], [np.inf]).time == np.inf


def test_what_is_taken_away_later_does_not_count():
    assert crossing(RAMP, [1.5, -9.0], [0.0, 3.0]).time == pytest.approx(8 / 3)


@pytest.mark.parametrize("number", range(20))
def test_derivatives_are_those_of_finite_differences(number):
    random = generator(0, "ramp", number)
    w, times = random.normal(0.3, 0.5, 12), random.uniform(0.0, 6.0, 12)
    crossed = crossing(RAMP, w, times)
    small = 1e-6
    for i in range(12):
        moved = np.eye(12)[i] * small
        if np.abs(times + np.array([[0.0], [RAMP.tau]]) - crossed.time).min() < 1e-4:
            pytest.skip("at a corner of the line there is no derivative")
        by_w = (crossing(RAMP, w + moved, times).time - crossing(RAMP, w - moved, times).time) / (2 * small)
        by_t = (crossing(RAMP, w, times + moved).time - crossing(RAMP, w, times - moved).time) / (2 * small)
        assert by_weight(RAMP, times, crossed)[i] == pytest.approx(by_w, rel=1e-4, abs=1e-6)
        assert by_time(RAMP, w, times, crossed)[i] == pytest.approx(by_t, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("number", range(10))
def test_shifted_inputs_shift_the_spike(number):
    random = generator(1, "ramp", number)
    w, times = random.normal(0.4, 0.5, 9), random.uniform(0.0, 6.0, 9)
    crossed = crossing(RAMP, w, times)
    assert crossing(RAMP, w, times + 2.5).time == pytest.approx(crossed.time + 2.5)
    if np.isfinite(crossed.time):
        assert by_time(RAMP, w, times, crossed).sum() == pytest.approx(1.0)


def test_ramps_without_length_are_refused():
    with pytest.raises(InputError, match="above 0"):
        Ramp(0.0)
