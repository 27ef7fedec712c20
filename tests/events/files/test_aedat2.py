import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events import EventStream, joined, read, write
from spikesight.events.files.aedat2 import Aedat2
from spikesight.events.files.reading import EventFile
from spikesight.events.files.source import EventFileError


def stream(rows, width=1280, height=720):
    t, x, y, p = zip(*rows, strict=True)
    return EventStream(np.array(t), np.array(x), np.array(y), np.array(p, bool), width, height)


def rows(events):
    return [(int(t), int(x), int(y), int(p)) for t, x, y, p in events.rows.tolist()]


HEAD = b"#!AER-DAT2.0\r\n# AEChip: eu.seebetter.ini.chips.davis.DAVIS240C\r\n"


def test_bits_of_a_davis():
    data = np.array((0x02814800, 7, 0x00000C00, 8, 0x80000C00, 9), ">u4").tobytes()
    recording = read(HEAD + data)
    assert rows(recording.events) == [(7, 20, 10, 1)]
    assert [column.tolist() for column in recording.triggers] == [[8], [0], [True]]
    assert recording.notes == ("1 words are neither events nor triggers and are left out",)


def test_a_dvs128_is_found_by_its_addresses_and_times_may_be_negative():
    data = np.array((20 << 1 | 10 << 8 | 1, 0xFFFFFFFF, 0, 0x7FFFFFFF, 0, 0x80000000), ">u4").tobytes()
    events = read(b"#!AER-DAT2.0\r\n" + data).events
    assert rows(events) == [(-1, 107, 10, 0), (2**31 - 1, 127, 0, 1), (2**31, 127, 0, 1)]


def test_a_pixel_outside_is_told_with_its_byte():
    with pytest.raises(EventFileError, match=r"\(240, 0\)") as told:
        read(HEAD + np.array((0, 0, 240 << 12, 0), ">u4").tobytes())
    assert told.value.offset == len(HEAD) + 8


def test_what_is_written_comes_back_whole_and_in_pieces(tmp_path):
    given = [
        (-5, 9, 1, 1),
        (4, 9, 1, 0),
        ((1 << 31) - 1, 1, 1, 1),
        ((1 << 32) - 2, 1, 2, 0),
        ((1 << 32) + 7, 239, 179, 1),
    ]
    write(tmp_path / "a", stream(given, 240, 180), Aedat2())
    assert rows(read(tmp_path / "a").events) == given
    pieces = list(EventFile(tmp_path / "a").pieces(2))
    assert max(map(len, pieces)) <= 2
    assert rows(joined(*pieces)) == given


@pytest.mark.parametrize(
    "refused", [[(1 << 31, 0, 0, 1)], [(5, 1024, 0, 1)], [(5, 0, 0, 1), (1 << 33, 0, 0, 1)]], ids=str
)
def test_what_has_no_room_is_refused(tmp_path, refused):
    with pytest.raises(InputError, match=r"event [01] at"):
        write(tmp_path / "a", stream(refused, 4000, 4000), Aedat2())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("chip", "address", "expected"),
    [
        ("Dvs128", 20 << 1 | 10 << 8 | 1, (107, 10, 0, 128, 128)),
        ("ch.unizh.ini.jaer.chip.retina.EDVS", 20 << 1 | 10 << 8 | 1, (107, 10, 0, 128, 128)),
        ("DAVI346", 300 << 12 | 10 << 22 | 1 << 11, (300, 10, 1, 346, 260)),
        ("eu.seebetter.ini.chips.sbret10.SBret10", 20 << 12 | 10 << 22, (20, 10, 0, 240, 180)),
        ("eu.seebetter.ini.chips.davis.Davis346BaseCamera", 20 << 12 | 10 << 22, (20, 10, 0, 346, 260)),
    ],
)
def test_chips_that_are_known_by_their_addresses(chip, address, expected):
    events = read(f"#!AER-DAT2.0\r\n# AEChip: {chip}\r\n".encode() + np.array((address, 5), ">u4").tobytes()).events
    assert (int(events.x[0]), int(events.y[0]), int(events.p[0]), events.width, events.height) == expected


def test_the_last_line_of_a_heading_ends_it():
    # The first address begins as a line would, and there is no control character before the next line feed.
    record = np.array((0x23204040, 0x40404040, 0x23204040, 0x4040400A), ">u4").tobytes()
    head = b"#!AER-DAT2.0\r\n# AEChip: Davis640\r\n#End Of ASCII Header\r\n"
    assert len(read(head + record).events) == 2


def test_a_heading_without_an_end_is_refused():
    with pytest.raises(EventFileError, match="a heading has"):
        read(b"#!AER-DAT2.0\r\n" + b"# <entry/>\r\n" * 100_000)
