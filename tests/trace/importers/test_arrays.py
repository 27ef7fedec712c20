import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.importers import original_ids


def test_one_layer_in_seconds(imported, tmp_path):
    np.savez(tmp_path / "exc.npz", t=[0.2, 0.1], unit=[7, 3])
    layer = imported(tmp_path / "exc.npz").layers["exc"]
    assert (layer.t.tolist(), layer.unit.tolist(), layer.stim.tolist()) == ([0.1, 0.2], [3, 7], [1, 2])


def test_several_layers_in_ticks(imported, tmp_path):
    arrays = {
        "exc.t": [4, 2], "exc.unit": [5, 0], "exc.stim": [1, 0], "exc.shape": [2, 3], "exc.ids": np.arange(10, 16),
        "exc.v.t": [1], "exc.v.unit": [2], "exc.v.value": [-0.065], "inh.t": [3], "inh.unit": [9], "tick_ns": 500_000,
        "stimuli.t_start": [0, 4], "stimuli.t_end": [4, 8], "stimuli.label": [3, 1], "odd": [0],
    }  # fmt: skip
    np.savez(tmp_path / "a.npz", **arrays)
    found = imported(tmp_path / "a.npz")
    exc = found.layers["exc"]
    assert (exc.shape, exc.t.tolist(), exc.unit.tolist(), exc.stim.tolist()) == ((2, 3), [1e-3, 2e-3], [10, 15], [0, 1])
    assert found.layers["inh"].unit.tolist() == [9]
    values = found.trace.values("exc", "v")
    assert (values.unit.tolist(), values.value.tolist()) == ([2], [np.float32(-0.065)])
    assert found.trace.stimuli()["label"].tolist() == [3, 1]
    assert found.trace.stimuli()["t_end"].tolist() == [2e-3, 4e-3]
    assert found.story["dropped"] == ["a.npz: odd"]
    assert original_ids(found.run)["exc"].tolist() == list(range(10, 16))


def test_a_layer_for_every_row(imported, tmp_path):
    np.savez(tmp_path / "a.npz", t=[0.1, 0.2, 0.3], unit=[0, 1, 0], layer=["a", "b", "a"])
    found = imported(tmp_path / "a.npz")
    assert {name: layer.t.tolist() for name, layer in found.layers.items()} == {"a": [0.1, 0.3], "b": [0.2]}


def test_csv(imported, tmp_path):
    (tmp_path / "spikes.exc.csv").write_text("t,unit,stim\n0.2,7,4\n0.1,3,4\n")
    (tmp_path / "inh.csv").write_text("t,unit\n0.3,1\n")
    found = imported(tmp_path / "spikes.exc.csv", tmp_path / "inh.csv")
    assert found.layers["exc"].stim.tolist() == [4, 4]
    assert found.layers["inh"].t.tolist() == [0.3]


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"t": [1], "unit": [0]}, "save tick_ns beside them"),
        ({"t": [0.1], "unit": [0], "tick_ns": 0.5, "b.t": [1], "b.unit": [0]}, "some times are whole"),
        ({"t": [0.1], "unit": [0, 1]}, "1 times, but 2 units"),
        ({"t": [0.1], "unit": [3], "shape": [3]}, "units 0 to 2, but unit 3"),
        ({"t": [0.1], "unit": [0], "shape": [2], "ids": [4, 5, 6]}, "3 ids, but layer"),
        ({"t": [0.1], "unit": [0], "layer": ["a", "b"]}, "one word, or one a row"),
        ({"t": [0.1], "unit": [0], "stim": [np.nan]}, "whole numbers"),
        ({"t": [0.1], "unit": [0], "stim": [2**40]}, "a stimulus below"),
    ],
)
def test_what_is_not_understood(imported, tmp_path, arrays, told):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(InputError, match=told):
        imported(tmp_path / "a.npz")
