import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.reading import read
from spikesight.events.files.source import EventFileError
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
        (b"0.1 240 4 1\n", "240 x 180"),
        (b"nan 3 4 1\n", "NaN"),
    ],
)
def test_what_is_not_one_is_refused(text, words):
    with pytest.raises(EventFileError, match=words):
        read(text, Text(), "a.txt")


def test_what_is_written_is_read_again(tmp_path):
    t = np.array([-5, 0, 7, 7, 1633953690975951, 2**52])
    events = EventStream(t, np.arange(6), np.arange(6)[::-1], t % 2 == 1, 346, 260)
    write(tmp_path / "a.txt", events)
    again = read(tmp_path / "a.txt").events
    assert np.array_equal(again.rows, events.rows)
    assert (again.width, again.height) == (346, 260)
    with pytest.raises(InputError, match="exact up to"):
        write(tmp_path / "b.txt", events.later(1))
