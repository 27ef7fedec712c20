import numpy as np
import pytest

from spikesight.analysis.recorded import synops
from spikesight.base.errors import InputError
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Projection, Recorded
from spikesight.trace.writer import TraceWriter

FAN_OUT = {"input": 12.0, "exc": 3.5}


@pytest.mark.parametrize("bins", [1, 7, 48])
def test_operations_are_spikes_times_fan_out(trace, truth, bins):
    found = synops(trace, bins=bins)
    assert found.layers == ("input", "exc")
    ticks = np.rint(found.edges / 0.0005).astype(int)
    assert ticks[0] <= 0
    assert ticks[-1] >= 9600
    assert len(set(np.diff(ticks))) == 1
    for layer, row in zip(found.layers, found.operations, strict=True):
        expected = np.histogram(truth.spikes[layer][:, 0], ticks)[0] * FAN_OUT[layer]
        np.testing.assert_allclose(row, expected)


def test_right_answers_are_counted_where_they_were_given(trace, truth):
    found = synops(trace, bins=48)
    right = [one["t_end"] - 1 for one in truth.stimuli if one["correct"]]
    np.testing.assert_array_equal(found.correct, np.histogram(right, np.rint(found.edges / 0.0005))[0])
    assert found.correct.sum() == len(right)
    np.testing.assert_allclose(found.per_correct, found.operations.sum(axis=1) / len(right))


def test_a_window(trace, truth):
    found = synops(trace, t=(1.0, 2.0), bins=10)
    assert (found.edges[0], found.edges[-1]) == (1.0, 2.0)
    assert found.operations[1].sum() == len(truth.within("exc", 2000, 4000)) * 3.5


def test_what_was_not_recorded_is_said(trace):
    assert synops(trace).missing == ("some",)


def test_no_right_answer_has_no_cost(tmp_path):
    layers = (Layer("a", (3,)), Layer("b", (2,)))
    header = Header("run", 1000, layers, (Projection("a_b", "a", "b", (3, 2), fan_out=2.0),))
    with TraceWriter.create(tmp_path / "trace", header) as writer:
        writer.spikes("a", np.array([1, 2]), np.array([0, 1]), 0)
    with Trace.open(tmp_path / "trace") as trace:
        found = synops(trace, bins=1)
        assert found.operations.sum() == 4.0
        assert np.isnan(found.per_correct).all()


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("bins", [1, 20])
def test_layers_of_which_only_counts_were_kept_cost_what_others_do(tmp_path, sealed, bins):
    t, unit = np.arange(5000), np.arange(5000) % 3
    layers = (Layer("a", (3,)), Layer("b", (3,), Recorded(rows=False)))
    ends = (Projection("a_b", "a", "b", (3, 3), fan_out=2.0), Projection("b_a", "b", "a", (3, 3), fan_out=3.0))
    writer = TraceWriter.create(tmp_path / "trace", Header("run", 1000, layers, ends))
    for layer in ("a", "b"):
        writer.spikes(layer, t, unit, 0)
    if sealed:
        writer.close()
    with Trace.open(tmp_path / "trace") as trace:
        found = synops(trace, bins=bins)
        assert (found.layers, found.missing) == (("a", "b"), ())
        assert found.operations.sum(axis=1).tolist() == [10_000.0, 15_000.0]
    writer.close()


def test_a_table_has_a_row_per_layer_and_bin(trace):
    found = synops(trace, bins=6)
    table = found.columns()
    where = (table["layer"] == "exc") & (table["bin"] == 4)
    assert table["operations"][where] == found.operations[1, 4]
    assert table["t_start"][where] == found.edges[4]


def test_what_cannot_be_asked(trace, empty):
    with pytest.raises(InputError, match=r"no layer with projections was recorded .*projections leave input, exc"):
        synops(empty)
    with pytest.raises(InputError, match="at least one tick"):
        synops(trace, t=(1.0, 1.0))
