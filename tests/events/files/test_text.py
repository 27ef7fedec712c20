import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError, EventFileWarning
from spikesight.events.files.text import Text
from spikesight.events.files.writing import write
from spikesight.events.stream import EventStream


def test_times_are_rounded():
    events = read(b"0.0000014 3 4 1\n0.0000016 5 6 0\n").events
    assert events.t.tolist() == [1, 2]
    assert events.p.tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"0.1 3 4\n", "3 numbers"),
        (b"0.1 3 4 up\n", "table of numbers"),
        (b"0.1 3.5 4 1\n", "whole numbers"),
        (b"0.1 3 4 2\n", "polarity"),
        (b"0.1 65536 4 1\n", "65536 x 65536"),
        (b"240 180\n0.1 240 4 1\n", "240 x 180"),
        (b"1e305 3 4 1\n", "exact up to"),
        (b"0.1 %d 4 1\n" % 10**40, "whole numbers"),
        (b"nan 3 4 1\n", "NaN"),
    ],
)
def test_what_is_not_one_is_refused(text, words):
    with pytest.raises(EventFileError, match=words):
        read(text, Text(), "a.txt")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (b"0.1 3 4 1\n0.2 5 6 0\n", (240, 180)),
        (b"0.1 3 4 1\n0.2 5 6 -1\n", (240, 180)),
        (b"0.1,3,4,1\r\n0.2,5,6,0\r\n", (240, 180)),
        (b"0.1; 3; 4; 1\n0.2;5;6;0", (240, 180)),
        (b"# t x y p\n0.1\t3\t4\t1\n\n# more\n0.2 5 6 0\n\n\n", (240, 180)),
        (b"346 260\n0.1 3 4 1\n0.2 5 6 0\n", (346, 260)),
    ],
    ids=("zero", "minus", "commas", "semicolons", "remarks", "size"),
)
def test_other_ways_to_write_a_table(text, size):
    events = read(text).events
    assert events.rows.tolist() == [(100_000, 3, 4, True), (200_000, 5, 6, False)]
    assert (events.width, events.height) == size
    assert [len(piece) for piece in EventFile(text).pieces(1)] == [1, 1]


def test_the_sensor_is_the_first_usual_one_that_has_room():
    events = read(b"0.1 3 4 1\n0.2 345 6 0\n").events
    assert (events.width, events.height) == (346, 260)


def test_what_is_written_is_read_again(tmp_path):
    t = np.array([-5, 0, 7, 7, 1633953690975951, 2**52])
    events = EventStream(t, np.arange(6), np.arange(6)[::-1], t % 2 == 1, 346, 260)
    write(tmp_path / "a.txt", events)
    again = read(tmp_path / "a.txt").events
    assert np.array_equal(again.rows, events.rows)
    assert (again.width, again.height) == (346, 260)
    with pytest.raises(InputError, match="exact up to"):
        write(tmp_path / "b.txt", events.later(1))


def test_a_file_without_events_is_read_again(tmp_path):
    write(tmp_path / "a.txt", EventStream([], [], [], [], 346, 260))
    again = read(tmp_path / "a.txt").events
    assert (len(again), again.width, again.height) == (0, 346, 260)


@pytest.mark.parametrize("rest", ["0", "0.2 3", "0.2 3 4", "0.2 3 4 "])
def test_a_line_that_is_cut_off_is_left_out_and_told(rest):
    data = f"0.1 1 2 1\n{rest}".encode()
    with pytest.warns(EventFileWarning, match=f"at byte {len(data) - len(rest)}: .*cut off"):
        assert len(read(data).events) == 1
    with pytest.warns(EventFileWarning, match="cut off"):
        assert [len(piece) for piece in EventFile(data).pieces(1)] == [1]
