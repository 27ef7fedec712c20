import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spikesight.events.files.event_words import edge, neighbours, ones
from spikesight.events.files.format import Columns
from spikesight.events.files.records import BAD, BAD_X, BAD_Y, EDGES, NUMBERS


@given(st.integers(0, 2**32 - 1))
def test_bits_are_counted(mask):
    assert ones(np.int64(mask)) == mask.bit_count()


def unpacked(mask, x, y, width=64, height=4):
    out, numbers = Columns.room(40), np.zeros(NUMBERS, np.int64)
    word = np.int64(7 << 22 | x << 11 | y)
    end = neighbours(word, np.int64(mask), True, np.int64(3), numbers, *out, 1, width, height)
    return out.part(1, end), numbers


def test_a_set_bit_is_an_event_so_many_pixels_to_the_right():
    found, numbers = unpacked(0x80000005, 32, 3)
    assert found.x.tolist() == [32, 34, 63]
    assert set(found.t.tolist()) == {3 << 6 | 7}
    assert set(found.y.tolist()) == {3}
    assert found.p.all()
    assert not numbers[BAD]


def test_the_first_pixel_outside_ends_it():
    found, numbers = unpacked(0b111, 62, 0)
    assert found.x.tolist() == [62, 63]
    assert numbers[[BAD, BAD_X, BAD_Y]].tolist() == [1, 64, 0]
    assert unpacked(1, 0, 4)[1][[BAD, BAD_X, BAD_Y]].tolist() == [1, 0, 4]


def test_edges_are_written_while_there_is_room():
    numbers, edges = np.zeros(NUMBERS, np.int64), np.zeros((2, 3), np.int64)
    assert [bool(edge(t, 5, 1, numbers, edges)) for t in (10, 11, 12)] == [True, True, False]
    assert edges.tolist() == [[10, 5, 1], [11, 5, 1]]
    assert numbers[EDGES] == 2
