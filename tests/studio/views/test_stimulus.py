from dataclasses import replace

import numpy as np
import pytest

from spikesight.analysis import votes
from spikesight.studio.query import Query
from spikesight.studio.views import stimulus


def counts(finished, layer, stim, size):
    spikes = finished.spikes(layer)
    return np.bincount(spikes[spikes[:, 2] == stim, 1], minlength=size)


def test_label_and_prediction_at_the_cursor(opened, finished):
    told = stimulus.answer(opened, Query(at=100.2))
    stim, start, label, prediction, correct = finished.outcomes[200]
    assert (told["stim"], told["label"], told["prediction"], told["correct"]) == (stim, label, prediction, int(correct))
    assert (told["t_start"], told["t_end"]) == pytest.approx((start * 0.0005, start * 0.0005 + 0.5))


def test_the_newest_stimulus_where_there_is_no_cursor(opened):
    assert stimulus.answer(opened, Query())["stim"] == 299


def test_a_recorded_picture_is_the_input_spikes_per_pixel(opened, finished):
    told = stimulus.answer(opened, Query(at=100.2))["picture"]
    expected = counts(finished, "input", 200, 64).reshape(8, 8)
    assert told["stim"] == 200
    np.testing.assert_allclose(
        told["levels"] / 255 * told["top"], np.minimum(expected, told["top"]), atol=0.51 * told["top"] / 255
    )


def test_where_the_picture_was_not_recorded_the_nearest_one_is_shown_and_named(opened, finished):
    told = stimulus.answer(opened, Query(at=100.7))["picture"]
    assert told["stim"] == 200
    assert f"number 200 (a {finished.outcomes[200][2]})" in told["note"]
    np.testing.assert_array_equal(told["levels"], stimulus.answer(opened, Query(at=100.2))["picture"]["levels"])
    assert stimulus.answer(opened, Query(at=101.7))["picture"]["stim"] == 204


def test_votes_are_those_of_the_spikes(opened, finished):
    told = stimulus.answer(opened, Query(at=100.2))["votes"]
    np.testing.assert_allclose(told["mean"], votes(counts(finished, "exc", 200, finished.units), finished.owner, 10))
    assert told["winner"] == int(np.argmax(told["mean"]))


def test_the_answer_is_valid_until_the_next_stimulus(opened):
    assert stimulus.answer(opened, Query(at=100.2))["valid"] == pytest.approx([100.0, 100.5])


def test_a_stimulus_that_was_found_before_its_spikes_is_not_shown_yet(opened, finished, monkeypatch):
    late = opened.trace.spike_counts("exc", (0, 300))
    late[295:] = 0
    monkeypatch.setattr(opened.trace, "spike_counts", lambda layer, stim: late[stim[0] : stim[1]])
    assert stimulus.answer(opened, Query())["stim"] == 294
    late[:] = 0
    assert stimulus.answer(opened, Query())["stim"] == 299


def test_classes_with_names_are_called_by_them(opened, finished, monkeypatch):
    names = tuple(f"digit-{index}" for index in range(10))
    monkeypatch.setattr(opened.trace, "header", replace(opened.trace.header, classes=names))
    label = finished.outcomes[200][2]
    assert f"number 200 (a digit-{label})" in stimulus.answer(opened, Query(at=100.7))["picture"]["note"]
