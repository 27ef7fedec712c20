import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.text import read


def test_a_golden_recording(read_golden):
    assert read_golden("txt/slider_depth_events.txt", read)


def test_times_are_rounded():
    events = read(b"0.0000014 3 4 1\n0.0000016 5 6 0\n")
    assert events.t.tolist() == [1, 2]
    assert events.p.tolist() == [True, False]
    assert len(read(b"\n")) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"0.1 3 4\n", "3 numbers"),
        (b"0.1 3 4 up\n", "table of numbers"),
        (b"0.1 3.5 4 1\n", "whole numbers"),
        (b"0.1 3 4 2\n", "polarity"),
        (b"0.1 240 4 1\n", "x = 240"),
        (b"nan 3 4 1\n", "NaN"),
    ],
)
def test_what_is_not_one_is_refused(text, words):
    with pytest.raises(InputError, match=words):
        read(text, "a.txt")
