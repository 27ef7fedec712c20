import json

import pytest

from spikesight.base.errors import InputError

SPIKES = [
    {"_id": {"$oid": "6015"}, "T": 1.5, "i": {"L": "Layer1", "N": 92}, "Input": 0},
    {"T": 0.25, "i": {"L": "Layer2", "N": 3}},
    {"timestamp": 0.5, "i": {"L": "Layer1", "N": 7}},
]
POTENTIAL = {"T": 0.75, "L": "Layer1", "N": 92, "V": -0.06}
SYNAPSE = {"T": 0.75, "L": "Layer1", "To": 3, "C": 5, "V": 0.2}


def lines(documents):
    return "\n".join(map(json.dumps, documents)) + "\n"


PACKED = {
    "lines": lines(SPIKES),
    "array": json.dumps(SPIKES, indent=1),
    "collections": json.dumps({"info": {"n": "x"}, "spikes": SPIKES}, indent=1),
}


def save(path, text):
    path.write_text(text)
    return path


@pytest.mark.parametrize("text", PACKED.values(), ids=PACKED.keys())
def test_documents_however_they_are_packed(imported, tmp_path, text):
    found = imported(save(tmp_path / "spikes.json", text))
    assert found.layers["Layer1"].t.tolist() == [0.5, 1.5]
    assert found.layers["Layer1"].unit.tolist() == [7, 92]
    assert found.layers["Layer2"].t.tolist() == [0.25]
    assert any("labels (Input)" in what for what in found.story["dropped"])


def test_whole_numbers_are_microseconds(imported, tmp_path):
    text = lines([{"T": {"$numberLong": "30383000"}, "i": {"L": "a", "N": 1}}, {"T": 1, "i": {"L": "a", "N": 2}}])
    found = imported(save(tmp_path / "spikes.json", text))
    assert found.layers["a"].t.tolist() == [1e-6, 30.383]
    assert "times are whole numbers, taken as microseconds" in found.story["notes"]


def test_potentials_and_other_documents(imported, tmp_path):
    spikes = save(tmp_path / "spikes.json", lines(SPIKES))
    found = imported(spikes, save(tmp_path / "more.json", lines([POTENTIAL, {"T": 1.0, "accuracy": 0.9}])))
    assert found.trace.values("Layer1", "v").value.tolist() == pytest.approx([-0.06])
    assert "more.json: documents with T, accuracy" in found.story["dropped"]


def test_updates_of_synapses_beside_spikes(imported, tmp_path):
    spikes = save(tmp_path / "spikes.json", lines(SPIKES))
    found = imported(spikes, save(tmp_path / "more.json", lines([SYNAPSE, SYNAPSE | {"T": 1.0, "C": 2}])))
    assert found.layers["Layer1"].shape == (93,)
    assert found.layers["Layer1"].unit.tolist() == [7, 92]
    assert found.trace.snapshots("Layer1.inputs-Layer1")["t"].tolist() == [0.75, 1.0]
    w = found.trace.weights("Layer1.inputs-Layer1", -1)
    assert w.shape == (6, 93)
    assert {(int(pre), int(post)) for pre, post in zip(*w.nonzero(), strict=True)} == {(5, 3), (2, 3)}


def test_a_line_that_is_cut_off(imported, tmp_path):
    with pytest.raises(InputError, match="line 4 is not JSON"):
        imported(save(tmp_path / "a.json", lines(SPIKES) + '{"T": 1.0, "i'))


def test_documents_without_a_spike(imported, tmp_path):
    with pytest.raises(InputError, match="hold no layer"):
        imported(save(tmp_path / "a.json", lines([{"T": 1.0, "accuracy": 0.9}])))
