import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.archive import check_images, read_arrays


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


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"x": np.zeros((4, 6), np.uint8)}, r"x of shape \(4, 6\) and uint8, not images"),
        ({"x": np.zeros((4, 2, 3))}, "float64, not images"),
        ({"y": np.arange(3)}, r"4 images, and 'y' of shape \(3,\)"),
        ({"y": np.array(list("abcd"))}, "'y' of shape .* and <U1: a whole number for each"),
        ({"y": np.array(3)}, "'y' of shape"),
    ],
)
def test_images_have_facts_of_their_own_each(tmp_path, wrong, says):
    found = {"x": np.zeros((4, 2, 3), np.uint8), "y": np.arange(4), "angles": np.zeros((4, 2), int)}
    check_images(tmp_path, found, ("y", "angles"))
    with pytest.raises(InputError, match=says):
        check_images(tmp_path, {**found, **wrong}, ("y", "angles"))
