import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events import EventStream, joined, read, write
from spikesight.events.files.evt4 import Evt4
from spikesight.events.files.reading import EventFile
from spikesight.events.files.source import EventFileWarning


def stream(rows, width=1280, height=720):
    t, x, y, p = zip(*rows, strict=True)
    return EventStream(np.array(t), np.array(x), np.array(y), np.array(p, bool), width, height)


def rows(events):
    return [(int(t), int(x), int(y), int(p)) for t, x, y, p in events.rows.tolist()]


def test_bits_of_words_and_a_vector_without_its_mask():
    values = (0xE0000003, 0xB140A00A, 0xC1810000, 0x80000001, 0xFFFFFFFF, 0xD0000000)
    with pytest.warns(EventFileWarning, match="the word that belongs to this one is missing"):
        events = read(b"% evt 4.0\n% end\n" + np.array(values, "<u4").tobytes()).events
    assert rows(events) == [(197, 20, 10, 1), (198, 32, 0, 0), (198, 63, 0, 0)]


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
    write(tmp_path / "a", stream(given), Evt4())
    assert rows(read(tmp_path / "a").events) == given
    pieces = list(EventFile(tmp_path / "a").pieces(2))
    assert max(map(len, pieces)) <= 2
    assert rows(joined(*pieces)) == given


@pytest.mark.parametrize(
    "refused", [[(-1, 0, 0, 1)], [(1 << 60, 0, 0, 1)], [(5, 2048, 0, 1)], [(1 << 33, 0, 0, 1), (5, 0, 0, 1)]], ids=str
)
def test_what_has_no_room_is_refused(tmp_path, refused):
    with pytest.raises(InputError, match=r"event [01] at"):
        write(tmp_path / "a", stream(refused, 4000, 4000), Evt4())
    assert not list(tmp_path.iterdir())
