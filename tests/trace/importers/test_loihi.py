import zipfile

import numpy as np
import pytest

from spikesight.base.errors import InputError

RESET = 128
"""The state that the chip leaves in the step in which a neuron spikes."""


def test_a_small_one(imported, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("LoihiData/loihiInputSpikes.txt", " 3  5\n 9  5\n")
        archive.writestr("LoihiData/loihiOutputSpikes.txt", "0 2\n")
        archive.writestr("LoihiData/loihiOutputVoltage.txt", " 7 128 0\n")
        archive.writestr("other/w.txt", "1 2\n")
    found = imported(tmp_path / "a.zip")
    assert found.layers["input"].unit.tolist() == [3, 9]
    assert found.layers["input"].t.tolist() == [5e-3, 5e-3]
    assert found.trace.values("output", "v").t.tolist() == [1e-3, 2e-3, 3e-3]
    assert found.story["dropped"] == ["a.zip: other/w.txt"]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("LoihiData/loihiInputSpikes.txt", "3 5 1\n")
    with pytest.raises(InputError, match="3 columns, expected neuron and time step"):
        imported(tmp_path / "b.zip")


def test_voltages_of_the_golden_run_belong_to_the_neurons_they_are_given_to(imported, golden):
    found = imported(golden / "loihi-fc-traces.zip")
    counts = {name: len(layer.t) for name, layer in found.layers.items()}
    assert counts == {"hidden": 639, "input": 674, "output": 2}
    ids = {number: place for place, number in enumerate(np.unique(found.layers["hidden"].unit))}
    for neuron in (0, 23, 24):
        v = found.trace.values("hidden", "v", units=[ids[neuron]])
        spikes = found.layers["hidden"].t[found.layers["hidden"].unit == neuron]
        assert len(spikes) > 10
        assert set(spikes) <= set(v.t[v.value == RESET])
