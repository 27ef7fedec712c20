"""Energy is counts times published figures, and nothing else."""

import math

import numpy as np
import pytest

from spikesight.analysis.energy import ASSUMPTIONS, CMOS_45NM, LOIHI, TRUENORTH, Assumptions, energy
from spikesight.base.errors import InputError
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Projection, Recorded
from spikesight.trace.writer import TraceWriter

COSTS = Assumptions("made up", 2.0, 3.0, 0.5, "nowhere")


@pytest.fixture
def folder(tmp_path):
    """Layer a (4 units) reaches 3 + 2 synapses a spike, b (3 units) none; 6 and 2 spikes in two stimuli of 10 ms."""
    layers = (Layer("a", (4,)), Layer("b", (3,)), Layer("c", (2,), recorded=Recorded(every=5)))
    projections = (
        Projection("ab", "a", "b", (4, 3), 3.0),
        Projection("aa", "a", "a", (4, 4), 2.0),
        Projection("cb", "c", "b", (2, 3), 3.0),
    )
    with TraceWriter.create(tmp_path, Header("r", 1_000_000, layers, projections)) as writer:
        writer.spikes("a", np.arange(6), np.array([0, 1, 2, 3, 0, 1]), 0)
        writer.spikes("a", np.array([12, 19]), np.array([0, 1]), 1)
        writer.spikes("b", np.array([5]), np.array([0]), 0)
        writer.spikes("c", np.array([5]), np.array([0]), 0)
        writer.stimulus(stim=0, t_start=0, t_end=10, correct=True)
        writer.stimulus(stim=1, t_start=10, t_end=20, correct=False)
    return tmp_path


def test_by_hand(folder):
    with Trace.open(folder) as trace:
        found = energy(trace, COSTS, bins=2)
    assert found.layers == ("a",)
    assert found.missing == ("c",)
    assert found.operations.tolist() == [[30, 10]]
    assert found.synaptic.tolist() == [[60, 20]]
    assert found.updates.tolist() == [[4 * 10 * 0.5] * 2]
    assert found.stimuli.tolist() == [1, 1]
    assert found.correct.tolist() == [1, 0]
    assert found.total == 120
    assert found.per_stimulus == 60
    assert found.per_correct == 120
    assert found.dense == (4 * 3 + 4 * 2 + 2 * 3) * 2 * 3
    assert found.of_dense == pytest.approx(120 / 156)
    assert found.columns()["synaptic"].tolist() == [60, 20]


def test_a_window(folder):
    with Trace.open(folder) as trace:
        found = energy(trace, COSTS, t=(0.010, 0.020), bins=1)
    assert found.total == 20 + 4 * 10 * 0.5
    assert found.per_stimulus == found.total
    assert math.isnan(found.per_correct)


def test_without_stimuli_there_is_nothing_to_compare_with(tmp_path):
    header = Header("r", 1_000_000, (Layer("a", (4,)),), (Projection("aa", "a", "a", (4, 4), 4.0),))
    with TraceWriter.create(tmp_path, header) as writer:
        writer.spikes("a", np.array([0, 9]), np.array([0, 1]), 0)
    with Trace.open(tmp_path) as trace:
        found = energy(trace, COSTS)
    assert found.total > 0
    assert math.isnan(found.dense)
    assert math.isnan(found.of_dense)
    assert math.isnan(found.per_stimulus)


def test_published_figures():
    assert [one.synaptic for one in ASSUMPTIONS] == pytest.approx([0.9e-12, 23.6e-12, 26e-12])
    assert CMOS_45NM.multiply == pytest.approx(4.6e-12)
    assert LOIHI.update == pytest.approx(81e-12)
    assert TRUENORTH.update == 0
    assert all(len(one.source) > 40 for one in ASSUMPTIONS)


def test_energies_below_0_are_refused():
    with pytest.raises(InputError, match="joules per operation, not below 0"):
        Assumptions("wrong", -1.0, 1.0, 0.0, "")
