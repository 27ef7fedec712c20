import numpy as np
import pytest

from spikesight.base.errors import InputError


@pytest.fixture
def layer_trace(tmp_path):
    def save(**change):
        rng = np.random.default_rng(0)
        arrays = {
            "in_spikes": rng.random((4, 3, 2, 6)) < 0.2,
            "out_spikes": rng.random((2, 2, 5, 6)) < 0.2,
            "u": rng.integers(-9, 9, (2, 2, 5, 6)),
            "bias": np.zeros(5),
        } | change
        np.savez(tmp_path / "conv.npz", **arrays)
        return tmp_path / "conv.npz", arrays

    return save


def test_spikes_and_state_of_every_step(imported, layer_trace):
    path, arrays = layer_trace()
    found = imported(path)
    for name, layer in (("in_spikes", "in"), ("out_spikes", "out")):
        back = np.zeros(arrays[name].shape, bool)
        steps = np.rint(found.layers[layer].t * 1000).astype(int)
        back[(*np.unravel_index(found.layers[layer].unit, back.shape[:-1]), steps)] = True
        assert np.array_equal(back, arrays[name])
        assert found.layers[layer].shape == back.shape[:-1]
    assert found.trace.values("out", "u", units=[7]).value.tolist() == arrays["u"].reshape(-1, 6)[7].tolist()
    assert found.story["dropped"] == ["conv.npz: bias"]


def test_state_of_other_units(imported, layer_trace):
    path, _ = layer_trace(u=np.zeros((2, 2, 6, 6)))
    with pytest.raises(InputError, match="'u' has 24 units"):
        imported(path)


def test_the_golden_layer(imported, golden):
    path = golden / "lava-pilotnet-lif-conv4.npz"
    found = imported(path, tick=1e-6)
    with np.load(path) as arrays:
        assert len(found.layers["out"].t) == arrays["out_spikes"].sum()
        assert len(found.layers["in"].t) == arrays["in_spikes"].sum()
        fired = arrays["out_spikes"].reshape(-1, 24)
    v = found.trace.values("out", "v")
    spiking = v.value.reshape(24, -1).T[fired]
    assert (spiking == 128).all()  # what the chip leaves where a neuron spiked
    assert found.layers["out"].t.max() == pytest.approx(23e-6)
