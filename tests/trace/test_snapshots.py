import numpy as np
import pytest

from spikesight.base.errors import TraceError
from spikesight.trace.snapshots import BINS, changed, load_snapshot, save_snapshot, statistics, zeros


def saved(tmp_path, w):
    save_snapshot(tmp_path / "input_exc" / "000000.safetensors", w)
    return load_snapshot(tmp_path / "input_exc" / "000000.safetensors")


def test_weights_come_back_to_half_precision_and_cost_two_bytes(tmp_path):
    w = np.random.default_rng(0).random((40, 30)).astype(np.float32)
    back = saved(tmp_path, w)
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, w, rtol=2.0**-11, atol=2.0**-25)  # half a unit of 11 bits, or of the smallest
    assert (tmp_path / "input_exc" / "000000.safetensors").stat().st_size < 2 * w.size + 200


@pytest.mark.parametrize("largest", [1e-9, 1e6])
def test_weights_that_half_precision_would_lose_are_kept(tmp_path, largest):
    w = np.linspace(-largest, largest, 12).reshape(3, 4)
    np.testing.assert_allclose(saved(tmp_path, w), w, rtol=1e-6)


def test_weights_that_blew_up_can_be_seen(tmp_path):
    w = np.array([[1.0, np.nan], [np.inf, -2.0]])
    np.testing.assert_array_equal(saved(tmp_path, w), w)
    mean, std, low, high, histogram = statistics(w)
    assert (mean, std, low, high, sum(histogram)) == (-0.5, 1.5, -2.0, 1.0, 2)


def test_statistics_are_those_of_numpy():
    w = np.random.default_rng(1).normal(size=(50, 40))
    mean, std, low, high, histogram = statistics(w)
    assert (mean, std, low, high) == pytest.approx((w.mean(), w.std(), w.min(), w.max()))
    assert sum(histogram) == w.size
    # A weight within rounding of an edge may count on either side of it.
    np.testing.assert_allclose(histogram, np.histogram(w, bins=BINS)[0], atol=1)


def test_equal_weights_share_one_bin():
    assert statistics(np.full((3, 4), 0.3))[4] == [12] + [0] * (BINS - 1)


def test_nothing_finite():
    mean, _, low, _, histogram = statistics(np.full((2, 2), np.nan))
    assert np.isnan(mean)
    assert np.isnan(low)
    assert histogram == [0] * BINS


def test_a_truncated_snapshot_is_an_error(tmp_path):
    path = tmp_path / "000000.safetensors"
    save_snapshot(path, np.ones((4, 4)))
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(TraceError, match=r"000000.safetensors holds no weight snapshot"):
        load_snapshot(path)
    path.unlink()
    with pytest.raises(TraceError, match="no weight snapshot"):
        load_snapshot(path)


def test_weights_that_are_pruned_are_counted():
    assert zeros(np.array([[0.0, -0.0, 1e-9], [np.nan, 2.0, 0.0]])) == 3


@pytest.mark.parametrize("scale", [1.0, 1e-9])
def test_changes_are_those_between_stored_snapshots(tmp_path, scale):
    before, after = np.random.default_rng(2).random((2, 30, 20)) * scale
    path = tmp_path / "000000.safetensors"
    save_snapshot(path, before)
    save_snapshot(tmp_path / "000001.safetensors", after)
    stored = np.abs(load_snapshot(tmp_path / "000001.safetensors").astype(float) - load_snapshot(path)).sum()
    assert changed(after, path) == pytest.approx(stored, rel=1e-6)  # of sums in another order
    assert changed(after, path) == pytest.approx(np.abs(after - before).sum(), rel=2e-3)  # stored with 11 bits
    assert changed(before, path) == 0.0
    assert changed(after, None) is None


def test_changes_of_weights_that_blew_up_are_left_out(tmp_path):
    path = tmp_path / "000000.safetensors"
    save_snapshot(path, np.array([[1.0, np.nan, 3.0]]))
    assert changed(np.array([[2.0, 1.0, np.inf]]), path) == 1.0
