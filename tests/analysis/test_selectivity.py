import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.analysis import class_sizes, mean_responses, per_stimulus, preferred_class, selectivity_index
from spikesight.base.errors import InputError
from spikesight.circuits import readout

COUNTS = np.array([[4, 0, 0], [2, 0, 1], [0, 0, 6], [9, 9, 9]])
LABELS = np.array([0, 0, 2, -1])


def test_mean_responses_by_hand():
    means = mean_responses(COUNTS, LABELS, classes=3)
    np.testing.assert_array_equal(means[0], [3, 0, 0.5])
    assert np.isnan(means[1]).all()
    np.testing.assert_array_equal(means[2], [0, 0, 6])


def test_preferred_class_by_hand_and_silent_units_have_none():
    np.testing.assert_array_equal(preferred_class(mean_responses(COUNTS, LABELS, 3)), [0, -1, 2])


def test_the_mean_decides_not_the_total():
    """Class 1 is shown nine times as often: its total is higher, its mean is not."""
    labels = np.array([0] + [1] * 9)
    counts = np.array([[5]] + [[1]] * 9)
    assert preferred_class(mean_responses(counts, labels, 2))[0] == 0


@given(st.integers(0, 2**32 - 1))
def test_units_get_the_class_that_the_readout_gives_their_neurons(seed):
    random = np.random.default_rng(seed)
    counts, labels = random.integers(0, 4, (12, 5)), random.integers(0, 3, 12)
    named = preferred_class(mean_responses(counts, labels, 3))
    np.testing.assert_array_equal(named, readout.assign(counts, labels, 3))


def test_no_classes_means_nobody_prefers_one():
    np.testing.assert_array_equal(preferred_class(np.zeros((0, 4))), [-1] * 4)


def test_class_sizes_leave_out_the_unassigned():
    np.testing.assert_array_equal(class_sizes(np.array([2, -1, 2, 0]), 4), [1, 0, 2, 0])


def test_labels_must_fit():
    with pytest.raises(InputError, match="one label per stimulus"):
        mean_responses(COUNTS, LABELS[:2], 3)
    with pytest.raises(InputError, match="from 0 to 1"):
        mean_responses(COUNTS, LABELS, 2)


def test_means_per_stimulus_are_those_of_single_stimuli():
    random = np.random.default_rng(0)
    counts, labels = random.poisson(3.0, (40, 7)), random.integers(0, 4, 40)
    spikes = np.array([counts[labels == label].sum(axis=0) for label in range(5)])
    means = per_stimulus(spikes, np.bincount(labels, minlength=5))
    np.testing.assert_allclose(means, mean_responses(counts, labels, 5), rtol=1e-12)
    assert np.isnan(means[4]).all()
    np.testing.assert_array_equal(per_stimulus(np.ones((2, 3, 7)), np.full((2, 3), 4)), np.full((2, 3, 7), 0.25))


def test_the_selectivity_index_from_one_class_to_all_alike():
    responses = np.array([[4.0, 2.0, 0.0, 3.0], [0.0, 2.0, 0.0, 1.0], [0.0, 2.0, 0.0, 0.0], [np.nan] * 4])
    np.testing.assert_allclose(selectivity_index(responses), [1.0, 0.0, np.nan, (3 - 0.5) / (3 + 0.5)])


def test_with_fewer_than_two_classes_nothing_is_selective():
    assert np.isnan(selectivity_index(np.array([[3.0, 1.0], [np.nan, np.nan]]))).all()
    assert selectivity_index(np.zeros((0, 2))).shape == (2,)
