import numpy as np
import pytest

from spikesight.base.errors import InputError


def test_a_monitor_saved_as_npz(imported, tmp_path):
    # What Brian 2 gives: times that are steps of 0.1 ms, as float64 seconds, and indices as int32.
    t, i = np.array([5, 12, 12, 730]) * 1e-4, np.array([0, 3, 1, 3], np.int32)
    np.savez(tmp_path / "exc.npz", t=t, i=i, n=10, dt=1e-4, simulator="brian2")
    found = imported(tmp_path / "exc.npz")
    assert found.layers["exc"].shape == (10,)
    assert found.layers["exc"].unit.tolist() == [0, 1, 3, 3]
    assert found.layers["exc"].t.tolist() == [5e-4, 1.2e-3, 1.2e-3, 0.073]
    assert (found.story["importer"], found.story["tick_ns"]) == ("brian2", 100_000)


def test_several_monitors_are_layers(imported, tmp_path):
    np.savez(tmp_path / "a.npz", t=[0.1], i=[2], name="exc", extra=[1])
    np.savetxt(tmp_path / "inh.csv", np.column_stack([[0.2], [7]]), delimiter=",", header="t,i")
    found = imported(tmp_path / "a.npz", tmp_path / "inh.csv")
    assert {name: layer.unit.tolist() for name, layer in found.layers.items()} == {"exc": [2], "inh": [7]}
    assert found.story["dropped"] == ["a.npz: extra"]


def test_what_is_not_understood(imported, tmp_path):
    np.savez(tmp_path / "a.npz", t=[0.1], i=[2], n=2)
    with pytest.raises(InputError, match="units 0 to 1, but unit 2"):
        imported(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", t=[0.1, 0.2], i=[2])
    with pytest.raises(InputError, match="2 times, but 1 units"):
        imported(tmp_path / "b.npz")
    np.savez(tmp_path / "c.npz", t=[0.1], i=[2], name="b")
    np.savez(tmp_path / "b.npz", t=[0.1], i=[2])
    with pytest.raises(InputError, match="two files are of layer 'b'"):
        imported(tmp_path / "b.npz", tmp_path / "c.npz")
