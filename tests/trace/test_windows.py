import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.trace.windows import Window, rate

TICK = 0.0005


@settings(deadline=None)
@given(first=st.integers(0, 10**8), length=st.integers(0, 10**6))
def test_times_that_are_ticks_give_those_ticks(first, length):
    # Seconds computed from ticks in either way, rounded as they are, mean these ticks.
    for scale in (lambda ticks: ticks * TICK, lambda ticks: ticks * 500_000 / 1e9):
        assert Window.of((scale(first), scale(first + length)), TICK) == Window(first, first + length)


def test_a_tick_belongs_to_the_window_in_which_it_begins():
    assert Window.of((0.00051, 0.00149), TICK) == Window(2, 3)
    assert Window.of((0.0005, 0.0015), TICK) == Window(1, 3)


def test_open_ends_hold_everything():
    window = Window.of((-math.inf, math.inf), TICK)
    assert window.first < -(2**61)
    assert window.stop > 2**61


@pytest.mark.parametrize("t", [(1.0, 0.5), (math.nan, 1.0), (0.0, math.nan)])
def test_windows_that_are_none(t):
    with pytest.raises(InputError, match="start <= end"):
        Window.of(t, TICK)


@settings(deadline=None)
@given(first=st.integers(-100, 100), ticks=st.integers(1, 500), bins=st.integers(1, 700))
def test_ticks_per_bin_counts_the_ticks_that_the_formula_puts_there(first, ticks, bins):
    window = Window(first, first + ticks)
    places = [(t - first) * bins // ticks for t in range(first, first + ticks)]
    np.testing.assert_array_equal(window.ticks_per_bin(bins), np.bincount(places, minlength=bins))


def test_rate_is_spikes_per_unit_and_second():
    np.testing.assert_allclose(rate(np.array([0, 30]), seconds=0.5, size=20), [0.0, 3.0])
    np.testing.assert_allclose(rate(np.array([[4, 6], [2, 3]]), np.array([0.2, 0.3]), size=2), [[10, 10], [5, 5]])
