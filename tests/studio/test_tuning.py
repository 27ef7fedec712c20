import pytest
from made_up_maps import MadeUpMaps

from spikesight.studio import tuning as module
from spikesight.studio.memory import Memory
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.tuning import tuning


def test_it_is_computed_once(opened, monkeypatch):
    first = tuning(opened, Query(), "exc")
    monkeypatch.setattr(module, "selectivity", None)
    assert tuning(opened, Query(), "exc") is first
    assert first.note == "Mean spikes per stimulus of each class, over 300 stimuli."


def test_stimuli_without_labels_have_no_classes(tmp_path):
    run = OpenRun(MadeUpMaps(tmp_path, stimuli=4, labelled=False).run.folder)
    run.refresh()
    with pytest.raises(Empty, match="no labels"):
        tuning(run, Query(), "out")


def test_labels_that_are_numbers_are_no_classes(opened, monkeypatch):
    monkeypatch.setattr(opened, "_memory", Memory(5))
    monkeypatch.setattr(module, "MOST_CLASSES", 9)
    with pytest.raises(Empty, match="Labels go up to 9"):
        tuning(opened, Query(), "exc")


def test_units_times_classes_that_do_not_fit(opened, monkeypatch):
    monkeypatch.setattr(opened, "_memory", Memory(5))
    monkeypatch.setattr(module, "MOST_CELLS", 399)
    with pytest.raises(Empty, match="40 units and 10 classes"):
        tuning(opened, Query(), "exc")
