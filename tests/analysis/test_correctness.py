import numpy as np

from spikesight.analysis import running_accuracy, thinned


def test_running_accuracy_averages_the_last_ones():
    np.testing.assert_allclose(running_accuracy(np.array([1, 0, 0, 1, 1]), last=2), [1, 0.5, 0, 0.5, 1])


def test_running_accuracy_of_nothing_is_nothing():
    assert running_accuracy(np.array([]), last=5).shape == (0,)


def test_thinned_curve_keeps_the_newest_point():
    t, values = thinned(np.arange(1001.0), np.arange(1001.0) * 2, most=100)
    assert len(t) <= 100
    assert t[-1] == 1000
    np.testing.assert_array_equal(values, t * 2)


def test_short_curve_is_kept_whole():
    t, _ = thinned(np.arange(7.0), np.arange(7.0), most=100)
    np.testing.assert_array_equal(t, np.arange(7.0))
