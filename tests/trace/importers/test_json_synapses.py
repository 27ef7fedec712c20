import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.importers.json_synapses import SNAPSHOTS, Synapses, Update, update_in


def test_what_describes_an_update():
    plain = {"T": 1.0, "L": "a", "To": 3, "C": 5, "V": 0.25}
    assert update_in(plain) == Update("a", 3, (0, 5), 0.25)
    assert update_in(plain | {"C": {"x": 2, "y": 7}}) == Update("a", 3, (7, 2), 0.25)
    assert update_in({"L": "a", "To": 3, "index": 5, "V": 1}) == Update("a", 3, (0, 5), 1.0)
    for missing in ("L", "To", "C", "V"):
        assert update_in({name: value for name, value in plain.items() if name != missing}) is None
    wrapped = {"L": "a", "To": {"$numberInt": "3"}, "C": 5.0, "V": {"$numberDouble": "0.25"}}
    assert update_in(wrapped) == update_in(plain)
    assert update_in(plain | {"C": {"x": 1}}) is None
    assert update_in(plain | {"C": 0.5}) is None


def test_snapshots_hold_the_last_weight_of_every_synapse():
    rng = np.random.default_rng(0)
    updates = [
        (float(t), Update("a", int(rng.integers(3)), (int(rng.integers(4)), int(rng.integers(5))), float(rng.random())))
        for t in range(1000)
    ]
    synapses = Synapses("a")
    for _, update in updates:
        synapses.see(update)
    inputs, layer = synapses.populations(2)
    assert (inputs.name, inputs.shape, layer.name, layer.shape) == ("a.inputs", (4, 5), "a", (3,))
    found = list(synapses.snapshots(iter(updates)))
    assert [one.t for one in found] == [49.0 + 50 * number for number in range(SNAPSHOTS)]
    for one in found:
        last = {(update.source, update.neuron): update.value for t, update in updates if t <= one.t}
        expected = np.zeros((4, 5, 3), np.float32)
        for ((row, column), neuron), value in last.items():
            expected[row, column, neuron] = value
        assert np.array_equal(one.w, expected.reshape(20, 3))


@pytest.mark.parametrize("update", [Update("a", -1, (0, 0), 1.0), Update("a", 10**9, (0, 0), 1.0)])
def test_synapses_that_no_layer_has(update):
    with pytest.raises(InputError, match="a synapse of layer 'a'"):
        Synapses("a").see(update)
