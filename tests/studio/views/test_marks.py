import numpy as np

from spikesight.studio.query import Query
from spikesight.studio.views import marks


def test_the_marks_of_the_window(opened):
    told = marks.answer(opened, Query(t0=40, t1=150))
    np.testing.assert_array_equal(told["t"], [50, 100])
    assert told["names"] == ["pass", "pass"]
    assert told["texts"] == ["pass 2", "pass 3"]
    assert told["count"] == 2


def test_of_too_many_some_are_told_and_all_counted(opened, monkeypatch):
    monkeypatch.setattr(marks, "MOST", 2)
    told = marks.answer(opened, Query())
    assert told["count"] == 3
    assert told["texts"] == ["pass 1", "pass 3"]
