import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spikesight.studio.tally import Tally


def tally(ticks, asked=None):
    def count(layer, first, end):
        if asked is not None:
            asked.append((first, end))
        return int(((np.array(ticks) >= first) & (np.array(ticks) < end)).sum())

    return Tally(count)


@given(st.lists(st.integers(0, 99), max_size=60), st.lists(st.integers(1, 100), max_size=8), st.integers(0, 30))
def test_the_number_is_that_of_a_fresh_count(ticks, ends, lag):
    one = tally(ticks)
    for end in ends:  # also going back, as a resumed run does
        assert one.spikes("exc", 0, end - lag, end) == sum(tick < end for tick in ticks)


def test_what_has_settled_is_counted_once():
    asked = []
    one = tally(range(100), asked)
    one.spikes("exc", 0, 40, 50)
    one.spikes("exc", 0, 70, 80)
    assert asked == [(0, 40), (40, 50), (40, 70), (70, 80)]


def test_spikes_that_arrive_late_are_found():
    ticks = [1, 2, 30]
    one = tally(ticks)
    assert one.spikes("exc", 0, 10, 40) == 3
    ticks.append(20)
    assert tally(ticks).spikes("exc", 0, 10, 40) == one.spikes("exc", 0, 10, 40) == 4


def test_layers_are_counted_apart():
    one = Tally(lambda layer, first, end: len(layer))
    assert one.spikes("exc", 0, 5, 5) == 3
    assert one.spikes("input", 0, 5, 5) == 5
