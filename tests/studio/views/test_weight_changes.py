import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import weight_changes


def test_the_change_since_the_snapshot_before(opened):
    told = weight_changes.answer(opened, Query(unit=7))
    w = np.stack([opened.trace.weights("input_exc", snapshot) for snapshot in range(12)])
    moved = np.abs(np.diff(w, axis=0))
    assert np.isnan(told["change"][0])
    np.testing.assert_allclose(told["change"][1:], moved.mean(axis=(1, 2)), rtol=1e-5)
    np.testing.assert_allclose(told["unit"][1:], moved[:, :, 7].mean(axis=1), rtol=1e-5)


def test_zeros_begin_where_weights_were_pruned(pictures, pictured):
    told = weight_changes.answer(pictures, Query())
    assert told["unit"] is None
    expected = [(pictured.weights(stim) == 0).mean() for stim in range(0, 80, 10)]
    np.testing.assert_allclose(told["zeros"], expected, atol=1e-7)
    assert (told["zeros"] > 0).tolist() == [False] * 4 + [True] * 4
    assert np.argmax(np.nan_to_num(told["change"])) == 4


def test_only_some_of_many_snapshots_are_read(opened, monkeypatch):
    from spikesight.studio import synapses

    monkeypatch.setattr(synapses, "MOST_SNAPSHOTS", 3)
    opened._memory.forget()
    told = weight_changes.answer(opened, Query())
    opened._memory.forget()
    np.testing.assert_array_equal(told["t"] / 12.5, [0, 6, 11])
    moved = np.abs(opened.trace.weights("input_exc", 6) - opened.trace.weights("input_exc", 0)).mean()
    assert told["change"][1] == pytest.approx(moved, rel=1e-5)
