import io
import tracemalloc

import h5py
import numpy as np
import pytest

from spikesight.events.files.choosing import choose
from spikesight.events.files.dsec import Dsec
from spikesight.events.files.format import Likeness
from spikesight.events.files.hdf5 import LARGEST_CHUNK, Hdf5, likeness
from spikesight.events.files.reading import read
from spikesight.events.files.source import EventFileError, Source


def written(make):
    file = io.BytesIO()
    with h5py.File(file, "w") as made:
        make(made)
    return file.getvalue()


def test_a_layout_is_known_by_its_names():
    data = written(lambda file: file.create_dataset("a/b", data=[1, 2]))
    assert likeness(Source.of(data), "a/b") is Likeness.YES
    assert likeness(Source.of(data), "a/b", "a/c") is Likeness.NO
    assert likeness(Source.of(b"something else"), "a/b") is Likeness.NO
    with Hdf5(Source.of(data)) as file:
        assert file.names("a") == ["b"]
        assert file.table("a/b", 1).rows(1, 2).tolist() == [2]
        with pytest.raises(EventFileError, match="2 axes of kind f"):
            file.table("a/b", 2, "f")
        with pytest.raises(EventFileError, match="no data set"):
            file.table("a", 1)
        with pytest.raises(EventFileError, match="c cannot be read"):
            file.table("c", 1)


def test_a_cut_off_file_is_told_with_its_end():
    data = written(lambda file: file.create_dataset("a", data=np.arange(100)))
    with pytest.raises(EventFileError, match=f"at byte {len(data) - 8}: .*truncated"):
        choose(Source.of(data[:-8]))
    with pytest.raises(EventFileError, match="at byte 0: an HDF5 file begins with"):
        read(b"no HDF5", Dsec())


def test_numbers_that_are_announced_and_not_there_take_no_memory():
    def make(file):
        file.create_dataset("chunked", (1 << 40,), "u4", chunks=(64,))
        file.create_dataset("huge", (1 << 40,), "u4", chunks=(1 << 29,))

    tracemalloc.start()
    with Hdf5(Source.of(written(make))) as file:
        with pytest.raises(EventFileError, match=r"announces 1099511627776 numbers.*holds 0"):
            file.table("chunked", 1)
        with pytest.raises(EventFileError, match="256 MiB"):
            file.table("huge", 1)
    assert tracemalloc.get_traced_memory()[1] < LARGEST_CHUNK // 4
    tracemalloc.stop()


def test_other_files_are_not_opened(tmp_path):
    (tmp_path / "secret.h5").write_bytes(written(lambda file: file.create_dataset("x", data=[7])))
    np.arange(8).tofile(tmp_path / "secret.bin")
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["linked"] = h5py.ExternalLink("secret.h5", "x")
        file.create_dataset("external", (8,), "i8", external=[(str(tmp_path / "secret.bin"), 0, 64)])
        layout = h5py.VirtualLayout((1,), "i8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "x", (1,))
        file.create_virtual_dataset("virtual", layout)
    with Hdf5(Source.of(path)) as file:
        for name in ("linked", "external", "virtual"):
            with pytest.raises(EventFileError, match=r"lies in (other files|another file)"):
                file.table(name, 1)
