import numpy as np
import pytest
from made_up_maps import MadeUpMaps

from spikesight.base.errors import InputError
from spikesight.runs.folder import Run
from spikesight.studio.chosen import MOST_UNITS, chosen_stimuli, chosen_unit, drawable, moment_of, with_spikes
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS
from spikesight.trace.schema import Header, Layer, Recorded
from spikesight.trace.writer import TraceWriter


def test_the_readout_where_no_population_is_named(opened):
    layer, unit = chosen_unit(opened, Query(unit=39))
    assert (layer.name, unit) == ("exc", 39)
    assert chosen_unit(opened, Query(unit=63, layer="input"))[0].name == "input"


def test_no_unit_or_one_that_is_not_there(opened):
    with pytest.raises(Empty, match="No neuron is chosen"):
        chosen_unit(opened, Query())
    with pytest.raises(InputError, match="units 0 to 39"):
        chosen_unit(opened, Query(unit=40))


@pytest.mark.parametrize(("t0", "t1", "expected"), [(None, None, None), (0.0, 0.5, (0, 1)), (0.4, 1.1, (0, 3))])
def test_the_stimuli_of_a_window(t0, t1, expected, opened):
    assert chosen_stimuli(opened, Query(t0=t0, t1=t1)) == expected


@pytest.mark.parametrize(("at", "ticks", "words"), [(0.7, (1000, 2000), "stimulus 1"), (-1.0, (0, 1000), "stimulus 0")])
def test_the_moment_is_a_stimulus(at, ticks, words, opened):
    assert moment_of(opened, Query(at=at)) == (ticks, words)


def test_without_stimuli_the_moment_is_a_stretch_of_time(tmp_path, monkeypatch):
    monkeypatch.setattr("spikesight.trace.writer.TraceWriter.stimulus", lambda *_, **__: None)
    run = OpenRun(MadeUpMaps(tmp_path, stimuli=3).run.folder)
    run.refresh()
    assert moment_of(run, Query(at=0.15)) == ((51, 151), "the last 100 ms")


def test_a_layer_with_more_units_than_can_be_drawn():
    assert drawable(Layer("large", (MOST_UNITS,))).size == MOST_UNITS
    with pytest.raises(Empty, match="huge has 100,000,000 units"):
        drawable(Layer("huge", (10_000, 10_000)))


@pytest.fixture(scope="module")
def counted(tmp_path_factory) -> OpenRun:
    """A run of whose one population only counts were kept."""
    run = Run.create(tmp_path_factory.mktemp("counted"), "counted", seed=0, config={})
    layer = Layer("conv", (2, 4, 4), Recorded(rows=False))
    with TraceWriter.create(run.trace_folder, Header("counted", 1_000_000, (layer,))) as writer:
        for stim in range(6):
            start = 50 * stim
            writer.stimulus(stim=stim, t_start=start, t_end=start + 50, label=stim % 2)
            writer.spikes("conv", np.arange(start, start + 32), np.arange(32), stim)
    opened = OpenRun(run.folder)
    opened.refresh()
    return opened


def test_of_counts_there_are_no_single_spikes():
    with pytest.raises(Empty, match="Of conv only counts were kept"):
        with_spikes(Layer("conv", (2, 4, 4), Recorded(rows=False)))


@pytest.mark.parametrize("name", ["train", "intervals", "health", "quiet", "first_spikes"])
def test_views_of_single_spikes_say_why_there_are_none(name, counted):
    with pytest.raises(Empty, match="only counts were kept"):
        VIEWS[name].answer(counted, Query(unit=3))


@pytest.mark.parametrize(
    "name", ["selectivity", "selectivity_drift", "class_spikes", "tuning", "maps", "channels", "unit"]
)
def test_other_views_answer_from_counts(name, counted):
    assert VIEWS[name].answer(counted, Query(unit=3))["layer"] == "conv"
