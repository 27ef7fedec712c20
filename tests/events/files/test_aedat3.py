import struct

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.aedat3 import Aedat3
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError, EventFileWarning
from spikesight.events.files.writing import write
from spikesight.events.stream import EventStream

LINES = b"#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n"


def packet(kind, body, size=8, overflow=0, capacity=None):
    number = len(body) // size
    room = number if capacity is None else capacity
    return struct.pack("<2H6I", kind, 1, size, 4, overflow, room, number, number) + body


def event(t, x, y, on, valid=1):
    return struct.pack("<2I", x << 17 | y << 2 | on << 1 | valid, t)


def test_the_published_example():
    data = LINES + packet(1, struct.pack("<2I", 0x0028002B, 5), overflow=1)
    recording = read(data)
    assert recording.events.rows.tolist() == [(2147483653, 20, 10, True)]
    assert (recording.events.width, recording.events.height) == (128, 128)


@pytest.mark.parametrize("room", [0, 3])
def test_unused_room_of_a_packet_may_be_in_the_file_or_not(room):
    body = packet(1, event(5, 1, 2, 1), capacity=4) + b"\xff" * (8 * room)
    assert read(LINES + body + packet(1, event(9, 1, 2, 0))).events.t.tolist() == [5, 9]


@pytest.mark.parametrize(
    ("lines", "size"),
    [
        (LINES.replace(b"\r\n", b"\n"), (128, 128)),
        (LINES.replace(b"#!END-HEADER\r\n", b""), (128, 128)),
        (LINES.replace(b"#Source 1: DVS128\r\n", b""), (128, 128)),
        (LINES.replace(b"DVS128", b"DAVIS346bMono"), (346, 260)),
        (LINES.replace(b"DVS128", b"DVS128, serial 0x00ab"), (128, 128)),
    ],
    ids=("lf", "no-end", "no-source", "davis", "serial"),
)
def test_other_lines_of_text_are_read(lines, size):
    events = read(lines + packet(1, event(5, 1, 2, 1))).events
    assert events.t.tolist() == [5]
    assert (events.width, events.height) == size


def test_packets_of_other_kinds_are_told():
    with pytest.warns(EventFileWarning, match="not read: 2 of kind 12"):
        assert read(LINES + packet(12, bytes(16)) + packet(1, event(5, 1, 2, 1))).events.t.tolist() == [5]


def test_events_in_the_place_of_a_head_are_no_packet():
    # Behind the unused room lie, as words: kind 5, size 7, a time, overflow 7, capacity 5000, number 43, valid 40.
    events = b"".join(event(t, 0, y, 1) for t, y in ((10, 1), (5000, 1), (40, 10), (50, 1), (60, 1)))
    first = packet(1, event(5, 1, 2, 1), capacity=4)
    assert read(LINES + first + packet(1, events)).events.t.tolist() == [5, 10, 5000, 40, 50, 60]


def test_invalid_events_are_kept_and_told_or_left_out():
    data = LINES + packet(1, event(5, 1, 2, 1) + event(6, 3, 4, 0, valid=0))
    with pytest.warns(EventFileWarning, match="1 of 2 events are marked invalid"):
        assert len(read(data).events) == 2
    assert read(data, Aedat3(only_valid=True)).events.t.tolist() == [5]


def test_triggers_motion_and_frames_lie_beside():
    edges = struct.pack("<4I", 2 << 1 | 1, 7, 3 << 1 | 1, 8)
    motion = struct.pack("<Ii7f", 1, 9, 1, 0, 0, 180, 0, 0, 25)
    picture = struct.pack("<9I6H", 1, 1, 2, 3, 4, 3, 2, 0, 0, *range(6))
    recording = read(LINES + packet(0, edges) + packet(3, motion, 36, 1) + packet(2, picture, len(picture)))
    assert recording.triggers.t.tolist() == [7, 8]
    assert recording.triggers.rising.tolist() == [True, False]
    assert recording.inertial.t.tolist() == [9 + 2**31]
    assert recording.inertial.acceleration[0, 0] == 9.80665
    assert recording.inertial.rotation[0, 0] == pytest.approx(np.pi)
    assert recording.frames[0].t == 3
    assert recording.frames[0].pixels.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_cut_off_packet_keeps_its_first_events():
    data = LINES + packet(1, event(5, 1, 2, 1) + event(6, 3, 4, 0))
    with pytest.warns(EventFileWarning, match="of which 1 are there"):
        assert read(data[:-1]).events.t.tolist() == [5]


def test_a_picture_larger_than_its_place_is_left_out():
    data = LINES + packet(2, struct.pack("<9I", 1, 1, 2, 3, 4, 99, 99, 0, 0), 36)
    with pytest.warns(EventFileWarning, match="larger than its place"):
        assert read(data).frames == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LINES[:-2], "within a line of its heading"),
        (LINES[: LINES.index(b"#!END")], "before its packets"),
        (LINES + packet(1, event(5, 1, 2, 1), capacity=0), "room"),
        (LINES + packet(0x8001, event(5, 1, 2, 1)), "compressed"),
        (LINES + packet(1, bytes(12), 12), "have 8 bytes"),
        (LINES + packet(1, event(5, 128, 2, 1)), "no x = 128"),
    ],
)
def test_damage_is_told(data, words):
    with pytest.raises(EventFileError, match=f"at byte.*{words}"):
        read(data, Aedat3())


def test_what_is_written_is_read_again(tmp_path):
    t = np.array([0, 2**31 - 1, 2**31, 5, 2**61])
    events = EventStream(t, t % 300, t % 7, t % 2 == 1, 301, 200)
    write(tmp_path / "a.aedat", events, Aedat3())
    again = EventFile(tmp_path / "a.aedat").read().events
    assert np.array_equal(again.rows, events.rows)
    assert (again.width, again.height) == (301, 200)
    with pytest.raises(InputError, match="times from 0"):
        write(tmp_path / "b.aedat", events.later(-1), Aedat3())
