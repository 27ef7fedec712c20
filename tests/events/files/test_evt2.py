import numpy as np
import pytest

from spikesight.events import joined, read
from spikesight.events.files.reading import EventFile
from spikesight.events.files.source import EventFileError, EventFileWarning


def rows(events):
    return [(int(t), int(x), int(y), int(p)) for t, x, y, p in events.rows.tolist()]


HEAD = b"% evt 2.0\n% geometry 640x480\n% end\n"


def words(*values):
    return HEAD + np.array(values, "<u4").tobytes()


def test_bits_of_words():
    events = read(words(0x80000003, 0x1140A00A, 0x0180A80B)).events
    assert (events.width, events.height) == (640, 480)
    assert rows(events) == [(197, 20, 10, 1), (198, 21, 11, 0)]


def test_the_clock_goes_round():
    events = read(words(0x8FFFFFFF, 0x10000000, 0x80000000, 0x10000000)).events
    assert events.t.tolist() == [17179869120, 17179869184]


def test_triggers_are_kept_and_events_without_a_time_are_not():
    with pytest.warns(EventFileWarning, match="1 events before the first word of time"):
        recording = read(words(0x10000000, 0x80000001, 0xA0400301, 0x10000000))
    assert [column.tolist() for column in recording.triggers] == [[65], [3], [True]]
    assert len(recording.events) == 1


def test_a_pixel_outside_and_a_cut_word_are_told_with_their_byte():
    with pytest.raises(EventFileError, match=r"\(640, 0\)") as told:
        read(words(0x80000000, 0x10000000 | 640 << 11))
    assert told.value.offset == len(HEAD) + 4
    with pytest.warns(EventFileWarning, match="cut off"):
        assert len(read(words(0x80000000, 0x10000000, 0x10000000)[:-1]).events) == 1


def test_events_read_together_are_those_read_one_by_one():
    row = [0x10000000 | (k % 64) << 22 | k << 11 | k for k in range(100)]
    expected = [(64 * 3 + k % 64, k, k, 1) for k in range(100)]
    for place in range(100):
        # A word of the time, of a trigger, and of nothing, at every place among the events.
        between = words(0x80000003, *row[:place], 0xA0000001, 0xD0000000, 0x80000004, *row[place:])
        later = [(t + 64 * (k >= place), *rest) for k, (t, *rest) in enumerate(expected)]
        assert rows(read(between).events) == later
        assert rows(joined(*EventFile(between).pieces(33))) == later


@pytest.mark.parametrize("word", [640 << 11, 480], ids=("x", "y"))
def test_a_pixel_outside_among_many_is_told_with_its_byte(word):
    for place in (0, 31, 32, 40, 63):
        values = [0x80000003, *[0x10000000] * place, word, *[0x10000000] * 64]
        with pytest.raises(EventFileError, match=f"at byte {len(HEAD) + 4 * (1 + place)}: "):
            read(words(*values))
