import struct
import zlib

import h5py
import numpy as np
import pytest
from PIL import Image

from spikesight.base.errors import InputError
from spikesight.events.files.dsec_maps import (
    Flow,
    disparity,
    flow,
    label_times,
    rectified,
    rectify_map,
    write_disparity,
    write_flow,
)
from spikesight.events.files.source import EventFileError
from spikesight.events.stream import EventStream


def test_a_map_says_where_events_lie(tmp_path):
    maps = np.arange(24, dtype=np.float32).reshape(3, 4, 2)
    with h5py.File(tmp_path / "rectify_map.h5", "w") as file:
        file["rectify_map"] = maps
    found = rectify_map(tmp_path / "rectify_map.h5")
    events = EventStream([1, 2], [3, 0], [0, 2], [1, 0], 4, 3)
    there = rectified(events, found)
    assert there.x.tolist() == [6, 16]
    assert there.y.tolist() == [7, 17]
    assert there.x.dtype == np.float32
    with pytest.raises(InputError, match=r"\(3, 4, 2\), got \(4, 3, 2\)"):
        rectified(events, found.reshape(4, 3, 2))


def test_disparity_is_that_of_another_reader_and_comes_back(tmp_path):
    numbers = np.array([[0, 1, 256], [65535, 12800, 257]], np.uint16)
    Image.fromarray(numbers).save(tmp_path / "a.png")
    read = disparity(tmp_path / "a.png")
    assert np.array_equal(read, np.where(numbers == 0, np.nan, numbers / 256), equal_nan=True)
    write_disparity(tmp_path / "b.png", read)
    assert np.array_equal(np.array(Image.open(tmp_path / "b.png")), numbers)
    assert np.array_equal(disparity(tmp_path / "b.png"), read, equal_nan=True)
    for wrong in (-1.0, 256.0):
        with pytest.raises(InputError, match="disparity is 0 to"):
            write_disparity(tmp_path / "c.png", np.array([[wrong]]))


def test_flow_is_what_the_bytes_say(tmp_path):
    row = struct.pack(">7H", 0, 32768, 33024, 1, 32767, 0, 0)[1:]  # filter 0, then two pixels
    chunks = ((b"IHDR", struct.pack(">2I5B", 2, 1, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(row)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    read = flow(png)
    assert read.u.tolist() == [[0.0, -1 / 128]]
    assert read.v.tolist() == [[2.0, -256.0]]
    assert read.valid.tolist() == [[True, False]]


def test_flow_comes_back(tmp_path):
    random = np.random.default_rng(0)
    u, v = random.integers(0, 1 << 16, (2, 5, 7)).astype(np.float32) / 128 - 256
    valid = random.random((5, 7)) < 0.5
    write_flow(tmp_path / "a.png", Flow(u, v, valid))
    read = flow(tmp_path / "a.png")
    assert np.array_equal(read.valid, valid)
    assert np.array_equal(read.u[valid], u[valid])
    assert np.array_equal(read.v[valid], v[valid])
    assert not read.u[~valid].any()
    with pytest.raises(InputError, match="valid flow is"):
        write_flow(tmp_path / "b.png", Flow(u + np.float32(np.nan), v, valid))


def test_damaged_pictures_are_told(tmp_path):
    write_disparity(tmp_path / "a.png", np.ones((4, 4)))
    data = (tmp_path / "a.png").read_bytes()
    with pytest.raises(EventFileError, match="3 of 16 bits"):
        flow(data)
    for spoilt in (data[:40], data[:45] + b"\0" + data[46:], b"no picture"):
        with pytest.raises(EventFileError, match="no sound PNG"):
            disparity(spoilt)


def test_times_of_labels():
    assert label_times(b"1000100\n1000200\n", 1_000_000).tolist() == [100, 200]
    with pytest.raises(EventFileError, match=r"at byte 4: .*b'1\.5"):
        label_times(b"100\n1.5\n")
