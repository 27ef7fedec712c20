import numpy as np
import pytest

from spikesight.analysis import running_accuracy
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import accuracy


def test_the_run_s_own_accuracy(opened):
    t, value = opened.trace.scalars("accuracy")
    told = accuracy.answer(opened, Query())
    np.testing.assert_array_equal(told["t"], t)
    np.testing.assert_array_equal(told["value"], value)
    assert told["control"] == pytest.approx(0.412)


def test_without_one_it_is_counted_from_the_outcomes(opened, finished, monkeypatch):
    monkeypatch.setattr(accuracy, "_recorded", lambda run: None)
    told = accuracy.answer(opened, Query())
    known = np.array([outcome[4] for outcome in finished.outcomes if outcome[4] is not None], float)
    np.testing.assert_allclose(told["value"], running_accuracy(known, accuracy.LAST))
    assert told["t"][-1] == pytest.approx(150.0)


def test_no_prediction_yet(tmp_path, growing, monkeypatch):
    monkeypatch.setattr(accuracy, "_recorded", lambda run: None)
    run = OpenRun(growing.run.folder)
    run.refresh()
    assert len(accuracy.answer(run, Query())["t"]) == 40


def test_long_curves_are_thinned_to_the_width_of_the_page(opened):
    assert len(accuracy.answer(opened, Query(bins=5))["t"]) <= 5


def test_marks_and_loss_go_with_it(opened):
    told = accuracy.answer(opened, Query())
    assert told["marks"]["texts"] == ["pass 1", "pass 2", "pass 3"]
    np.testing.assert_allclose(told["loss"]["value"], opened.trace.scalars("loss")[1])
    assert told["why"] is None


def test_marks_are_shown_where_there_is_no_accuracy(opened, monkeypatch):
    def none(run):
        raise Empty("No prediction was made yet.")

    monkeypatch.setattr(accuracy, "accuracy_of", none)
    told = accuracy.answer(opened, Query())
    assert (len(told["t"]), told["why"]) == (0, "No prediction was made yet.")
