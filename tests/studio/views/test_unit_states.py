import numpy as np

from spikesight.analysis.health import health
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import unit_states


def layer(run, query, name):
    (found,) = [one for one in unit_states.answer(run, query)["layers"] if one["name"] == name]
    return found


def test_active_quiet_and_dead_units_are_all_units(opened, finished):
    found = layer(opened, Query(t0=10, t1=12), "input")
    spikes = finished.spikes("input")
    here = spikes[(spikes[:, 0] >= 20_000) & (spikes[:, 0] < 24_000)]
    active, ever = len(np.unique(here[:, 1])), len(np.unique(spikes[:, 1]))
    assert (found["active"], found["quiet"], found["dead"]) == (active, ever - active, 64 - ever)
    assert found["recorded"] == 64
    assert ever > active > 0
    assert ever < 64


def test_more_is_told_where_it_does_not_take_long(opened, monkeypatch):
    summary = health(opened.trace, "exc").summary
    told = layer(opened, Query(), "exc")["more"]
    assert told == {name: summary[name] for name in ("silent", "saturated", "answers_everything", "bursting")}
    monkeypatch.setattr(unit_states, "MOST_SPIKES", 100)
    assert layer(opened, Query(), "exc")["more"] is None


def test_while_the_run_goes_on_counts_are_enough(growing):
    run = OpenRun(growing.run.folder)
    run.refresh()
    assert layer(run, Query(), "exc")["more"] is None
