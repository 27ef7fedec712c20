import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events import EventStream, joined, read, write
from spikesight.events.files.evt21 import Evt21
from spikesight.events.files.reading import EventFile


def stream(rows, width=1280, height=720):
    t, x, y, p = zip(*rows, strict=True)
    return EventStream(np.array(t), np.array(x), np.array(y), np.array(p, bool), width, height)


def rows(events):
    return [(int(t), int(x), int(y), int(p)) for t, x, y, p in events.rows.tolist()]


VALUES = (0x8000000300000000, 0x1141000A00000005, 0x0182000B80000000)
EXPECTED = [(197, 32, 10, 1), (197, 34, 10, 1), (198, 95, 11, 0)]


def test_bits_of_words_and_of_words_with_their_halves_exchanged():
    head = b"% evt 2.1\n% end\n"
    assert rows(read(head + np.array(VALUES, "<u8").tobytes()).events) == EXPECTED
    exchanged = np.array(VALUES, "<u8").view("<u4").reshape(-1, 2)[:, ::-1].tobytes()
    assert rows(read(head + exchanged).events) == EXPECTED
    told = b"% format EVT21;endianness=legacy;height=720;width=1280\n% end\n"
    assert read(told + exchanged).events.width == 1280


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
    write(tmp_path / "a", stream(given), Evt21())
    assert rows(read(tmp_path / "a").events) == given
    pieces = list(EventFile(tmp_path / "a").pieces(2))
    assert max(map(len, pieces)) <= 2
    assert rows(joined(*pieces)) == given


@pytest.mark.parametrize(
    "refused", [[(-1, 0, 0, 1)], [(1 << 60, 0, 0, 1)], [(5, 2048, 0, 1)], [(1 << 33, 0, 0, 1), (5, 0, 0, 1)]], ids=str
)
def test_what_has_no_room_is_refused(tmp_path, refused):
    with pytest.raises(InputError, match=r"event [01] at"):
        write(tmp_path / "a", stream(refused, 4000, 4000), Evt21())
    assert not list(tmp_path.iterdir())
