from itertools import pairwise

import numpy as np
import pytest

from spikesight.analysis.recorded import weight_changes, weight_histograms
from spikesight.base.errors import InputError, UnknownName
from spikesight.trace.reader import Trace
from spikesight.trace.writer import TraceWriter


@pytest.fixture
def made(tmp_path, trace):
    """A trace with the given weights of "input_exc", one snapshot each."""

    def make(*weights):
        with TraceWriter.create(tmp_path / "trace", trace.header) as writer:
            for number, w in enumerate(weights):
                writer.weights("input_exc", 100 * number, number, w)
        return Trace.open(tmp_path / "trace")

    return make


def test_histograms_hold_all_weights_in_common_bins(trace, truth):
    found = weight_histograms(trace, "input_exc", bins=32)
    assert found.counts.shape == (4, 32)
    np.testing.assert_allclose(found.counts.sum(axis=1), 32 * 12, rtol=1e-12)
    np.testing.assert_allclose(found.t, np.array(truth.weights_at) * 0.0005)
    np.testing.assert_allclose(found.mean, [w.mean() for w in truth.weights], rtol=1e-5)
    np.testing.assert_allclose(found.std, [w.std() for w in truth.weights], rtol=1e-5)
    assert found.edges[0] == min(w.min() for w in truth.weights)
    assert found.edges[-1] == max(w.max() for w in truth.weights)


def test_histograms_are_those_of_the_weights(trace, truth):
    """No bin is further from the truth than what lies in the snapshot's own bins that its edges cut."""
    found = weight_histograms(trace, "input_exc", bins=16)
    for counts, w in zip(found.counts, truth.weights, strict=True):
        width = (w.max() - w.min()) / 64
        cut = [np.sum(np.abs(w - edge) <= width) for edge in found.edges]
        exact, _ = np.histogram(w, found.edges)
        assert np.all(np.abs(counts - exact) <= np.array(cut[:-1]) + np.array(cut[1:]))


def test_a_histogram_on_its_own_bins_is_exact(made):
    w = np.random.default_rng(0).random((32, 12))
    with made(w) as trace:
        found = weight_histograms(trace, "input_exc", bins=64)
        np.testing.assert_allclose(found.counts[0], np.histogram(w, found.edges)[0], atol=1e-9)


def test_weights_that_are_all_the_same(made):
    with made(np.full((32, 12), 0.5), np.full((32, 12), 1.5), np.full((32, 12), np.nan)) as trace:
        found = weight_histograms(trace, "input_exc", bins=4)
        np.testing.assert_array_equal(found.counts, [[384, 0, 0, 0], [0, 0, 0, 384], [0, 0, 0, 0]])
    assert found.edges.tolist() == [0.5, 0.75, 1.0, 1.25, 1.5]


def test_one_snapshot_of_equal_weights(trace):
    found = weight_histograms(trace, "exc_some", bins=2)
    assert found.edges.tolist() == [0.25, 0.75, 1.25]
    assert found.counts.tolist() == [[72, 0]]


def test_no_snapshots(trace):
    assert weight_histograms(trace, "exc_unseen", bins=8).counts.shape == (0, 8)
    assert weight_changes(trace, "exc_unseen").of_unit.shape == (0, 5)
    assert weight_changes(trace, "exc_some").mean.shape == (0,)


def test_changes_are_those_between_the_weights(trace, truth):
    found = weight_changes(trace, "input_exc")
    kept = [trace.weights("input_exc", number).astype(float) for number in range(4)]
    changes = [after - before for before, after in pairwise(kept)]
    np.testing.assert_allclose(found.t_start, np.array(truth.weights_at[:-1]) * 0.0005)
    np.testing.assert_allclose(found.t_end, np.array(truth.weights_at[1:]) * 0.0005)
    np.testing.assert_allclose(found.mean, [change.mean() for change in changes])
    np.testing.assert_allclose(found.absolute, [np.abs(change).mean() for change in changes])
    np.testing.assert_allclose(found.largest, [np.abs(change).max() for change in changes])
    np.testing.assert_allclose(found.part, [(change != 0).mean() for change in changes])
    np.testing.assert_allclose(found.zeros, [(w == 0).mean() for w in truth.weights[1:]])
    np.testing.assert_allclose(found.of_unit, [np.abs(change).mean(axis=0) for change in changes])
    assert found.zeros[-1] > 0.2


def test_changes_in_a_window(trace):
    found, whole = weight_changes(trace, "input_exc", t=(1.0, 3.6)), weight_changes(trace, "input_exc")
    assert found.t_start.tolist() == [1.2]
    assert found.mean[0] == whole.mean[1]


def test_weights_that_are_not_finite_are_left_out(made):
    before, after = np.zeros((32, 12)), np.ones((32, 12))
    after[:, 3] = np.nan
    after[0, 4] = np.inf
    with made(before, after) as trace:
        found = weight_changes(trace, "input_exc")
    assert found.mean.tolist() == found.absolute.tolist() == found.largest.tolist() == [1.0]
    assert found.of_unit[0].tolist() == [1.0] * 3 + [0.0] + [1.0] * 8


def test_tables(trace):
    found = weight_histograms(trace, "input_exc", bins=8)
    table = found.columns()
    where = (table["snapshot"] == 2) & (table["bin"] == 5)
    assert table["count"][where] == found.counts[2, 5]
    assert (table["low"][where], table["high"][where]) == (found.edges[5], found.edges[6])
    assert len(weight_changes(trace, "input_exc").columns()["part"]) == 3


def test_what_cannot_be_asked(trace):
    with pytest.raises(UnknownName):
        weight_histograms(trace, "input")
    with pytest.raises(UnknownName):
        weight_changes(trace, "input")
    with pytest.raises(InputError, match="bins is at least 1"):
        weight_histograms(trace, "input_exc", bins=0)
