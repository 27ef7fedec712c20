"""Series of a trace against what was written into it."""

from itertools import pairwise

import numpy as np
import pytest
from stories import EVERY, INPUTS, TICKS, UNITS, Story, write

from spikesight.analysis import trace_series as series
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Projection, Recorded
from spikesight.trace.writer import TraceWriter


@pytest.fixture(scope="module")
def trace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trace")
    with Trace.open(write(folder, Story(stimuli=300, pruned=200))) as trace:
        yield trace


def test_outcomes(trace):
    (accuracy,) = series.outcomes(trace)
    stimuli = trace.stimuli()
    assert (accuracy.name, accuracy.better, accuracy.percent, accuracy.about) == ("accuracy", 1, True, "outcome")
    np.testing.assert_array_equal(accuracy.value, stimuli["correct"])
    np.testing.assert_array_equal(accuracy.t, stimuli["t_start"])
    assert accuracy.interval == pytest.approx(TICKS / 1000)


def test_rates_are_spikes_over_time_and_units(trace):
    found = {one.name: one for one in series.rates(trace, series.activities(trace, 60))}
    spikes = trace.spikes("exc").t
    rate = found["rate of exc"]
    width = rate.interval
    for t, value in zip(rate.t[:5], rate.value[:5], strict=True):
        assert value == pytest.approx(((spikes >= t - 1e-9) & (spikes < t + width - 1e-9)).sum() / width / UNITS)
    assert rate.view == series.View("raster", {"layer": "exc"})


def test_time_without_spikes(trace):
    found = {one.name: one for one in series.rates(trace, series.activities(trace, 30_000))}
    silent = found["time without spikes of exc"]
    assert set(np.unique(silent.value)) == {0, 1}
    assert silent.value.mean() == pytest.approx(
        1 - len(np.unique(np.rint(trace.spikes("exc").t * 1000))) / 30_000, abs=1e-3
    )


def test_synaptic_operations_are_spikes_times_fan_out(trace):
    """Input spikes reach `UNITS` neurons each; those of exc go nowhere."""
    (found,) = series.operations(trace)
    total = found.value.sum() * found.interval
    assert total == pytest.approx(len(trace.spikes("input").t) * UNITS, rel=0.01)  # the last bin may be cut off


def test_synapses(trace):
    found = {one.name: one for one in series.synapses(trace)}
    weights = [trace.weights("input_exc", k) for k in range(300 // EVERY)]
    change = found["weight change of input_exc"]
    seconds = EVERY * TICKS / 1000
    expected = [np.abs(after - before).mean() / seconds for before, after in pairwise(weights)]
    np.testing.assert_allclose(change.value, expected, rtol=2e-3)  # weights are kept with 11 bits
    np.testing.assert_allclose(change.t, np.arange(300 // EVERY - 1) * seconds)
    np.testing.assert_allclose(found["mean weight of input_exc"].value, [w.mean() for w in weights], rtol=2e-3)
    np.testing.assert_allclose(found["spread of weights of input_exc"].value, [w.std() for w in weights], rtol=2e-3)
    shift = found["shift of the weight distribution of input_exc"].value
    assert shift.argmax() == 200 // EVERY - 1  # the interval in which weights are pruned


def test_the_distribution_moves_as_its_quantiles_do():
    """Half of the weights at 0 and half at 1, then all halfway: without the mean, each moves by a half."""
    histogram = np.zeros((3, 64), int)
    histogram[0, [0, -1]] = histogram[1, [0, -1]] = 500
    histogram[2, 32] = 1000
    moved = series._moved(histogram, np.zeros(3), np.ones(3))
    assert moved[0] == 0
    assert moved[1] == pytest.approx(1.0, abs=0.05)  # in units of the spread, which is a half too


def test_zeros_and_what_is_left(trace):
    found = {one.name: one for one in series.synapses(trace)}
    weights = [trace.weights("input_exc", k) for k in range(300 // EVERY)]
    zeros = found["synapses at 0 of input_exc"]
    np.testing.assert_allclose(zeros.value, [(w == 0).mean() for w in weights])
    assert zeros.value[-1] > 0.2 > zeros.value[0]
    left = found["mean of weights other than 0 of input_exc"]
    np.testing.assert_allclose(left.value, [w[w > 0].mean() for w in weights], rtol=2e-3)


def test_weights_that_are_no_numbers_are_told_and_spoil_nothing_else(tmp_path):
    layers = (Layer("a", (2,)), Layer("b", (4,)))
    header = Header("diverged", 1_000_000, layers, (Projection("ab", "a", "b", (2, 4), 4.0),))
    w = np.arange(8.0).reshape(2, 4)
    some = np.where(w == 3.0, np.inf, w)
    with TraceWriter.create(tmp_path, header) as writer:
        for number, weights in enumerate((w, w + 1.0, some, np.full((2, 4), np.nan), w + 2.0)):
            writer.weights("ab", 1000 * number, number, weights)
    with Trace.open(tmp_path) as trace:
        found = {one.name: one for one in series.synapses(trace)}
    assert found["weights that are no numbers of ab"].value.tolist() == [0.0, 0.0, 0.125, 1.0, 0.0]
    assert found["mean weight of ab"].t.tolist() == [0.0, 1.0, 2.0, 4.0]
    assert found["weight change of ab"].t.tolist() == [0.0, 1.0]  # nothing is known of changes to and from NaN
    assert all(np.isfinite(one.value).all() for one in found.values())


def test_weights_that_are_numbers_need_no_words(trace):
    assert not any("no numbers" in one.name for one in series.synapses(trace))


def test_zeros_that_are_not_known(trace):
    view, projection = series.View("synapses"), trace.header.projections[0]
    none = np.full(2, -1)
    assert not list(series._zeros(projection, np.arange(2.0), none, np.ones(2), view))
    half = np.array([-1, INPUTS * UNITS // 2])
    assert [one.value.tolist() for one in series._zeros(projection, np.arange(2.0), half, np.ones(2), view)] == [
        [0.5],
        [2],
    ]


def test_weight_changes_of_traces_that_do_not_tell_them(trace):
    class Old:
        header, tables, weights = trace.header, trace.tables, trace.weights

        def snapshots(self, projection):
            found = trace.snapshots(projection)
            return found | {"changed": np.full(len(found["t"]), np.nan)}

    told, read = (
        next(one for one in series.synapses(source) if one.name.startswith("weight change"))
        for source in (trace, Old())
    )
    np.testing.assert_allclose(read.value, told.value, rtol=2e-3)
    np.testing.assert_array_equal(read.t, told.t)


def test_everything_else(trace):
    found = {one.name: one for one in series.others(trace)}
    assert found["mean theta of exc"].value.mean() == pytest.approx(0.02, rel=0.01)
    labels = trace.stimuli()["label"]
    np.testing.assert_array_equal(found["share of class b shown"].value, labels == 1)
    assert sum("share of class" in name for name in found) == 5


def test_scalars_are_outcomes_by_their_name(tmp_path):
    with TraceWriter.create(tmp_path, Header("r", 1_000_000, (Layer("exc", (4,)),))) as writer:
        for t in range(3):
            writer.scalar(t, "test accuracy", 0.5)
            writer.scalar(t, "learning rate", 0.1)
            writer.scalar(t, "Loss", float("nan") if t == 1 else 1.0)
    with Trace.open(tmp_path) as trace:
        found = {one.name: one for one in series.others(trace)}
    assert {name: one.better for name, one in found.items()} == {"test accuracy": 1, "learning rate": 0, "Loss": -1}
    assert found["Loss"].t.tolist() == [0, 0.002]


def test_layers_recorded_now_and_then_get_wide_bins(tmp_path):
    """Every fourth stimulus was recorded: a bin covers two of these, so that none is empty for that reason."""
    layer = Layer("exc", (4,), recorded=Recorded(every=4))
    with TraceWriter.create(tmp_path, Header("r", 1_000_000, (layer,))) as writer:
        for stim in range(80):
            writer.stimulus(stim=stim, t_start=stim * 10, t_end=stim * 10 + 10)
            if stim % 4 == 0:
                writer.spikes("exc", np.arange(stim * 10, stim * 10 + 10), np.zeros(10, np.int32), stim)
    with Trace.open(tmp_path) as trace:
        grid, counts = series.activity(trace, layer)
    assert grid.width >= 80
    assert counts.min() >= 10


def test_layers_that_were_counted_only_have_rates_too(tmp_path):
    layer = Layer("exc", (4,), recorded=Recorded(rows=False))
    with TraceWriter.create(tmp_path, Header("r", 1_000_000, (layer,))) as writer:
        for stim in range(40):
            writer.stimulus(stim=stim, t_start=stim * 100, t_end=stim * 100 + 100)
            writer.spikes("exc", np.arange(stim * 100, stim * 100 + 100), np.zeros(100, np.int32), stim)
    with Trace.open(tmp_path) as trace:
        (rate,) = series.rates(trace, series.activities(trace, 10))
    np.testing.assert_allclose(rate.value, 250)
