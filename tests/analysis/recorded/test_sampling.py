import numpy as np

from spikesight.analysis.recorded.sampling import ends, recorded_seconds, recorded_units


def test_which_units_were_recorded(trace):
    assert recorded_units(trace, "exc").all()
    assert np.flatnonzero(recorded_units(trace, "some")).tolist() == [1, 4]


def test_open_ends_are_those_of_the_trace(trace):
    assert ends(trace, None) == (0.0, 4.8)
    assert ends(trace, (1.0, np.inf)) == (1.0, 4.8)
    assert ends(trace, (-np.inf, 2.0)) == (0.0, 2.0)
    assert ends(trace, (1.0, 99.0)) == (1.0, 99.0)


def test_recorded_time(trace):
    assert recorded_seconds(trace, "exc", (0.0, 1.5)) == 1.5
    np.testing.assert_allclose(recorded_seconds(trace, "seldom", (0.0, 4.8)), 1.6)
    np.testing.assert_allclose(recorded_seconds(trace, "seldom", (0.0, 0.15)), 0.1)  # stimulus 0, not 1
    np.testing.assert_allclose(recorded_seconds(trace, "seldom", (0.25, 0.35)), 0.05)  # of stimulus 3
