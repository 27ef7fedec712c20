import numpy as np
import pytest

from spikesight.analysis import votes
from spikesight.studio.query import Query
from spikesight.studio.views import course, stimulus

TICK = 0.0005


def test_spikes_in_bins_of_the_stimulus(opened, finished):
    told = course.answer(opened, Query(at=100.2))
    width = round(told["width"] / TICK)
    for layer in told["layers"]:
        spikes = finished.spikes(layer["name"])
        ticks = spikes[spikes[:, 2] == 200][:, 0] - 200_000
        bins = len(layer["counts"])
        np.testing.assert_array_equal(layer["counts"], np.bincount(ticks // width, minlength=bins))
        assert bins == -(-1000 // width)


def test_no_bin_takes_spikes_of_the_next_stimulus(opened, finished, monkeypatch):
    monkeypatch.setattr(course, "MOST_BINS", 7)
    told = course.answer(opened, Query(at=100.2))
    (exc,) = [layer for layer in told["layers"] if layer["name"] == "exc"]
    spikes = finished.spikes("exc")
    assert exc["counts"].sum() == (spikes[:, 2] == 200).sum()
    assert len(exc["counts"]) == 7


def test_votes_end_as_the_votes_of_the_stimulus(opened, finished):
    told = course.answer(opened, Query(at=100.2))
    whole = stimulus.answer(opened, Query(at=100.2))["votes"]
    np.testing.assert_allclose(told["votes"][:, -1], whole["mean"], rtol=1e-6)
    assert told["winner"][-1] == whole["winner"]


def test_votes_on_the_way_are_of_the_spikes_so_far(opened, finished):
    told = course.answer(opened, Query(at=100.2))
    upto = len(told["winner"]) // 2
    end = 200_000 + upto * round(told["width"] / TICK)
    spikes = finished.spikes("exc")
    early = spikes[(spikes[:, 2] == 200) & (spikes[:, 0] < end)]
    counts = np.bincount(early[:, 1], minlength=finished.units)
    np.testing.assert_allclose(told["votes"][:, upto - 1], votes(counts, finished.owner, 10), rtol=1e-6)
    assert (np.diff(told["votes"], axis=1) >= 0).all()


def test_the_answer_is_valid_until_the_next_stimulus(opened):
    assert course.answer(opened, Query(at=100.2))["valid"] == pytest.approx([100.0, 100.5])
