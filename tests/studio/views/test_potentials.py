import numpy as np
import pytest

from spikesight.base.errors import UnknownName
from spikesight.studio.query import Query
from spikesight.studio.views import potentials

TICK = 0.0005


def test_samples_of_the_recorded_units(opened, finished):
    told = potentials.answer(opened, Query(t0=20, t1=21))
    assert (told["of"], told["known"]) == ("exc.v", ["exc.v"])
    assert [line["unit"] for line in told["lines"]] == [3, 5]
    rising = told["lines"][0]
    np.testing.assert_allclose(rising["t"][:14], np.arange(0, 700, 50) * TICK, atol=1e-6)
    np.testing.assert_allclose(rising["value"][:14], -0.065 + 1e-5 * np.arange(0, 700, 50), atol=1e-7)
    np.testing.assert_allclose(told["lines"][1]["value"], -0.065)


def test_spikes_are_those_of_the_unit_in_the_window(opened, finished):
    told = potentials.answer(opened, Query(t0=20, t1=60, unit=3))
    (line,) = told["lines"]
    spikes = finished.spikes("exc")
    own = np.sort(spikes[(spikes[:, 1] == 3) & (spikes[:, 0] >= 40_000) & (spikes[:, 0] < 120_000)][:, 0])
    np.testing.assert_allclose(line["spikes"], (own - 40_000) * TICK, atol=1e-5)
    assert len(own)


def test_a_unit_that_was_not_recorded_leaves_the_first_ones(opened):
    assert [line["unit"] for line in potentials.answer(opened, Query(t0=20, t1=21, unit=7))["lines"]] == [3, 5]


def test_many_samples_keep_the_ends_of_every_bin(opened):
    told = potentials.answer(opened, Query(bins=100, unit=3))
    (line,) = told["lines"]
    assert len(line["t"]) < 300
    assert (np.diff(line["t"]) > 0).all()
    assert (line["value"].min(), line["value"].max()) == pytest.approx((-0.065, -0.0585), abs=1e-6)


def test_too_many_ask_to_zoom_in(opened, monkeypatch):
    monkeypatch.setattr(potentials, "MOST_SAMPLES", 1000)
    told = potentials.answer(opened, Query())
    assert told["lines"] == []
    assert told["why"].startswith("Zoom in to see exc.v")


def test_an_unknown_variable(opened):
    with pytest.raises(UnknownName, match=r"exc\.v"):
        potentials.answer(opened, Query(options={"of": "exc.w"}))
