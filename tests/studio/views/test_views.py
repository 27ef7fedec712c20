"""The contract of every view, taken from the catalogue."""

import json

import pytest

from spikesight.base.errors import UnknownName
from spikesight.runs.folder import Run
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS
from spikesight.studio.wire import to_binary, to_json

NEEDS_NO_TRACE = {"summary"}
QUERIES = [Query(unit=3), Query(t0=10, t1=12, at=11, unit=3), Query(t0=149.9995, t1=150, unit=0), Query(at=-5, unit=1)]


@pytest.mark.parametrize("name", sorted(VIEWS))
@pytest.mark.parametrize("query", QUERIES)
def test_every_view_answers_in_both_forms(name, query, opened):
    answer = VIEWS[name].answer(opened, query)
    assert json.loads(to_json(answer))
    assert to_binary(answer)


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_every_view_answers_while_the_run_is_written(name, growing):
    run = OpenRun(growing.run.folder)
    run.refresh()
    assert to_binary(VIEWS[name].answer(run, Query(unit=0)))


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_every_view_says_why_there_is_nothing(name, tmp_path):
    run = OpenRun(Run.create(tmp_path, "diehl-cook-digits", seed=0, config={}).folder)
    run.refresh()
    if name in NEEDS_NO_TRACE:
        assert VIEWS[name].answer(run, Query(unit=0))["spikes"] is None
        return
    with pytest.raises(Empty, match="Nothing was recorded"):
        VIEWS[name].answer(run, Query(unit=0))


def test_an_unknown_view_offers_the_nearest():
    with pytest.raises(UnknownName, match="raster"):
        VIEWS["rasters"]
