import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.archive import read_arrays


def test_named_arrays_are_read(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.arange(3), y=np.ones(2))
    assert read_arrays(tmp_path / "a.npz", ("x",))["x"].tolist() == [0, 1, 2]


def test_errors_say_what_is_wrong(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", x=np.arange(3000))
    with pytest.raises(InputError, match="holds x, but not y, z"):
        read_arrays(tmp_path / "a.npz", ("x", "y", "z"))
    whole = (tmp_path / "a.npz").read_bytes()
    for spoiled in (b"", b"PK", whole[:200], whole[:100] + bytes(200) + whole[300:]):
        (tmp_path / "b.npz").write_bytes(spoiled)
        with pytest.raises(InputError, match="is damaged"):
            read_arrays(tmp_path / "b.npz", ("x",))


def test_nothing_that_could_run_code_is_read(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.array([{}], object))
    with pytest.raises(InputError, match="is damaged"):
        read_arrays(tmp_path / "a.npz", ("x",))
