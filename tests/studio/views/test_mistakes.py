import numpy as np

from spikesight.studio.query import Query
from spikesight.studio.views import mistakes


def test_the_wrong_ones_newest_first(opened, finished):
    told = mistakes.answer(opened, Query())
    wrong = [outcome for outcome in finished.outcomes if outcome[4] is False][::-1]
    assert told["count"] == len(wrong) > 10
    assert told["of"] == 280
    np.testing.assert_array_equal(told["stim"], [outcome[0] for outcome in wrong])
    np.testing.assert_array_equal(told["label"], [outcome[2] for outcome in wrong])
    np.testing.assert_array_equal(told["prediction"], [outcome[3] for outcome in wrong])
    np.testing.assert_allclose(told["t"], [outcome[1] * 0.0005 + 0.25 for outcome in wrong])


def test_those_of_a_window(opened, finished):
    told = mistakes.answer(opened, Query(t0=50, t1=75))
    assert told["count"] == sum(outcome[4] is False for outcome in finished.outcomes[100:150])
    assert told["of"] == 50


def test_only_the_newest_of_many_are_listed(opened, monkeypatch):
    monkeypatch.setattr(mistakes, "MOST", 3)
    told = mistakes.answer(opened, Query())
    assert len(told["stim"]) == 3 < told["count"]
