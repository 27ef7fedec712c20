import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events import EventStream, joined, read, write
from spikesight.events.files.evt2 import Evt2
from spikesight.events.files.reading import EventFile
from spikesight.events.files.source import EventFileError, EventFileWarning


def stream(rows, width=1280, height=720):
    t, x, y, p = zip(*rows, strict=True)
    return EventStream(np.array(t), np.array(x), np.array(y), np.array(p, bool), width, height)


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


def test_what_is_written_comes_back_whole_and_in_pieces(tmp_path):
    given = [
        (5, 9, 1, 1),
        (5, 10, 1, 1),
        (5, 12, 1, 1),
        (5, 11, 1, 1),
        (4, 64, 1, 0),
        (1048576, 1, 700, 1),
        (85899345927, 1279, 719, 0),
    ]
    write(tmp_path / "a", stream(given), Evt2())
    assert rows(read(tmp_path / "a").events) == given
    pieces = list(EventFile(tmp_path / "a").pieces(2))
    assert max(map(len, pieces)) <= 2
    assert rows(joined(*pieces)) == given


@pytest.mark.parametrize(
    "refused", [[(-1, 0, 0, 1)], [(1 << 60, 0, 0, 1)], [(5, 2048, 0, 1)], [(1 << 33, 0, 0, 1), (5, 0, 0, 1)]], ids=str
)
def test_what_has_no_room_is_refused(tmp_path, refused):
    with pytest.raises(InputError, match=r"event [01] at"):
        write(tmp_path / "a", stream(refused, 4000, 4000), Evt2())
    assert not list(tmp_path.iterdir())


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
