import numpy as np

from spikesight.analysis import votes, winner


def test_votes_are_means_over_the_units_of_a_class():
    counts = np.array([4, 2, 9, 1, 7])
    classes = np.array([0, 0, 1, 1, -1])
    np.testing.assert_array_equal(votes(counts, classes, 3), [3, 5, 0])


def test_many_weak_units_do_not_outvote_one_strong_unit():
    counts = np.array([1] * 10 + [3])
    classes = np.array([0] * 10 + [1])
    assert winner(votes(counts, classes, 2)) == 1


def test_nobody_voted():
    assert winner(votes(np.zeros(4), np.array([0, 1, 1, -1]), 2)) == -1
    assert winner(np.array([])) == -1
