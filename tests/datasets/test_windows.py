"""How many windows a session has, and which are kept."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.windows import Windows


def session(seconds, every=1.0):
    t = np.arange(0.0, seconds + 1e-9, every)
    return t, np.full(len(t), 100), np.full(len(t), True)


@pytest.mark.parametrize(("seconds", "count"), [(60, 1), (74, 1), (75, 2), (90, 3), (600, 37)])
def test_a_session_has_a_window_every_quarter_of_a_minute(seconds, count):
    assert Windows().count(seconds) == count == (seconds - 60) // 15 + 1
    windows = Windows()(*session(seconds))
    assert [window.begin for window in windows] == [15.0 * k for k in range(count)]
    for window in windows:
        assert window.t.min() >= 0.0
        assert window.t.max() < 60.0
        assert len(window.t) == len(window.size) == len(window.forward)


def test_short_and_thin_ones_are_left_out():
    assert len(Windows()(*session(40))) == 1
    assert not Windows()(*session(39))
    assert not Windows()(*session(60, every=7.0)), "9 packets"
    assert Windows()([], [], []) == []


def test_time_is_that_of_the_window_wherever_the_session_began():
    t, size, forward = session(75)
    late = Windows()(t + 1000.0, size, forward)
    np.testing.assert_array_equal(late[1].t, Windows()(t, size, forward)[1].t)
    assert late[1].t[0] == 0.0


def test_what_cannot_be_cut():
    with pytest.raises(InputError, match="order"):
        Windows()([1.0, 0.0], [1, 1], [True, True])
    with pytest.raises(InputError, match="stride"):
        Windows(stride=0.0)
