import shutil

import numpy as np
import pytest

from spikesight.base.errors import RunError
from spikesight.runs.folder import Run
from spikesight.studio import open_run
from spikesight.studio.moments import stimuli
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(open_run, "SECONDS_BETWEEN_LOOKS", 0.0)


def test_a_folder_that_is_no_run(tmp_path):
    with pytest.raises(RunError, match="not a run"):
        OpenRun(tmp_path)


def test_a_run_without_a_trace_says_so_and_is_found_when_it_begins(finished, tmp_path):
    run = OpenRun(Run.create(tmp_path, "other", seed=0, config={}).folder)
    run.refresh()
    with pytest.raises(Empty, match="Nothing was recorded"):
        _ = run.trace
    shutil.copytree(finished.run.trace_folder, run.folder / "trace")
    before = run.revision
    run.refresh()
    assert run.trace.header.layers[1].name == "exc"
    assert run.revision > before


def test_a_trace_that_has_just_begun_is_as_good_as_none(tmp_path):
    made = Run.create(tmp_path, "other", seed=0, config={})
    header = Header(run="other", tick_ns=500_000, layers=(Layer("exc", (3,)),))
    with TraceWriter.create(made.trace_folder, header) as writer:
        run = OpenRun(made.folder)
        run.refresh()
        with pytest.raises(Empty, match="Wait until training has begun"):
            run.window(Query())
        writer.spikes("exc", np.array([7]), np.array([1]), 0)
        run.refresh()
        assert run.window(Query()) == (7, 8)


def test_revision_moves_with_the_trace_and_only_then(growing):
    run = OpenRun(growing.run.folder)
    run.refresh()
    first = run.revision
    run.refresh()
    assert run.revision == first
    growing.show(1)
    run.refresh()
    assert run.revision > first


def test_what_was_computed_is_forgotten_when_the_run_moves_on(growing):
    run = OpenRun(growing.run.folder)
    run.refresh()
    assert run.remembered("answer", lambda: 1) == 1
    assert run.remembered("answer", lambda: 2) == 1
    growing.show(1)
    run.refresh()
    assert run.remembered("answer", lambda: 2) == 2


def test_what_is_remembered_of_a_finished_run_does_not_grow_without_end(opened):
    made = []
    for key in range(10 * open_run.MOST_REMEMBERED):
        opened.remembered("often", lambda: made.append("often"))
        opened.remembered(("once", key), lambda key=key: made.append(key))
    opened.remembered(("once", 0), lambda: made.append("again"))
    assert made.count("often") == 1
    assert made[-1] == "again"


def test_windows_are_whole_ticks_and_the_whole_run_has_its_last_tick(opened, finished):
    assert opened.window(Query()) == (0, 300 * 1000)
    assert opened.window(Query(t0=1.0, t1=2.5)) == (2000, 5000)
    with pytest.raises(Empty, match="shorter than one time step"):
        opened.window(Query(t0=1.0, t1=1.0001))


def test_a_run_whose_folder_is_gone_keeps_its_facts(growing, tmp_path):
    run = OpenRun(growing.run.folder)
    (growing.run.folder / "run.json").unlink()
    run.refresh()
    assert run.facts["recipe"] == "diehl-cook-digits"


def network(tmp_path, layers, *projections):
    run = Run.create(tmp_path, "made-up", seed=0, config={})
    made = tuple(Projection(f"p{k}", pre, post, (2, 2), 2.0) for k, (pre, post) in enumerate(projections))
    header = Header(run.folder.name, 1_000_000, tuple(Layer(name, (2,)) for name in layers), made, "d", "s", "0", 0)
    with TraceWriter.create(run.trace_folder, header) as writer:
        writer.mark(0, "begin")
    opened = OpenRun(run.folder)
    opened.refresh()
    return opened.input().name, opened.readout().name


@pytest.mark.parametrize(
    ("layers", "projections", "ends"),
    [
        ("abc", [("a", "b"), ("b", "c")], ("a", "c")),
        ("abc", [("a", "b"), ("b", "c"), ("c", "b")], ("a", "b")),
        ("abc", [("b", "c")], ("a", "c")),
        ("bca", [("a", "b"), ("b", "c"), ("c", "b")], ("a", "b")),
        ("ab", [], ("a", "b")),
    ],
)
def test_where_a_network_begins_and_ends(tmp_path, layers, projections, ends):
    assert network(tmp_path, layers, *projections) == ends


def imported(tmp_path, recipe):
    made = Run.create(tmp_path / recipe, recipe, seed=0, config={})
    header = Header(run=recipe, tick_ns=500_000, layers=(Layer("exc", (3,)),))
    with TraceWriter.create(made.trace_folder, header) as writer:
        writer.spikes("exc", np.arange(3), np.arange(3), 0)
    made.update(status="finished")
    run = OpenRun(made.folder)
    run.refresh()
    return run


@pytest.mark.parametrize("view", ["scalars", "potentials", "receptive_fields", "weight_drift"])
def test_nobody_is_advised_to_record_more_into_what_was_imported(tmp_path, view):
    reasons = []
    for recipe in ("imported", "diehl-cook-digits"):
        with pytest.raises(Empty) as told:
            VIEWS[view].answer(imported(tmp_path, recipe), Query())
        reasons.append(str(told.value))
    assert not any(word in reasons[0] for word in ("Probe", "TraceWriter", "so far"))
    assert reasons[1].startswith(reasons[0])
    assert "records" in reasons[1]


def test_a_run_that_ended_has_no_stimulus_and_waits_for_none(tmp_path):
    with pytest.raises(Empty, match="No stimulus was recorded in this run"):
        stimuli(imported(tmp_path, "imported"))
