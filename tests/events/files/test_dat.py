import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events import EventStream, joined, read, write
from spikesight.events.files.dat import Dat
from spikesight.events.files.reading import EventFile
from spikesight.events.files.source import EventFileError


def stream(rows, width=1280, height=720):
    t, x, y, p = zip(*rows, strict=True)
    return EventStream(np.array(t), np.array(x), np.array(y), np.array(p, bool), width, height)


def rows(events):
    return [(int(t), int(x), int(y), int(p)) for t, x, y, p in events.rows.tolist()]


def test_bits_of_both_versions():
    data = np.array((100, 0x10028014, 150, 0x0002C015), "<u4").tobytes()
    events = read(b"% Version 2\n\x0c\x08" + data).events
    assert rows(events) == [(100, 20, 10, 1), (150, 21, 11, 0)]
    data = np.array((100, 1 << 17 | 10 << 9 | 20), "<u4").tobytes()
    assert rows(read(b"% Version 1\n\x00\x08" + data).events) == [(100, 20, 10, 1)]


def test_the_clock_goes_round_and_an_unknown_kind_is_told():
    data = np.array((0xFFFFFFFF, 0, 3, 0), "<u4").tobytes()
    assert read(b"% Version 2\n\x0c\x08" + data).events.t.tolist() == [2**32 - 1, 2**32 + 3]
    with pytest.raises(EventFileError, match="at byte 12"):
        read(b"% Version 2\n\x33\x08" + data, Dat())


def test_what_is_written_comes_back_whole_and_in_pieces(tmp_path):
    given = [(5, 9, 1, 1), (4, 9, 1, 0), (1 << 31, 1, 1, 1), ((1 << 32) - 2, 1, 2, 0), ((1 << 32) + 7, 1279, 719, 1)]
    write(tmp_path / "a", stream(given), Dat())
    assert rows(read(tmp_path / "a").events) == given
    pieces = list(EventFile(tmp_path / "a").pieces(2))
    assert max(map(len, pieces)) <= 2
    assert rows(joined(*pieces)) == given


@pytest.mark.parametrize(
    "refused", [[(-1, 0, 0, 1)], [(1 << 32, 0, 0, 1)], [(5, 0, 0, 1), (1 << 33, 0, 0, 1)]], ids=str
)
def test_what_has_no_room_is_refused(tmp_path, refused):
    with pytest.raises(InputError, match=r"event [01] at"):
        write(tmp_path / "a", stream(refused, 4000, 4000), Dat())
    assert not list(tmp_path.iterdir())
