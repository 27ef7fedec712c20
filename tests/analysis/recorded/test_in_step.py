import numpy as np
import pytest

from spikesight.analysis import chi, fano_factor, pairwise_correlation
from spikesight.analysis.recorded import in_step, synchrony
from spikesight.base.errors import InputError, UnknownName
from spikesight.trace.reader import Trace
from spikesight.trace.writer import TraceWriter


def counts_by_hand(truth, layer, first, width, bins, units):
    counts = np.zeros((bins, len(units)))
    for t, unit, _ in truth.within(layer, first, first + width * bins):
        if unit in units:
            counts[(t - first) // width, units.index(unit)] += 1
    return counts


def test_each_window_is_as_counted_by_hand(trace, truth):
    found = synchrony(trace, "exc", width=0.02, windows=4)
    assert found.width == 0.02
    np.testing.assert_allclose(found.t_start, [0.0, 1.2, 2.4, 3.6])
    np.testing.assert_allclose(found.t_end, [1.2, 2.4, 3.6, 4.8])
    assert found.unit.tolist() == list(range(12))
    for window in range(4):
        counts = counts_by_hand(truth, "exc", 2400 * window, 40, 60, list(range(12)))
        assert found.fano[window] == pytest.approx(fano_factor(counts))
        assert found.chi[window] == pytest.approx(chi(counts))
        assert found.correlation[window] == pytest.approx(pairwise_correlation(counts, np.random.default_rng(0)))


def test_windows_are_whole_bins_and_the_rest_is_left_out(trace, truth):
    found = synchrony(trace, "exc", t=(0.1, 1.0), width=0.1, windows=2)
    np.testing.assert_allclose(found.t_start, [0.1, 0.5])
    np.testing.assert_allclose(found.t_end, [0.5, 0.9])
    counts = counts_by_hand(truth, "exc", 200, 200, 4, list(range(12)))
    assert found.fano[0] == pytest.approx(fano_factor(counts))


def test_only_units_that_were_recorded_are_compared(trace, truth):
    found = synchrony(trace, "some", width=0.1)
    assert found.unit.tolist() == [1, 4]
    counts = counts_by_hand(truth, "some", 0, 200, 48, [1, 4])
    assert found.chi[0] == pytest.approx(chi(counts))


def test_of_many_units_some_are_drawn(trace):
    one, same, other = (synchrony(trace, "exc", width=0.1, most=5, seed=seed) for seed in (0, 0, 1))
    assert len(set(one.unit)) == 5
    assert one.unit.tolist() == same.unit.tolist() != other.unit.tolist()
    assert one.chi.tolist() == same.chi.tolist()


def test_units_in_step_and_units_on_their_own(tmp_path, trace):
    random = np.random.default_rng(0)
    with TraceWriter.create(tmp_path / "trace", trace.header) as writer:
        for tick in np.flatnonzero(random.random(8000) < 0.05):
            writer.spikes("exc", np.full(12, tick), np.arange(12), 0)
        alone = np.argwhere(random.random((8000, 12)) < 0.05)
        writer.spikes("exc", alone[:, 0] + 8000, alone[:, 1], 1)
    with Trace.open(tmp_path / "trace") as both:
        found = synchrony(both, "exc", t=(0.0, 8.0), width=0.0005, windows=2)
    assert found.chi[0] == pytest.approx(1.0)
    assert found.correlation[0] == pytest.approx(1.0)
    assert found.chi[1] == pytest.approx(12**-0.5, abs=0.01)
    assert abs(found.correlation[1]) < 0.01
    assert found.fano[0] > 11  # 12 in step, times 1 - 0.05
    assert found.fano[1] == pytest.approx(0.95, abs=0.1)


def test_nobody_spiked(trace):
    found = synchrony(trace, "unseen", windows=3)
    assert np.isnan([found.fano, found.chi, found.correlation]).all()
    assert len(found.columns()["fano"]) == 3


def test_what_cannot_be_asked(trace, monkeypatch):
    with pytest.raises(UnknownName):
        synchrony(trace, "exd")
    with pytest.raises(InputError, match="windows is at least 1"):
        synchrony(trace, "exc", windows=0)
    with pytest.raises(InputError, match=r"3 windows of two bins or more do not fit into 4\.8 s"):
        synchrony(trace, "exc", width=1.0, windows=3)
    monkeypatch.setattr(in_step, "MOST_CELLS", 100)
    with pytest.raises(InputError, match="960 bins of 12 units are too many at once"):
        synchrony(trace, "exc")
