import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.events.representations import EqualShares, EqualTimes, Periods, RestInLast
from spikesight.events.stream import EventStream


def at(*times):
    n = len(times)
    return EventStream(np.array(times, np.int64), np.zeros(n, int), np.zeros(n, int), np.ones(n, bool), 1, 1)


def test_by_number_the_rest_is_shared_or_in_the_last():
    ten = at(*range(10))
    assert np.diff(RestInLast(4).edges(ten)).tolist() == [2, 2, 2, 4]
    assert np.diff(EqualShares(4).edges(ten)).tolist() == [2, 3, 2, 3]
    assert np.diff(RestInLast(4).edges(at(1, 2))).tolist() == [0, 0, 0, 2]


def test_by_time_each_event_is_in_the_part_of_its_time():
    events = at(10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
    assert np.diff(EqualTimes(5).edges(events)).tolist() == [2, 2, 2, 2, 2]
    assert np.diff(EqualTimes(3).edges(events)).tolist() == [4, 3, 3]
    assert EqualTimes(2).edges(at(7, 7, 7)).tolist() == [0, 3, 3]
    assert Periods(4, 2).edges(events).tolist() == [0, 4, 8]
    assert Periods(4, 3, begin=12).edges(events).tolist() == [2, 6, 10, 10]
    huge = 1_700_000_000_000_000
    assert Periods(1, 2, begin=huge + 1).edges(at(huge, huge + 1, huge + 2, huge + 3)).tolist() == [1, 2, 3]


@given(st.lists(st.integers(-(10**16), 10**16), max_size=30), st.integers(1, 12))
def test_every_event_is_in_one_part(times, parts):
    events = at(*sorted(times))
    for cut in (EqualShares(parts), RestInLast(parts), EqualTimes(parts)):
        edges = cut.edges(events)
        assert (edges[0], edges[-1], len(edges)) == (0, len(times), parts + 1)
        assert (np.diff(edges) >= 0).all()
        assert edges.dtype == np.int64


def test_of_nothing_parts_are_empty_and_no_parts_are_an_error():
    for cut in (EqualShares(3), RestInLast(3), EqualTimes(3), Periods(10, 3)):
        assert cut.edges(at()).tolist() == [0, 0, 0, 0]
    for kind in (EqualShares, RestInLast, EqualTimes, lambda parts: Periods(10, parts)):
        with pytest.raises(InputError, match="got 0"):
            kind(0)
    with pytest.raises(InputError, match="got 0"):
        Periods(0, 3)


@pytest.mark.parametrize(
    "cut", [EqualShares(2), RestInLast(2), EqualTimes(2), Periods(3, 2)], ids=lambda c: type(c).__name__
)
def test_events_out_of_order_are_an_error(cut, backward):
    with pytest.raises(InputError, match="step back"):
        cut.edges(backward)
