"""Who answers, what a tie is, and what silence is."""

import numpy as np

from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.layer import Fired
from spikesight.first_spike.readout import among_the_earliest, first_to_fire

FIRED = Fired(
    Latencies(np.array([[5, 3, 9], [4, 4, 9], [4, 4, 9], [9, 9, 9], [9, 9, 9]]), 9),
    np.array([[9.0, 2.0, 0.0], [2.0, 3.0, 9.0], [3.0, 3.0, 9.0], [0.0, 2.0, 1.0], [0.0, 0.0, 0.0]]),
)


def test_the_first_answers_and_the_larger_potential_among_equals():
    answers = first_to_fire(FIRED)
    assert answers.best.tolist() == [1, 1, 0, 1, 0]
    assert answers.tied.tolist() == [False, False, True, False, True]
    np.testing.assert_array_equal(answers.when, [3, 4, 4, np.nan, np.nan])


def test_a_tie_is_a_mistake():
    assert first_to_fire(FIRED).strictly_right(np.array([1, 1, 0, 1, 0])).tolist() == [True, True, False, True, False]


def test_the_generous_count():
    assert among_the_earliest(FIRED, np.array([1, 0, 1, 1, 1])).tolist() == [True, True, True, True, False]
    assert among_the_earliest(FIRED, np.array([0, 2, 2, 0, 2])).tolist() == [False] * 5
