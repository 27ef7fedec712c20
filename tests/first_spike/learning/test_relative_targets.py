"""Targets relative to the first spike: the numbers of the S4NN sheet, with the mistake's sign turned round."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.first_spike.learning.relative_targets import RelativeTargets


def targets(times, label, steps=16):
    found = np.array([times], float)
    return found - RelativeTargets(3.0)(found, np.array([label]), steps).errors * steps


def test_the_right_one_should_be_first_and_others_a_margin_later():
    np.testing.assert_allclose(targets((11, 4), 0), [[4, 7]])
    np.testing.assert_allclose(targets((11, 11), 0), [[11, 14]])


def test_no_target_lies_after_the_last_step():
    np.testing.assert_allclose(targets((14, 15), 0), [[14, 16]])


def test_where_nobody_fires_the_right_one_should_a_margin_before_the_end():
    np.testing.assert_allclose(targets((16, 16), 0), [[13, 16]])
    np.testing.assert_allclose(targets((18, 17), 0), [[13, 17]])  # made-up times of neurons that never fired


def test_a_right_answer_with_a_margin_has_nothing_to_learn():
    judged = RelativeTargets(3.0)(np.array([[4.0, 7.0, 12.0]]), np.array([0]), 16)
    assert judged.loss == 0.0
    np.testing.assert_array_equal(judged.errors, 0.0)


def test_a_margin_of_nothing_is_refused():
    with pytest.raises(InputError, match="above 0"):
        RelativeTargets(0.0)
