import pytest

from spikesight.events.files.reading import read
from spikesight.events.files.source import EventFileError
from spikesight.events.files.text import Text


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
