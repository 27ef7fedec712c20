import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.analysis.silences import Silence
from spikesight.runs.folder import Run
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import raster
from spikesight.trace.schema import Header, Layer, Recorded
from spikesight.trace.writer import TraceWriter

TICK = 0.0005
ALL = 300 * 1000


def layer(opened, query, name="exc"):
    (found,) = [one for one in raster.answer(opened, query)["layers"] if one["name"] == name]
    return found


def within(finished, name, first, end):
    spikes = finished.spikes(name)
    return spikes[(spikes[:, 0] >= first) & (spikes[:, 0] < end)]


def test_single_spikes_are_the_spikes_of_the_window(opened, finished):
    found = layer(opened, Query(t0=20.0, t1=23.0))
    expected = within(finished, "exc", 40_000, 46_000)
    assert found["spikes"] == len(expected) > 0
    came = np.column_stack([np.rint(found["ticks"]["t"] / TICK) + 40_000, found["ticks"]["unit"]]).astype(int)
    np.testing.assert_array_equal(came[np.lexsort(came.T)], expected[:, :2][np.lexsort(expected[:, :2].T)])


def test_density_counts_every_spike_in_its_cell(opened, finished, monkeypatch):
    monkeypatch.setattr(raster, "MOST_TICKS", 100)
    found = layer(opened, Query(t0=20.0, t1=60.0, bins=64, rows=16))
    width, first = round(found["grid"]["width"] / TICK), round(found["grid"]["first"] / TICK)
    rows, bins = found["counts"].shape
    spikes = within(finished, "exc", first, first + width * bins)
    expected = np.zeros((rows, bins), int)
    np.add.at(expected, (spikes[:, 1] * rows // finished.units, (spikes[:, 0] - first) // width), 1)
    np.testing.assert_array_equal(found["counts"], expected)
    assert rows == 16
    assert bins <= 65


def test_the_number_told_is_that_of_the_window_not_of_the_bins(opened, finished, monkeypatch):
    monkeypatch.setattr(raster, "MOST_TICKS", 100)
    found = layer(opened, Query(t0=20.0125, t1=60.0, bins=7))
    assert found["spikes"] == len(within(finished, "exc", 40_025, 120_000))
    assert found["counts"].sum() > found["spikes"]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, ALL - 1), st.integers(1, ALL))
def test_the_number_of_spikes_of_any_window(opened, finished, first, length):
    found = layer(opened, Query(t0=first * TICK, t1=(first + length) * TICK), "input")
    assert found["spikes"] == len(within(finished, "input", first, first + length))


@pytest.mark.parametrize("most", [100, 10**9])
def test_rate_times_time_is_the_number_of_spikes(opened, finished, monkeypatch, most):
    monkeypatch.setattr(raster, "MOST_TICKS", most)
    found = layer(opened, Query())
    hz = found["rate"]["hz"].astype(float)
    assert hz.sum() * found["rate"]["width"] * finished.units == pytest.approx(len(finished.spikes("exc")), rel=1e-5)


def test_counts_travel_in_the_smallest_type_that_holds_them():
    assert [raster._narrow(np.array([most])).dtype for most in (255, 256, 65_535, 65_536)] == [
        np.uint8,
        np.uint16,
        np.uint16,
        np.uint32,
    ]


def test_every_population_has_its_lane(opened):
    assert [one["name"] for one in raster.answer(opened, Query())["layers"]] == ["input", "exc", "inh"]


def test_a_folded_population_tells_its_rate_alone(opened, finished):
    found = layer(opened, Query(options={"folded": "inh,exc"}))
    assert found["folded"]
    assert found["ticks"] is found["counts"] is None
    hz = found["rate"]["hz"].astype(float)
    assert hz.sum() * found["rate"]["width"] * finished.units == pytest.approx(len(finished.spikes("exc")), rel=1e-5)
    assert not layer(opened, Query(options={"folded": "inh,exc"}), "input")["folded"]


@pytest.mark.parametrize("most", [0, 10**9])
def test_units_are_in_the_order_that_was_asked_for(opened, finished, monkeypatch, most):
    monkeypatch.setattr(raster, "MOST_TICKS", most)
    found = layer(opened, Query(t0=20.0, t1=60.0, options={"sort": "class"}))
    assert (np.diff(finished.owner[found["units"]]) >= 0).all()
    np.testing.assert_array_equal(found["class_of_unit"], finished.owner)
    assert found["sorted"].startswith("by the class")


def test_rests_between_stimuli_are_not_silences(opened):
    for window in (Query(), Query(t0=20.0, t1=23.0)):
        assert [len(one["silences"]) for one in raster.answer(opened, window)["layers"] if one["name"] == "exc"] == [0]


def test_a_long_silence_is_told(opened, finished, monkeypatch):
    monkeypatch.setattr(raster, "MOST_TICKS", 0)
    raster_on = opened.trace.raster_on

    def silenced(name, grid, rows=None):
        counts = raster_on(name, grid, rows)
        counts[:, grid.bin_of(np.array([100_000]))[0] : grid.bin_of(np.array([140_000]))[0]] = 0
        return counts

    monkeypatch.setattr(opened.trace, "raster_on", silenced)
    (found,) = layer(opened, Query(bins=300))["silences"]
    assert found == pytest.approx([50, 70], abs=1.0)


def test_units_without_a_spike_are_told(opened, finished):
    silent = np.setdiff1d(np.arange(64), finished.spikes("input")[:, 1])
    np.testing.assert_array_equal(layer(opened, Query(), "input")["dead"], silent)


def test_a_silence_shorter_than_a_stimulus_is_not_told(opened, monkeypatch):
    found = [Silence(10, 19, 5.0, 0.0, 200), Silence(100, 111, 5.0, 0.0, 200)]  # bins of 50 ms: 0.45 s and 0.55 s
    monkeypatch.setattr(raster, "silent_periods", lambda counts: found)
    told = layer(opened, Query(t0=20.0, t1=30.0))
    assert told["rate"]["width"] == pytest.approx(0.05)
    np.testing.assert_allclose(told["silences"], [[25.0, 25.55]])


def test_what_was_not_recorded_is_no_silence(tmp_path):
    """Where spikes of every tenth stimulus only were recorded, those between are not silent: nobody looked."""
    told = {}
    for every in (1, 10):
        made = Run.create(tmp_path, "sampled", seed=0, config={})
        header = Header("sampled", 1_000_000, (Layer("in", (4,), Recorded(every=every)), Layer("out", (4,))))
        with TraceWriter.create(made.trace_folder, header) as writer:
            for stim in range(200):
                if not 80 <= stim < 140:
                    writer.spikes("in", 100 * stim + np.arange(80), np.arange(80) % 4, stim)
                writer.spikes("out", np.array([100 * stim]), np.array([1]), stim)
                writer.stimulus(stim=stim, t_start=100 * stim, t_end=100 * stim + 100)
        run = OpenRun(made.folder)
        run.refresh()
        told[every] = len(raster.answer(run, Query())["layers"][0]["silences"])
    assert told[1] > 0
    assert told[10] == 0
