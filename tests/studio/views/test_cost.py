import numpy as np
import pytest

from spikesight.analysis.energy import ASSUMPTIONS, CMOS_45NM
from spikesight.base.errors import InputError
from spikesight.runs.folder import Run
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import cost
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter


@pytest.fixture
def counted(tmp_path):
    """Two stimuli of a layer that reaches 5 neurons: 3 and 7 spikes, the second answered right."""
    made = Run.create(tmp_path, "made-up", seed=0, config={})
    layers = (Layer("in", (4,)), Layer("out", (5,)))
    header = Header(made.folder.name, 1_000_000, layers, (Projection("in_out", "in", "out", (4, 5), 5),))
    with TraceWriter.create(made.trace_folder, header) as writer:
        for stim, spikes in enumerate((3, 7)):
            writer.spikes("in", stim * 100 + np.arange(spikes), np.arange(spikes) % 4, stim)
            writer.stimulus(
                stim=stim, t_start=stim * 100, t_end=stim * 100 + 100, label=0, prediction=1 - stim, correct=stim == 1
            )
    run = OpenRun(made.folder)
    run.refresh()
    return run


def test_operations_are_spikes_times_fan_out(counted):
    told = cost.answer(counted, Query(t0=0.0, t1=0.2))
    assert told["operations"].sum() == 50
    assert told["total"] == pytest.approx(50 * 0.9e-12)
    assert told["per_stimulus"] == pytest.approx(25 * 0.9e-12)
    assert told["per_correct"] == pytest.approx(50 * 0.9e-12)
    assert told["dense"] == pytest.approx(2 * 20 * 4.6e-12)


def test_figures_can_be_replaced(counted):
    told = cost.answer(counted, Query(t0=0.0, t1=0.2, options={"synaptic": "2", "multiply": "10"}))
    assert told["total"] == pytest.approx(50 * 2e-12)
    assert told["of_dense"] == pytest.approx(100 / 400)
    assert told["assumed"]["source"] == "figures of your own"
    assert told["published"][0]["synaptic"] == pytest.approx(CMOS_45NM.synaptic / 1e-12)


def test_every_published_set_can_be_chosen(counted):
    for place, one in enumerate(ASSUMPTIONS):
        told = cost.answer(counted, Query(t0=0.0, t1=0.2, options={"chip": str(place)}))
        assert told["assumed"]["name"] == one.name
        assert told["assumed"]["source"] == one.source


@pytest.mark.parametrize("options", [{"chip": "17"}, {"synaptic": "-1"}, {"update": "nan"}, {"multiply": "<b>"}])
def test_figures_that_are_none(counted, options):
    with pytest.raises(InputError):
        cost.answer(counted, Query(t0=0.0, t1=0.2, options=options))


def test_a_run_without_projections(tmp_path):
    made = Run.create(tmp_path, "made-up", seed=0, config={})
    with TraceWriter.create(made.trace_folder, Header("x", 1_000_000, (Layer("in", (4,)),))) as writer:
        writer.spikes("in", np.arange(3), np.arange(3), 0)
    run = OpenRun(made.folder)
    run.refresh()
    with pytest.raises(Empty, match="no layer with projections"):
        cost.answer(run, Query())
