import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.bin import Bin
from spikesight.events.files.reading import read
from spikesight.events.files.source import EventFileError, EventFileWarning, Source


def record(t, x, y, on):
    return bytes((x, y)) + (on << 23 | t).to_bytes(3, "big")


def test_bits_of_a_record():
    events = read(record(5, 33, 0, 1) + record(2**23 - 1, 0, 33, 0)).events
    assert events.t.tolist() == [5, 2**23 - 1]
    assert events.x.tolist() == [33, 0]
    assert events.y.tolist() == [0, 33]
    assert events.p.tolist() == [True, False]
    # The published worked example.
    assert read(bytes.fromhex("140a811170")).events.rows.tolist() == [(70000, 20, 10, True)]


def test_the_clock_goes_over_and_stays_so_from_block_to_block():
    data = record(8000, 1, 1, 1) + record(8191, 0, 240, 0) + record(10, 2, 2, 1) + record(11, 2, 2, 1)
    assert read(data).events.t.tolist() == [8000, 8202, 8203]
    pieces = Bin().open(Source.of(data)).pieces(1)
    assert [t for piece in pieces for t in piece.t.tolist()] == [8000, 8202, 8203]


def test_a_cut_off_file_gives_what_comes_before():
    with pytest.warns(EventFileWarning, match="at byte 5.*4 are left"):
        recording = read(record(5, 1, 1, 1) + record(9, 1, 1, 1)[:-1])
    assert recording.events.t.tolist() == [5]
    assert len(recording.notes) == 1


def test_a_pixel_outside_of_the_sensor_is_told():
    with pytest.raises(EventFileError, match=r"at byte 5.*\(34, 1\).*34 x 34"):
        read(record(5, 33, 1, 1) + record(5, 34, 1, 1), Bin(34, 34))
    assert np.array_equal(read(record(5, 34, 1, 1), Bin(240, 180)).events.x, [34])


def test_a_file_is_of_the_smallest_camera_that_has_room():
    assert [(e.width, e.height) for e in (read(record(5, x, 1, 1), Bin()).events for x in (33, 34, 250))] == [
        (34, 34),
        (240, 180),
        (304, 240),
    ]


def test_text_is_not_taken_for_pixels():
    with pytest.raises(InputError, match="no known format"):
        read(b"class,startTime_usec,endTime_usec\n1,24,50\n", name="labels")
