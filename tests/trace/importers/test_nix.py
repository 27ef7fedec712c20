import numpy as np
import pytest

from spikesight.base.errors import InputError

h5py = pytest.importorskip("h5py")


@pytest.fixture
def nix(tmp_path):
    def save(**trains):
        with h5py.File(tmp_path / "a.nix", "w") as file:
            file.attrs.update(format="nix", version=[1, 2, 0])
            block = file.create_group("data/neo.block.1")
            block.attrs["name"] = "neo.block.1"
            block["metadata/properties/neo_name"] = np.array([b"session"])
            for name, (t, unit) in trains.items():
                array = block.create_group(f"data_arrays/{name}")
                array.attrs.update(type="neo.spiketrain.times", unit=unit, name=f"{name}.times")
                array["data"] = np.array(t)
            block.create_group("data_arrays/lfp").attrs["type"] = "neo.analogsignal"
        return tmp_path / "a.nix"

    return save


def test_trains_of_a_block_are_units(imported, nix):
    found = imported(nix(b=([0.5, 0.25], "s"), a=([100.0], "ms"), c=([], "ms")))
    layer = found.layers["session"]
    assert (layer.t.tolist(), layer.unit.tolist()) == ([0.1, 0.25, 0.5], [0, 1, 1])
    assert found.story["layers"]["session"]["unit_names"] == ["a", "b", "c"]
    assert found.story["dropped"] == ["a.nix: 1 arrays of type neo.analogsignal in block 'session'"]


def test_a_file_without_trains(imported, nix):
    with pytest.raises(InputError, match="no spike trains"):
        imported(nix())


def test_times_in_a_unit_of_something_else(imported, nix):
    with pytest.raises(InputError, match="'mV', expected a unit of time"):
        imported(nix(a=([1.0], "mV")))
