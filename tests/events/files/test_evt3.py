import numpy as np
import pytest

from spikesight.events import read
from spikesight.events.files.source import EventFileError, EventFileWarning


def rows(events):
    return [(int(t), int(x), int(y), int(p)) for t, x, y, p in events.rows.tolist()]


HEAD = b"% evt 3.0\n% geometry 1280x720\n% end\n"


def words(text):
    return HEAD + np.array([int(word, 16) for word in text.split()], "<u2").tobytes()


def test_bits_of_words():
    events = read(words("8001 6005 000A 2814 6007 3064 4005 4000 5001 6009 201E")).events
    assert rows(events) == [
        (4101, 20, 10, 1),
        (4103, 100, 10, 0),
        (4103, 102, 10, 0),
        (4103, 124, 10, 0),
        (4105, 30, 10, 0),
    ]


def test_the_clock_goes_round_but_not_by_a_low_part_that_steps_back():
    assert read(words("8FFF 6FFF 000A 2814 8000 6001 2015")).events.t.tolist() == [16777215, 16777217]
    assert read(words("8001 6005 0000 2000 6003 2000")).events.t.tolist() == [4101, 4099]


def test_a_pixel_outside_is_told_with_its_byte():
    with pytest.raises(EventFileError, match=r"\(1280, 0\)") as told:
        read(words("8000 0000 34FF 4003"))
    assert told.value.offset == len(HEAD) + 6


def test_triggers_are_kept_and_events_without_a_time_are_not():
    with pytest.warns(EventFileWarning, match="1 events before"):
        recording = read(words("2000 8001 A301 2000"))
    assert [column.tolist() for column in recording.triggers] == [[4096], [3], [True]]


def test_vectors_at_the_edge_of_the_sensor():
    # From x = 1276 = 4fc on, four pixels are left.
    begin = "8001 6005 000A 3CFC "
    assert [x for _, x, _, _ in rows(read(words(begin + "400F")).events)] == [1276, 1277, 1278, 1279]
    assert [x for _, x, _, _ in rows(read(words("8001 6005 000A 3CF4 4FFF")).events)] == list(range(1268, 1280))
    with pytest.raises(EventFileError, match=rf"at byte {len(HEAD) + 8}: an event at \(1280, 10\)"):
        read(words(begin + "4011"))
