import numpy as np
import pytest
from made_up_maps import BURSTING, DEAD, SATURATED

from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import selectivity


def by_hand(spikes, labels, units, stims):
    """Mean spikes per stimulus, class by class and unit by unit."""
    means = np.full((labels.max() + 1, units), np.nan)
    for label in range(len(means)):
        own = [stim for stim in stims if labels[stim] == label]
        for unit in range(units):
            mine = spikes[(spikes[:, 1] == unit) & np.isin(spikes[:, 2], own)]
            means[label, unit] = len(mine) / len(own) if own else np.nan
    return means


def test_responses_of_the_whole_run(opened, finished):
    labels = np.array([outcome[2] for outcome in finished.outcomes])
    told = selectivity.answer(opened, Query())
    expected = by_hand(finished.spikes("exc"), labels, finished.units, range(300))
    np.testing.assert_allclose(told["responses"], expected, rtol=1e-6)
    np.testing.assert_array_equal(told["preferred"], np.argmax(expected, axis=0))
    np.testing.assert_array_equal(told["shown"], np.bincount(labels))


def test_a_window_holds_the_stimuli_that_it_touches(opened, finished):
    labels = np.array([outcome[2] for outcome in finished.outcomes])
    told = selectivity.answer(opened, Query(t0=10.1, t1=14.9))
    expected = by_hand(finished.spikes("exc"), labels, finished.units, range(20, 30))
    np.testing.assert_allclose(told["responses"], expected, rtol=1e-6)
    assert told["shown"].sum() == 10
    assert told["note"].endswith("over 10 stimuli.")


def test_the_index_tells_who_answers_to_one_class(pictures):
    told = selectivity.answer(pictures, Query())
    assert told["preferred"][DEAD] == -1
    assert np.isnan(told["index"][DEAD])
    assert told["index"][SATURATED] == 0.0
    assert told["index"][BURSTING] == 0.0
    assert (told["index"][:16] > 0.5).all()
    np.testing.assert_array_equal(told["preferred"][:16], np.arange(16) % 4)


def test_a_window_before_the_first_stimulus_says_so(opened):
    with pytest.raises(Empty, match="No stimulus was shown in this window"):
        selectivity.answer(opened, Query(t0=-5.0, t1=-1.0))
