"""A run in which something happens: accuracy falls after weights have begun to move faster, while rates stay."""

import numpy as np
import pytest

from spikesight.analysis.what_changed import what_changed
from spikesight.runs.folder import Run
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import TABS, changes, happened
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

STIMULI, FALLS = 3000, 2400


@pytest.fixture(scope="module")
def eventful(tmp_path_factory):
    random = np.random.default_rng(5)
    made = Run.create(tmp_path_factory.mktemp("runs"), "made-up", seed=5, config={})
    layers = (Layer("input", (16,)), Layer("exc", (10,)))
    header = Header(made.folder.name, 1_000_000, layers, (Projection("input_exc", "input", "exc", (16, 10), 10),))
    w = random.random((16, 10))
    with TraceWriter.create(made.trace_folder, header) as writer:
        for stim in range(STIMULI):
            t = stim * 100
            spikes = np.sort(random.integers(0, 80, random.poisson(12)))
            writer.spikes("exc", t + spikes, random.integers(0, 10, len(spikes)), stim)
            label = int(random.integers(10))
            right = random.random() < (0.9 if stim < FALLS else 0.55)
            writer.stimulus(
                stim=stim,
                t_start=t,
                t_end=t + 100,
                label=label,
                prediction=label if right else (label + 1) % 10,
                correct=right,
            )
            if stim % 50 == 49:
                w = w + random.normal(0, 0.002 if stim < FALLS - 100 else 0.02, w.shape)
                writer.weights("input_exc", t + 100, stim, w)
    made.update(status="finished")
    run = OpenRun(made.folder)
    run.refresh()
    return run


def test_it_tells_what_the_analysis_found(eventful):
    told = changes.answer(eventful, Query())
    found = what_changed(eventful.trace)
    assert [one["text"] for one in told["events"]] == [one.as_text().splitlines()[0] for one in found]
    for event, wanted in zip(told["events"], found, strict=True):
        assert [one["text"] for one in event["findings"]] == [one.as_text() for one in wanted.findings]


def test_the_fall_is_told_first_and_its_cause_leads_the_list(eventful):
    first = changes.answer(eventful, Query())["events"][0]
    assert first["series"] == "accuracy"
    assert first["better"] == -1
    assert first["t"] == pytest.approx(FALLS / 10, abs=10.0)
    cause = first["findings"][0]
    assert "input_exc" in cause["series"]
    assert cause["order"] in ("before", "together")
    assert not any("rate" in one["series"] for one in first["findings"])


def test_every_line_leads_to_a_tab(eventful):
    for event in changes.answer(eventful, Query())["events"]:
        for one in (event, *event["findings"]):
            assert one["view"]["name"] in TABS
            assert one["view"]["parameters"]["t0"] < one["view"]["parameters"]["t1"]


def test_the_lane_has_the_same_events(eventful):
    lane = happened.answer(eventful, Query())["events"]
    assert [one["t"] for one in lane] == [one["t"] for one in changes.answer(eventful, Query())["events"]]
