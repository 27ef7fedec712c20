import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import weight_changes


def test_the_change_since_the_snapshot_before(opened):
    told = weight_changes.answer(opened, Query(unit=7))
    w = np.stack([opened.trace.weights("input_exc", snapshot) for snapshot in range(12)])
    moved = np.abs(np.diff(w, axis=0))
    assert np.isnan(told["change"][0])
    np.testing.assert_allclose(told["change"][1:], moved.mean(axis=(1, 2)), rtol=1e-2)  # of float16, or what it was
    np.testing.assert_allclose(told["unit"]["change"][1:], moved[:, :, 7].mean(axis=1), rtol=1e-5)
    np.testing.assert_array_equal(told["unit"]["t"], told["t"])


def test_a_trace_that_did_not_count_is_read(pictures, monkeypatch):
    counted = weight_changes.answer(pictures, Query())
    snapshots = pictures.trace.snapshots("conv_out")
    unknown = {**snapshots, "zeros": np.full(8, -1), "changed": np.full(8, np.nan)}
    monkeypatch.setattr(type(pictures.trace), "snapshots", lambda *_: unknown)
    read = weight_changes.answer(pictures, Query())
    for name in ("t", "change", "zeros"):
        np.testing.assert_allclose(read[name], counted[name], rtol=1e-2, atol=1e-7)


def test_zeros_begin_where_weights_were_pruned(pictures, pictured):
    told = weight_changes.answer(pictures, Query())
    assert told["unit"] is None
    expected = [(pictured.weights(stim) == 0).mean() for stim in range(0, 80, 10)]
    np.testing.assert_allclose(told["zeros"], expected, atol=1e-7)
    assert (told["zeros"] > 0).tolist() == [False] * 4 + [True] * 4
    assert np.argmax(np.nan_to_num(told["change"])) == 4


def test_only_some_of_many_snapshots_are_read(opened, monkeypatch):
    from spikesight.studio import synapses
    from spikesight.studio.memory import Memory

    monkeypatch.setattr(opened, "_memory", Memory(5))
    monkeypatch.setattr(synapses, "MOST_SNAPSHOTS", 3)
    told = weight_changes.answer(opened, Query(unit=2))["unit"]
    np.testing.assert_array_equal(told["t"] / 12.5, [0, 6, 11])
    moved = np.abs(opened.trace.weights("input_exc", 6) - opened.trace.weights("input_exc", 0))[:, 2].mean()
    assert told["change"][1] == pytest.approx(moved, rel=1e-5)


def test_a_unit_of_a_map_changes_as_its_kernel_does(convolutions, convolved):
    told = weight_changes.answer(convolutions, Query(projection="input_conv1", unit=255))
    moved = np.abs(convolved.w["input_conv1"][3] - 0.5).mean() / 4
    np.testing.assert_allclose(told["unit"]["change"][-1], moved, rtol=1e-2)
    assert weight_changes.answer(convolutions, Query(projection="input_conv1", unit=256))["unit"] is None
