"""The contract of every view, taken from the catalogue."""

import json
from dataclasses import replace

import pytest

from spikesight.base.errors import UnknownName
from spikesight.runs.folder import Run
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS
from spikesight.studio.wire import to_binary, to_json

NEEDS_NO_TRACE = {"summary"}
EMPTY_HERE = {"potentials", "marks", "confused"}
"""What the made-up run has not: state variables, marks; and a cell was not chosen."""
QUERIES = [Query(unit=3), Query(t0=10, t1=12, at=11, unit=3), Query(t0=149.9995, t1=150, unit=0), Query(at=-5, unit=1)]


def ask(name, run, query):
    """What a view answers; views that compare, compare the run with itself. What is empty says why."""
    run.others = {"itself": run}
    try:
        return VIEWS[name].answer(run, replace(query, other="itself") if name.startswith("compare") else query)
    except Empty as reason:
        said = str(reason)
    assert len(said.split()) > 3
    return {"empty": said}


@pytest.mark.parametrize("name", sorted(VIEWS))
@pytest.mark.parametrize("query", QUERIES)
def test_every_view_answers_in_both_forms(name, query, opened):
    answer = ask(name, opened, query)
    assert json.loads(to_json(answer))
    assert to_binary(answer)


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_hardly_a_view_is_empty_in_a_whole_run(name, opened):
    assert "empty" not in ask(name, opened, Query(unit=3, at=75.0)) or name in EMPTY_HERE


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_every_view_answers_while_the_run_is_written(name, growing):
    run = OpenRun(growing.run.folder)
    run.refresh()
    assert to_binary(ask(name, run, Query(unit=0)))


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_every_view_says_why_there_is_nothing(name, tmp_path):
    run = OpenRun(Run.create(tmp_path, "diehl-cook-digits", seed=0, config={}).folder)
    run.refresh()
    if name in NEEDS_NO_TRACE:
        assert VIEWS[name].answer(run, Query(unit=0))["spikes"] is None
        return
    run.others = {"itself": run}
    with pytest.raises(Empty, match="Nothing was recorded"):
        VIEWS[name].answer(run, Query(unit=0, other="itself" if name.startswith("compare") else None))


def test_an_unknown_view_offers_the_nearest():
    with pytest.raises(UnknownName, match="raster"):
        VIEWS["rasters"]
