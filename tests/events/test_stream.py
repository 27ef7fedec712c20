import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream, joined, together


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
        (([1, 2], [0], [0, 0], [0, 0]), "equally long"),
        (([1], [4], [0], [0]), "x = 4"),
        (([1], [0], [3], [0]), "y = 3"),
        (([1], [-1], [0], [0]), "column x"),
        (([1], [70000], [0], [0]), "column x"),
        (([1.5], [0], [0], [0]), "column t"),
        (([1], [0], [0], [2]), "column p"),
        (([1, 2], [0, 0], [0, 0], [-1, 1]), "int64 from -1 to 1 .* give p > 0"),
        (([[1]], [0], [0], [0]), "column t"),
    ],
)
def test_what_is_no_stream_is_refused(columns, words):
    with pytest.raises(InputError, match=words):
        EventStream(*columns, 4, 3)


def test_a_sensor_has_whole_pixels_and_room():
    # As a file has them, in 16 bits: 1280 x 720 is more than they hold.
    events = EventStream([1], [3], [2], [1], np.uint16(1280), np.uint16(720))
    assert events.counts.shape == (720, 1280)
    assert events.counts[2, 3] == 1
    for size in (0, 1.5, np.nan):
        with pytest.raises(InputError, match="a pixel or more"):
            EventStream([1], [0], [0], [1], size, 1)


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
    for larger in (lambda: events.pasted(70_000, 0, 80_000, 10), lambda: events.window(-70_000, 0, 80_000, 10)):
        with pytest.raises(InputError, match="up to 65536 pixels"):
            larger()
    for part in (lambda: events.pasted(0.5, 0, 20, 10), lambda: events.window(0, 0.5, 2, 2)):
        with pytest.raises(InputError, match="pixels are whole"):
            part()


@given(st.lists(st.integers(0, 20)), st.lists(st.integers(0, 20)))
def test_together_keeps_every_event(a, b):
    first, second = stream(sorted(a)), stream(sorted(b), [1] * len(b))
    both = together(first, second)
    assert both.t.tolist() == sorted(a + b)
    assert both.of(both.x == 1).t.tolist() == sorted(b)
    assert together(first.later(3)).t.tolist() == [t + 3 for t in sorted(a)]


def test_what_was_done_to_each_is_told():
    shifted, other = stream([1]).after("read a").after("shifted").after("shifted"), stream([0]).after("read b")
    assert together(shifted, other).provenance == ("read a", "shifted", "shifted", "read b")
    assert joined(shifted, shifted, shifted).provenance == shifted.provenance
    assert joined(stream([1]), stream([2])).provenance == ()


def test_streams_of_other_sensors_stay_apart():
    with pytest.raises(InputError, match="one sensor"):
        together(stream([1]), stream([1], width=5))


@given(st.lists(st.integers(0, 20)))
def test_the_order_is_kept_told_and_mended(t):
    events = stream(t, list(range(len(t))), width=max(1, len(t)))
    assert events.t.tolist() == t
    assert events.backward_steps == sum(b < a for a, b in itertools.pairwise(t))
    assert events.sorted().x.tolist() == sorted(range(len(t)), key=lambda k: t[k])
    assert not events.sorted().backward_steps


def test_who_needs_the_order_says_so():
    events = stream([0, 9, 4, 5])
    with pytest.raises(InputError, match="1 of 4 step back, first number 2 at 4 us after one at 9 us"):
        events.between(0, 3)
    assert events.sorted().between(4, 6).t.tolist() == [4, 5]
    assert events.sorted().provenance == ("sorted by time",)


def test_times_at_the_ends_of_64_bits_do_not_run_over():
    most = 2**63 - 1
    with pytest.raises(InputError, match="first number 1"):
        stream([most, -most]).in_order()
    with pytest.raises(InputError, match="64 bits"):
        stream([0, most]).later(1)
    assert stream([0, most]).later(-5).t.tolist() == [-5, most - 5]
    assert [len(period) for period in stream([-most, most]).periods(most)] == [1, 0, 1]


def test_periods_come_one_by_one_where_a_clock_leapt():
    periods = stream([0, 1, 10**16]).periods(1)
    assert [next(periods).t.tolist() for _ in range(3)] == [[0], [1], []]


@given(st.lists(st.integers(0, 99), min_size=1), st.integers(1, 30), st.integers(1, 30))
def test_pieces_and_periods_are_the_whole(t, events, microseconds):
    whole = stream(sorted(t))
    pieces, periods = list(whole.pieces(events)), list(whole.periods(microseconds))
    assert joined(*pieces).t.tolist() == joined(*periods).t.tolist() == whole.t.tolist()
    assert all(len(piece) == events for piece in pieces[:-1])
    for k, period in enumerate(periods):
        assert ((period.t - whole.t[0]) // microseconds == k).all()


def test_a_clock_that_began_again_goes_on():
    events = stream([90, 99, 3, 2, 50, 1])
    assert events.unwrapped(100).t.tolist() == [90, 99, 103, 102, 150, 101]
    assert stream([60, 10]).unwrapped(100).t.tolist() == [60, 10]


def test_rows_are_what_other_libraries_take():
    events = stream([1, 2], [3, 0], [2, 1], [1, 0])
    assert events.rows.dtype.names == ("t", "x", "y", "p")
    assert events.rows.tolist() == [(1, 3, 2, True), (2, 0, 1, False)]
    assert EventStream.of_rows(events.rows, 4, 3).rows.tolist() == events.rows.tolist()
    with pytest.raises(InputError, match="p is missing"):
        EventStream.of_rows(events.rows[["t", "x", "y"]], 4, 3)


def test_a_memory_map_stays_one(tmp_path):
    np.save(tmp_path / "t.npy", np.arange(5))
    t = np.load(tmp_path / "t.npy", mmap_mode="r")
    assert np.shares_memory(EventStream(t, [0] * 5, [0] * 5, [0] * 5, 1, 1).t, t)
