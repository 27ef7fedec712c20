import numpy as np
import pytest

from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import alike


def counts(finished, layer, units):
    spikes = finished.spikes(layer)
    found = np.zeros((300, units))
    np.add.at(found, (spikes[:, 2], spikes[:, 1]), 1)
    return found


def test_the_nearest_by_the_cosine_between_answers(opened, finished):
    told = alike.answer(opened, Query(at=100.2))
    all_of = counts(finished, "exc", finished.units)
    norm = np.linalg.norm(all_of, axis=1)
    cosine = all_of @ all_of[200] / np.maximum(norm * norm[200], 1e-12)
    cosine[200] = -1
    best = np.sort(cosine)[::-1][: alike.COUNT]
    np.testing.assert_allclose(told["cosine"], best, rtol=1e-5)
    np.testing.assert_allclose(cosine[told["stim"]], told["cosine"], rtol=1e-5)


def test_each_comes_with_its_time_and_outcome(opened, finished):
    told = alike.answer(opened, Query(at=100.2))
    for place, stim in enumerate(told["stim"]):
        _, start, label, prediction, _ = finished.outcomes[stim]
        assert told["t"][place] == pytest.approx(start * 0.0005 + 0.25)
        assert (told["label"][place], told["prediction"][place]) == (label, prediction)


def test_pictures_are_of_the_recorded_input(opened, finished):
    told = alike.answer(opened, Query(at=100.2))
    assert told["pictures"].shape == (alike.COUNT, 8, 8)
    seen = told["pictures"].any(axis=(1, 2))
    np.testing.assert_array_equal(seen, told["stim"] % finished.every_input == 0)


def test_by_another_population(opened, finished):
    told = alike.answer(opened, Query(at=100.2, layer="input"))
    assert (told["stim"] % finished.every_input == 0).all(), "the others had no input spikes: they resemble nothing"
    assert (np.bincount(told["label"], minlength=10).argmax()) == finished.outcomes[200][2]


def test_a_silent_stimulus_resembles_nothing(opened):
    with pytest.raises(Empty, match="'input' did not spike"):
        alike.answer(opened, Query(at=100.7, layer="input"))


def test_how_many_were_searched_near_an_end_of_the_run(opened, monkeypatch):
    monkeypatch.setattr(alike, "REACH", 50)
    assert alike.answer(opened, Query(at=74.8))["searched"] == 101
    assert alike.answer(opened, Query(at=149.8))["searched"] == 51, "after the last stimulus there is none to search"
