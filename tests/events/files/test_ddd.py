import struct

import h5py
import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.files.ddd import Ddd, signal, signals
from spikesight.events.files.reading import EventFile, read
from spikesight.events.files.source import EventFileError


def head(kind, size, capacity, number, overflow=0):
    return struct.pack("<2H6I", kind, 1, size, 4, overflow, capacity, number, number)


def event(t, x, y, on, valid=1):
    return struct.pack("<2I", x << 17 | y << 2 | on << 1 | valid, t)


def picture(t, pixels):
    rows, columns = pixels.shape
    return struct.pack("<9I", 0, t - 1, t, t, t, columns, rows, 0, 0) + pixels.astype("<u2").tobytes()


PIXELS = np.arange(6).reshape(2, 3)
PACKETS = [
    (head(1, 8, 3, 2), event(5, 20, 10, 1) + event(7, 345, 259, 0, valid=0) + event(1, 1, 1, 1)),
    (b"", b""),
    (head(2, 36 + 12, 1, 1), picture(9, PIXELS)),
    (head(3, 36, 1, 1), struct.pack("<2I7f", 1, 77, 1, 0, 0, 0, 180, 0, 20)),
    (head(0, 8, 1, 1), struct.pack("<2I", 3 << 1 | 1, 78)),
    (head(1, 8, 1, 1, overflow=1), event(5, 1, 2, 0)),
]


def written(path, packets=PACKETS):
    with h5py.File(path, "w") as file:
        table = file.create_dataset(
            "dvs/data", (len(packets), 3), h5py.vlen_dtype(np.uint8), chunks=(2, 3), maxshape=(None, 3)
        )
        for k, (first, body) in enumerate(packets):
            for column, data in enumerate((b"1487842276349913", first, body)):
                table[k, column] = np.frombuffer(data, np.uint8)
        file["dvs/timestamp"] = np.arange(len(packets))
        file["vehicle_speed/data"] = np.array([(1.0, 30.0), (0.0, 0.0), (2.0, 31.5)])
        file["vehicle_speed/timestamp"] = np.array([1_000_000, 0, 2_000_000])
    return path


def test_packets_are_events_of_which_the_number_counts(tmp_path):
    path = written(tmp_path / "rec.hdf5")
    recording = read(path)
    assert recording.format == "ddd"
    late = (1 << 31) + 5
    rows = [(5, 20, 10, True), (7, 345, 259, False), (late, 1, 2, False)]
    assert recording.events.rows.tolist() == rows
    assert (recording.events.width, recording.events.height) == (346, 260)
    assert recording.frames == ()
    assert read(path, Ddd(only_valid=True)).events.t.tolist() == [5, late]
    assert [len(piece) for piece in EventFile(path).pieces(1)] == [1, 1, 1]


def test_pictures_are_kept_where_asked_for(tmp_path):
    (frame,) = read(written(tmp_path / "rec.hdf5"), Ddd(frames=True)).frames
    assert frame.t == 9
    assert np.array_equal(frame.pixels, PIXELS)


def test_motion_and_triggers_lie_beside(tmp_path):
    recording = read(written(tmp_path / "rec.hdf5"))
    assert recording.inertial.t.tolist() == [77]
    assert recording.inertial.rotation[0].tolist() == pytest.approx([0, np.pi, 0])
    assert recording.triggers.t.tolist() == [78]


def test_what_the_car_said(tmp_path):
    path = written(tmp_path / "rec.hdf5")
    assert signals(path) == ["vehicle_speed"]
    speed = signal(path, "vehicle_speed")
    assert speed.t.tolist() == [1_000_000, 2_000_000]
    assert speed.values.tolist() == [30.0, 31.5]
    with pytest.raises(InputError, match="no signal 'brake', but vehicle_speed"):
        signal(path, "brake")


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        ((head(1, 8, 9, 9), event(1, 1, 1, 1)), "9 parts of 8 bytes are announced, 8 bytes"),
        ((head(1, 8, 1, 1)[:-1], event(1, 1, 1, 1)), "its head has 27 bytes"),
        ((head(1, 4, 1, 1), event(1, 1, 1, 1)), "have 8 bytes, got 4"),
        ((head(1, 8, 1, 1), event(1, 346, 1, 1)), "an event at"),
        ((head(2, 20, 1, 1), bytes(20)), "head of 36 bytes"),
    ],
)
def test_packets_that_cannot_be_are_told(tmp_path, packet, words):
    path = written(tmp_path / "rec.hdf5", [packet])
    with pytest.raises(EventFileError, match=rf"at byte \d\d+: packet 0 of dvs/data: .*{words}"):
        read(path, Ddd(frames=True))
