import json

import numpy as np
import pytest

import spikesight
from spikesight.base.errors import InputError, RunError, UnknownName
from spikesight.studio.notebook import Look
from spikesight.studio.plots import PLOTS
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS, raster, unit
from spikesight.studio.wire import to_json


@pytest.fixture
def run(finished):
    opened = spikesight.look(finished.run.folder)
    yield opened
    opened.close()


def test_a_view_answers_as_in_the_studio(run, opened):
    told = run.view("unit", t=(10.0, 20.0), unit=3)
    assert json.loads(to_json(told)) == json.loads(to_json(unit.answer(opened, Query(10.0, 20.0, unit=3))))


def test_options_of_a_view_are_passed_on(run, opened):
    told = run.view("raster", t=(0.0, 5.0), sort="rate")
    wanted = raster.answer(opened, Query(0.0, 5.0, options={"sort": "rate"}))
    np.testing.assert_array_equal(told["layers"][1]["units"], wanted["layers"][1]["units"])


def test_the_trace_is_at_hand(run, finished):
    assert len(run.trace.spikes("exc").t) == len(finished.spikes("exc"))


def test_a_figure_draws_the_values_of_its_view(run):
    figure = pytest.importorskip("matplotlib.figure").Figure()
    axes = run.plot.confusion(axes=figure.subplots())
    told = run.view("confusion")
    drawn = {text.get_text() for text in axes.texts}
    assert drawn == {str(count) for count in told["counts"].ravel() if count}


def test_what_is_empty_says_why_in_the_figure(run):
    figure = pytest.importorskip("matplotlib.figure").Figure()
    axes = run.plot.confusion(axes=figure.subplots(), t=(0.0, 1e-9))
    assert "shorter than one time step" in axes.texts[0].get_text()


def test_two_runs_are_compared_by_handing_in_the_other(run, growing):
    figure = pytest.importorskip("matplotlib.figure").Figure()
    other = Look(growing.run.folder)
    told = run.view("compare_units", other=other)
    assert told["names"] == [run.facts["name"], other.facts["name"]]
    for name in ("compare_units", "compare_weights", "compare_accuracy"):
        assert getattr(run.plot, name)(axes=figure.subplots(), other=other).get_title(loc="left")
    other.close()


def test_names_that_are_none(run, tmp_path):
    with pytest.raises(AttributeError, match="confusion"):
        _ = run.plot.confuse
    with pytest.raises(UnknownName, match="raster"):
        run.view("rasterr")
    with pytest.raises(InputError, match="units 0 to"):
        run.view("unit", unit=10_000)
    with pytest.raises(RunError, match="not a run"):
        spikesight.look(tmp_path)


def test_every_figure_is_of_a_view(run):
    assert set(PLOTS) <= set(VIEWS)
    assert set(dir(run.plot)) == set(PLOTS)


def test_the_studio_can_be_shown_from_here(run):
    with run.show() as studio:
        assert studio.address.startswith("http://127.0.0.1:")
