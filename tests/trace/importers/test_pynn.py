import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.importers import original_ids


def save(path, text):
    path.write_text(text)
    return path


def test_a_grid_of_neurons(imported, tmp_path):
    text = "# dimensions = [2, 3]\n# first_id = 10\n# last_id = 15\n# dt = 0.5\n3.5\t15\n1.0\t10\n"
    found = imported(save(tmp_path / "exc.ras", text))
    assert found.layers["exc"].shape == (2, 3)
    assert found.layers["exc"].unit.tolist() == [10, 15]
    assert found.layers["exc"].t.tolist() == [1e-3, 3.5e-3]
    assert original_ids(found.run)["exc"].tolist() == list(range(10, 16))
    assert found.story["tick_ns"] == 500_000


def test_labels_name_layers(imported, tmp_path):
    found = imported(save(tmp_path / "a.txt", "# label = 'Exc cells'\n# variable = spikes\n1.0 3\n"))
    assert found.layers["Exc_cells"].unit.tolist() == [3]
    assert found.story["layers"]["Exc_cells"]["name_in_file"] == "Exc cells"


def test_numpy_files(imported, tmp_path):
    metadata = [["label", "exc"], ["first_index", "0"], ["last_index", "4"], ["dt", "0.1"]]
    np.savez(tmp_path / "a.npz", data=np.array([[2.0, 4], [1.1, 0]]), metadata=np.array(metadata))
    found = imported(tmp_path / "a.npz")
    assert found.layers["exc"].shape == (5,)
    assert found.layers["exc"].unit.tolist() == [0, 4]


def test_neurons_that_count_from_zero_whatever_the_header_says(imported, tmp_path):
    text = "# first_id = 10\n# last_id = 15\n3.5\t5\n1.0\t0\n"
    found = imported(save(tmp_path / "exc.ras", text))
    assert found.layers["exc"].unit.tolist() == [0, 5]
    assert any("count from 0" in note for note in found.story["notes"])


def test_columns_as_pynn_07_has_them(imported, tmp_path):
    text = "# variable = spikes\n# size = 3\n# first_index = 0\n# last_index = 3\n2\t7.5\n0\t1.25\n"
    found = imported(save(tmp_path / "exc.txt", text))
    assert found.layers["exc"].t.tolist() == [1.25e-3, 7.5e-3]
    assert found.layers["exc"].unit.tolist() == [0, 2]
    assert found.layers["exc"].shape == (3,)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "# first_id = 0\n# last_id = 4\n1.5 5\n",
            "neurons 0 to 4, but no column has such numbers: the second has 5 to 5",
        ),
        ("# variable = v\n# dt = 0.1\n1.0 5\n", "holds 'v'"),
        ("# dt = 0.1\n1.0 5.5\n", "whole numbers"),
    ],
)
def test_what_is_not_understood(imported, tmp_path, text, told):
    with pytest.raises(InputError, match=told):
        imported(save(tmp_path / "a.ras", text))


def test_pickles_are_never_read(imported, tmp_path):
    (tmp_path / "a.pkl").write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(InputError, match="pickle, which is never read"):
        imported(tmp_path / "a.pkl")
