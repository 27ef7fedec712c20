import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream, together


def stream(t, x=None, y=None, p=None, width=4, height=3):
    zeros = [0] * len(t)
    return EventStream(t, x or zeros, y or zeros, p or zeros, width, height)


def test_columns_get_their_types():
    events = stream([1, 2], [3, 0], [2, 1], [1, 0])
    assert [column.dtype for column in (events.t, events.x, events.y, events.p)] == [
        np.int64,
        np.uint16,
        np.uint16,
        bool,
    ]
    assert events.pixel.tolist() == [11, 4]
    assert events.counts.tolist() == [[0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]
    assert len(stream([])) == 0


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (([2, 1], [0, 0], [0, 0], [0, 0]), "order of time"),
        (([1, 2], [0], [0, 0], [0, 0]), "equally long"),
        (([1], [4], [0], [0]), "x = 4"),
        (([1], [0], [3], [0]), "y = 3"),
        (([1], [-1], [0], [0]), "column x"),
        (([1], [70000], [0], [0]), "column x"),
        (([1.5], [0], [0], [0]), "column t"),
        (([1], [0], [0], [2]), "column p"),
        (([[1]], [0], [0], [0]), "column t"),
    ],
)
def test_what_is_no_stream_is_refused(columns, words):
    with pytest.raises(InputError, match=words):
        EventStream(*columns, 4, 3)


def test_slices_of_time_and_space():
    events = stream([0, 5, 5, 9], [0, 1, 2, 3], [0, 1, 2, 2], [1, 0, 1, 0])
    assert events.between(5, 9).t.tolist() == [5, 5]
    assert events.between(0, 5).x.tolist() == [0]
    cut = events.window(1, 1, 3, 2)
    assert (cut.width, cut.height) == (3, 2)
    assert cut.x.tolist() == [0, 1, 2]
    assert cut.y.tolist() == [0, 1, 1]
    assert len(events.window(-2, -2, 3, 3)) == 1
    with pytest.raises(InputError, match="a pixel or more"):
        events.window(0, 0, 0, 3)


def test_pasting_is_undone_by_a_window():
    events = stream([0, 5], [3, 1], [2, 0], [1, 0])
    there = events.pasted(5, 7, 20, 10)
    back = there.window(5, 7, 4, 3)
    assert (there.x - events.x == 5).all()
    assert np.array_equal(back.pixel, events.pixel)
    with pytest.raises(InputError, match="do not fit"):
        events.pasted(17, 0, 20, 10)


@given(st.lists(st.integers(0, 20)), st.lists(st.integers(0, 20)))
def test_together_keeps_every_event(a, b):
    first, second = stream(sorted(a)), stream(sorted(b), [1] * len(b))
    both = together(first, second)
    assert both.t.tolist() == sorted(a + b)
    assert both.of(both.x == 1).t.tolist() == sorted(b)
    assert together(first.later(3)).t.tolist() == [t + 3 for t in sorted(a)]


def test_streams_of_other_sensors_stay_apart():
    with pytest.raises(InputError, match="one sensor"):
        together(stream([1]), stream([1], width=5))
