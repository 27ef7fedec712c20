import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import weight_drift


def test_shares_on_common_bins(opened):
    told = weight_drift.answer(opened, Query())
    assert told["share"].shape == (weight_drift.BINS, 12)
    np.testing.assert_allclose(told["share"].sum(axis=0), 1.0, rtol=1e-5)
    edges = np.linspace(told["low"], told["high"], weight_drift.BINS + 1)
    own = 1 / 64  # a weight moves by at most one of the 64 bins that it was counted in
    for snapshot in range(12):
        w = opened.trace.weights("input_exc", snapshot).ravel()
        exact = np.searchsorted(np.sort(w), edges) / len(w)
        found = np.concatenate([[0], np.cumsum(told["share"][:, snapshot])])
        wide = (w.max() - w.min()) * own
        below = np.searchsorted(np.sort(w), edges - wide) / len(w)
        above = np.searchsorted(np.sort(w), edges + wide) / len(w)
        assert (found[1:-1] >= below[1:-1] - 1e-5).all(), exact
        assert (found[1:-1] <= above[1:-1] + 1e-5).all()


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.floats(-1, 1), st.floats(0, 2), st.integers(1, 20))
def test_no_weight_is_lost(histogram, first, wide, bins):
    ends = np.array([[first, first + wide]])
    shares = weight_drift.on_common_bins(np.array([histogram]), ends, -1.0, 3.0, bins)
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1.0 if sum(histogram) else 0.0, abs=1e-5)


def test_equal_weights_stand_in_one_bin():
    shares = weight_drift.on_common_bins(np.array([[8, 0, 0, 0]]), np.array([[0.5, 0.5]]), 0.0, 1.0, 4)
    np.testing.assert_array_equal(shares[:, 0], [0, 0, 1, 0])


def test_weights_that_are_no_numbers(opened, monkeypatch):
    nothing = {**opened.trace.snapshots("input_exc"), "low": np.full(12, np.nan), "high": np.full(12, np.nan)}
    monkeypatch.setattr(type(opened.trace), "snapshots", lambda *_: nothing)
    with pytest.raises(Empty, match="No weight of input_exc is a number"):
        weight_drift.answer(opened, Query())
