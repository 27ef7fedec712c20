import io
from contextlib import closing

import h5py
import numpy as np
import pytest

from spikesight.events.files.hdf5 import Hdf5
from spikesight.events.files.ragged import Ragged
from spikesight.events.files.source import EventFileError, Source

ROWS = [np.arange(k * k, dtype=np.uint16) for k in (0, 1, 9, 2, 200)]
LAYOUTS = [
    {},
    {"chunks": (2,)},
    {"chunks": (2,), "compression": "gzip"},
    {"chunks": (3,), "compression": "gzip", "shuffle": True},
]


def written(**layout):
    file = io.BytesIO()
    with h5py.File(file, "w") as made:
        table = made.create_dataset("rows", (len(ROWS),), h5py.vlen_dtype(np.uint16), **layout)
        for k, row in enumerate(ROWS):
            table[k] = row
    return file.getvalue()


def rows(data, kinds="iu"):
    with Hdf5(Source.of(data)) as file, closing(Ragged(file, "rows", kinds)) as found:
        return [found.row(k) for k in range(*found.shape)]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: "-".join(map(str, layout)) or "contiguous")
def test_rows_are_what_h5py_reads(layout):
    for row, expected in zip(rows(written(**layout)), ROWS, strict=True):
        assert row.dtype == expected.dtype
        assert np.array_equal(row, expected)


def test_rows_that_were_never_written_are_empty():
    file = io.BytesIO()
    with h5py.File(file, "w") as made:
        made.create_dataset("rows", (3, 2), h5py.vlen_dtype(np.uint8), chunks=(2, 2))
        made.create_dataset("other", data=[1])
    with Hdf5(Source.of(file.getvalue())) as opened, closing(Ragged(opened, "rows", "u")) as found:
        assert found.row(2, 1).tolist() == []
        with pytest.raises(EventFileError, match=r"no row \(3, 0\)"):
            found.row(3, 0)
        with pytest.raises(EventFileError, match="expected rows"):
            Ragged(opened, "other", "iu")


def test_lengths_and_heaps_that_lie_are_told():
    data = written()
    with Hdf5(Source.of(data)) as file:
        element = file.data_set("rows").id.get_offset() + 4 * 16
    heap = int.from_bytes(data[element + 4 : element + 12], "little")
    for place, value, words in (
        (element, b"\xff\xff\xff\xff", "its object"),
        (element + 4, b"\xff\xff\xff\xff\xff\xff\xff\x7f", "bytes are announced"),
        (element + 12, b"\x63\0\0\0", "no object 99"),
        (heap, b"X", "no heap begins here"),
        (heap + 8, b"\xff\xff\xff\x7f", "no heap begins here"),
        (heap + 24, b"\xff\xff\xff\x7f", "its heap"),
    ):
        spoilt = data[:place] + value + data[place + len(value) :]
        with pytest.raises(EventFileError, match=rf"at byte \d+: rows: .*{words}"):
            rows(spoilt)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: "-".join(map(str, layout)) or "contiguous")
def test_only_what_is_stored_is_gone_through(layout):
    with Hdf5(Source.of(written(**layout))) as file, closing(Ragged(file, "rows", "iu")) as found:
        assert list(found.filled()) == [1, 2, 3, 4]


def test_what_is_only_announced_is_not_gone_through():
    file = io.BytesIO()
    with h5py.File(file, "w") as made:
        table = made.create_dataset("rows", (1 << 50, 2), h5py.vlen_dtype(np.uint8), chunks=(4, 1))
        table[9, 1] = np.ones(3, np.uint8)
        table[1 << 49, 0] = np.ones(3, np.uint8)
    with Hdf5(Source.of(file.getvalue())) as opened, closing(Ragged(opened, "rows", "u")) as found:
        assert list(found.filled()) == [9, 1 << 49]
