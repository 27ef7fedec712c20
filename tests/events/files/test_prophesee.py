"""What all of Prophesee's formats of words have to do alike: one text, four formats."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events import FORMATS, EventStream, joined, read, write
from spikesight.events.files.reading import EventFile

GIVEN = [
    (5, 9, 1, 1),
    (5, 10, 1, 1),
    (5, 12, 1, 1),
    (5, 11, 1, 1),
    (4, 64, 1, 0),
    (1048576, 1, 700, 1),
    (85899345927, 1279, 719, 0),
]


@pytest.fixture(params=["evt2", "evt2.1", "evt3", "evt4"])
def form(request):
    return FORMATS[request.param]()


def stream(rows, width=1280, height=720):
    t, x, y, p = zip(*rows, strict=True)
    return EventStream(np.array(t), np.array(x), np.array(y), np.array(p, bool), width, height)


def rows(events):
    return [(int(t), int(x), int(y), int(p)) for t, x, y, p in events.rows.tolist()]


def test_what_is_written_comes_back_whole_and_in_pieces(form, tmp_path):
    write(tmp_path / "a", stream(GIVEN), form)
    assert rows(read(tmp_path / "a").events) == GIVEN
    pieces = list(EventFile(tmp_path / "a").pieces(2))
    assert max(map(len, pieces)) <= 2
    assert rows(joined(*pieces)) == GIVEN


@pytest.mark.parametrize(
    "refused", [[(-1, 0, 0, 1)], [(1 << 60, 0, 0, 1)], [(5, 2048, 0, 1)], [(1 << 33, 0, 0, 1), (5, 0, 0, 1)]], ids=str
)
def test_what_has_no_room_is_refused(form, tmp_path, refused):
    with pytest.raises(InputError, match=r"event [01] at"):
        write(tmp_path / "a", stream(refused, 4000, 4000), form)
    assert not list(tmp_path.iterdir())
