"""Cross-entropy of spike times: its derivatives, and what pulls late neurons forward."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.first_spike.learning.softmax_of_times import SoftmaxOfTimes


def test_two_neurons_in_closed_form():
    judged = SoftmaxOfTimes(2.0, push=0.0)(np.array([[3.0, 5.0]]), np.array([0]), 16)
    late = 1.0 / (1.0 + np.e)  # the share of the other, one temperature later
    assert judged.loss == pytest.approx(-np.log(1.0 - late))
    np.testing.assert_allclose(judged.errors, [[late / 2.0, -late / 2.0]])


def test_errors_are_the_derivatives_of_the_loss():
    judge, random, small = SoftmaxOfTimes(1.5, 0.5, 0.3), generator(0, "times"), 1e-6
    times, labels = random.uniform(0.0, 20.0, (6, 4)), random.integers(0, 4, 6)
    errors = judge(times, labels, 20).errors
    for b in range(6):
        for k in range(4):
            moved = np.zeros((6, 4))
            moved[b, k] = small
            slope = (judge(times + moved, labels, 20).loss - judge(times - moved, labels, 20).loss) / (2 * small)
            assert errors[b, k] == pytest.approx(slope, abs=1e-6)


def test_only_differences_count_before_the_deadline():
    judge, times, labels = SoftmaxOfTimes(deadline=0.9), np.array([[3.0, 4.0, 6.0]]), np.array([1])
    np.testing.assert_allclose(judge(times, labels, 100).errors, judge(times + 50.0, labels, 100).errors)
    assert judge(times + 95.0, labels, 100).errors[0, 1] > judge(times, labels, 100).errors[0, 1]


def test_very_late_times_do_not_overflow():
    judged = SoftmaxOfTimes(0.01)(np.array([[5.0, 1e6]]), np.array([1]), 16)
    assert np.isfinite(judged.loss)
    assert np.isfinite(judged.errors).all()


def test_a_temperature_of_nothing_is_refused():
    with pytest.raises(InputError, match="above 0"):
        SoftmaxOfTimes(0.0)
