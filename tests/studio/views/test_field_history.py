import numpy as np
import pytest

from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import field_history


def test_frames_are_the_weights_of_the_unit_on_one_scale(opened):
    told = field_history.answer(opened, Query(unit=7))
    np.testing.assert_array_equal(told["t"], np.arange(12) * 12.5)
    for frame in range(12):
        w = np.clip(opened.trace.weights("input_exc", frame)[:, 7].reshape(8, 8), 0, told["top"])
        np.testing.assert_allclose(told["levels"][frame] / 255 * told["top"], w, atol=told["top"] / 255 * 0.51)


def test_of_many_snapshots_some_evenly_apart_are_shown(opened, monkeypatch):
    monkeypatch.setattr(field_history, "FRAMES", 4)
    told = field_history.answer(opened, Query(unit=6))
    assert told["snapshots"] == 12
    np.testing.assert_array_equal(told["t"] / 12.5, [0, 4, 7, 11])


def test_the_projection_that_ends_in_the_layer_is_found(pictures):
    assert field_history.answer(pictures, Query(layer="out", unit=3))["projection"] == "conv_out"
    with pytest.raises(Empty, match="No weights of synapses into conv"):
        field_history.answer(pictures, Query(layer="conv", unit=3))
    with pytest.raises(Empty, match="No neuron is chosen"):
        field_history.answer(pictures, Query(layer="out"))


def test_units_of_a_map_share_its_kernel(convolutions, convolved):
    told = field_history.answer(convolutions, Query(projection="pool1_conv2", unit=20))
    last = convolved.w["pool1_conv2"][2].sum(axis=0)
    np.testing.assert_allclose(told["levels"][-1] / 255 * told["top"], last.clip(0, told["top"]), atol=0.01)
