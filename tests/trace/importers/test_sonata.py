import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.importers import original_ids

h5py = pytest.importorskip("h5py")


@pytest.fixture
def spikes(tmp_path):
    def save(name="spikes.h5", **populations):
        path = tmp_path / name
        with h5py.File(path, "w") as file:
            for population, (t, nodes, units) in populations.items():
                group = file.create_group(f"spikes/{population}")
                group.create_dataset("timestamps", data=np.array(t), compression="gzip", chunks=True)
                group["node_ids"] = np.array(nodes, np.uint64)
                if units:
                    group["timestamps"].attrs["units"] = units
        return path

    return save


@pytest.fixture
def report(tmp_path):
    def save(data, nodes, pointers, time, name="report.h5", population="exc", **attributes):
        path = tmp_path / name
        with h5py.File(path, "w") as file:
            group = file.create_group(f"report/{population}")
            group["data"] = data
            group["data"].attrs.update(attributes)
            group["mapping/node_ids"] = np.array(nodes, np.uint64)
            group["mapping/index_pointers"] = np.array(pointers, np.uint64)
            group["mapping/time"] = np.array(time)
        return path

    return save


def test_populations_keep_names_times_and_nodes(imported, spikes):
    found = imported(spikes(b=([3.0, 1.5, 2.0], [40, 7, 40], "ms"), a=([0.002], [0], "s"), c=([1.0], [9], "")))
    assert found.layers["b"].t.tolist() == [1.5e-3, 2e-3, 3e-3]
    assert found.layers["b"].unit.tolist() == [7, 40, 40]
    assert found.layers["a"].t.tolist() == [2e-3]
    assert found.layers["c"].t.tolist() == [1e-3]


def test_one_population_in_two_files_is_one_layer(imported, spikes):
    first, second = spikes("1.h5", a=([1.0], [3], "ms")), spikes("2.h5", a=([0.5], [1], "ms"))
    assert imported(first, second).layers["a"].unit.tolist() == [1, 3]


def test_spikes_and_potentials_share_a_layer(imported, spikes, report):
    data = np.array([[-70.0, -60.0], [-50.0, -40.0]])
    found = imported(
        spikes(exc=([0.2], [9], "ms")), report(data, [5, 8], [0, 1, 2], [0.0, 0.4, 0.2], units="mV", variable="v")
    )
    assert list(found.layers) == ["exc"]
    values, ids = found.trace.values("exc", "v"), original_ids(found.run)["exc"]
    assert ids.tolist() == [5, 8, 9]
    assert ids[values.unit].tolist() == [5, 8, 5, 8]
    assert values.value == pytest.approx([-0.07, -0.06, -0.05, -0.04])
    assert values.t.tolist() == [0.0, 0.0, 2e-4, 2e-4]


def test_compartments_are_a_layer_of_their_own_beside_spikes(imported, spikes, report):
    found = imported(
        spikes(exc=([0.2], [5], "ms")), report(np.zeros((2, 3)), [5, 8], [0, 1, 3], [0.0, 0.4, 0.2], units="mV")
    )
    assert original_ids(found.run)["exc.elements"].tolist() == [5, 8, 8]
    assert found.story["layers"]["exc.elements"]["samples"] == 6


def test_the_order_of_files_does_not_matter(imported, spikes, report):
    files = spikes(exc=([0.2], [5], "ms")), report(np.zeros((2, 3)), [5, 8], [0, 1, 3], [0.0, 0.4, 0.2], units="mV")
    assert set(imported(*files).layers) == set(imported(*reversed(files)).layers) == {"exc", "exc.elements"}


@pytest.mark.parametrize("place", ["data", "im/data"])
def test_reports_of_the_old_layout(imported, tmp_path, place):
    with h5py.File(tmp_path / "cells.h5", "w") as file:
        file[place] = np.array([[-70.0, -60.0], [-50.0, -40.0]])
        file[place].attrs["units"] = "mV"
        file["mapping/gids"] = [5, 8]
        file["mapping/index_pointer"] = [0, 1, 2]
        file["mapping/time"] = [10.0, 10.4, 0.2]
    found = imported(tmp_path / "cells.h5")
    values = found.trace.values("cells", "im" if "/" in place else "v")
    assert values.value == pytest.approx([-0.07, -0.06, -0.05, -0.04])
    assert values.t == pytest.approx([0.01, 0.01, 0.0102, 0.0102])
    assert original_ids(found.run)["cells"].tolist() == [5, 8]


def test_a_unit_that_is_not_known_is_told(imported, report):
    found = imported(report(np.ones((2, 1)), [5], [0, 1], [0.0, 0.4, 0.2], units="furlong", variable="f"))
    assert any("'furlong'" in note for note in found.story["notes"])
    assert found.trace.values("exc", "f").value.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pointers": [0, 1, 9]}, "describes 9 elements"),
        ({"time": [0.0, 40.0, 0.2]}, "200 steps, but there are 2 rows"),
        ({"time": [0.0, 0.4, 0.0]}, "step > 0"),
        ({"nodes": [5]}, "elements of 1 nodes"),
    ],
)
def test_reports_that_contradict_themselves(imported, report, change, told):
    good = {"nodes": [5, 8], "pointers": [0, 1, 2], "time": [0.0, 0.4, 0.2]}
    with pytest.raises(InputError, match=told):
        imported(report(np.zeros((2, 2)), **(good | change)))


def test_spikes_that_contradict_themselves(imported, spikes):
    with pytest.raises(InputError, match=r"2 rows, .* 1"):
        imported(spikes(a=([1.0, 2.0], [1], "ms")))
    with pytest.raises(InputError, match="finite"):
        imported(spikes(a=([np.nan], [1], "ms")))
    with pytest.raises(InputError, match="unit of time"):
        imported(spikes(a=([1.0], [1], "miles")))
