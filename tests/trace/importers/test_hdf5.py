import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingExtra
from spikesight.trace.importers import hdf5

h5py = pytest.importorskip("h5py")


@pytest.fixture
def file(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["t"] = np.arange(5.0)
        file["unit"] = np.arange(4)
        file.create_dataset("vast", (10**9,), "f8", chunks=(1000,))
        file.create_group("group")
        file["word"] = "ms"
        yield file


def test_columns(file):
    assert hdf5.column(file, "none", "t").shape == (5,)
    assert hdf5.word(file["word"]) == "ms"
    for name, told in (("group", "is a group"), ("word", "column of numbers"), ("none", "has no none")):
        with pytest.raises(InputError, match=told):
            hdf5.column(file, name)


def test_what_was_never_written_is_not_read(file):
    with pytest.raises(InputError, match="claims 8000000000 bytes, but the file holds 0"):
        hdf5.dataset(file, "vast")


def test_other_files_are_not_read(file, tmp_path):
    (tmp_path / "secret").write_bytes(b"12345678")
    file.create_dataset("outside", (1,), "f8", external=[(str(tmp_path / "secret"), 0, 8)])
    with h5py.File(tmp_path / "b.h5", "w") as other:
        other["t"] = [1.0]
    file["linked"] = h5py.ExternalLink(str(tmp_path / "b.h5"), "t")
    layout = h5py.VirtualLayout((1,), "f8")
    layout[:] = h5py.VirtualSource(str(tmp_path / "b.h5"), "t", (1,))
    file.create_virtual_dataset("virtual", layout)
    for name in ("outside", "linked", "virtual"):
        with pytest.raises(InputError, match="in another file"):
            hdf5.column(file, name)


def test_columns_of_different_lengths(file):
    with pytest.raises(InputError, match="5 rows, /unit has 4"):
        list(hdf5.pairs(file["t"], file["unit"]))


def test_units():
    assert hdf5.unit_ns("", "t", 7) == 7
    assert hdf5.unit_ns("Milliseconds", "t", 7) == 1_000_000
    with pytest.raises(InputError, match="'fortnight', expected a unit of time"):
        hdf5.unit_ns("fortnight", "t", 7)
    assert (hdf5.si_factor("mV"), hdf5.si_factor("µV"), hdf5.si_factor("parsec")) == (1e-3, 1e-6, None)


def test_without_h5py_the_extra_is_named(tmp_path, monkeypatch):
    from spikesight.trace.importers import bring

    path = tmp_path / "a.h5"
    path.write_bytes(hdf5.HDF5)
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    with pytest.raises(MissingExtra, match=r"spikesight\[simulators\]"):
        bring([path], tmp_path / "run")
