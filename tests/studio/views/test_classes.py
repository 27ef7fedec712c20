import numpy as np

from spikesight.studio.memory import Memory
from spikesight.studio.query import Query
from spikesight.studio.views import classes


def test_sizes_count_the_units(opened, finished):
    told = classes.answer(opened, Query())
    np.testing.assert_array_equal(told["class_of_unit"], finished.owner)
    np.testing.assert_array_equal(told["sizes"], np.bincount(finished.owner))
    assert told["unassigned"] == 0


def test_units_without_a_class_are_told(opened, finished, monkeypatch):
    some = finished.owner.copy()
    some[:5] = -1
    monkeypatch.setattr(opened.run, "load_weights", lambda: ({"assignment": some}, {}))
    monkeypatch.setattr(opened, "_memory", Memory(5))
    told = classes.answer(opened, Query())
    assert told["unassigned"] == 5
    assert told["sizes"].sum() == finished.units - 5
