import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import rates

TICK = 0.0005


def test_rate_times_time_is_the_number_of_spikes(opened, finished):
    for layer in rates.answer(opened, Query())["layers"]:
        spikes = finished.spikes(layer["name"])
        assert layer["spikes"] == len(spikes)
        assert layer["mean"] == pytest.approx(len(spikes) / layer["size"] / 150)


def test_bins_of_a_window(opened, finished):
    told = rates.answer(opened, Query(t0=20, t1=40, bins=50))
    (exc,) = [layer for layer in told["layers"] if layer["name"] == "exc"]
    ticks = finished.spikes("exc")[:, 0]
    first, width = round(exc["first"] / TICK), round(exc["width"] / TICK)
    counts = np.bincount((ticks[ticks >= first] - first) // width, minlength=len(exc["hz"]))[: len(exc["hz"])]
    np.testing.assert_allclose(exc["hz"], counts / exc["width"] / finished.units, rtol=1e-6)


def test_the_last_bin_is_divided_by_what_of_it_was_recorded(opened, finished):
    told = rates.answer(opened, Query(bins=7))
    (exc,) = [layer for layer in told["layers"] if layer["name"] == "exc"]
    last = exc["first"] + exc["width"] * (len(exc["hz"]) - 1)
    assert exc["width"] * len(exc["hz"]) > 150 > last, "the last bin reaches over the end of the run"
    end = (finished.spikes("input")[:, 0].max(initial=0), finished.spikes("exc")[:, 0].max())
    recorded = max(max(end) + 1, 300_000) * TICK
    in_it = (finished.spikes("exc")[:, 0] * TICK >= last - TICK / 2).sum()
    assert exc["hz"][-1] == pytest.approx(in_it / (recorded - last) / finished.units, rel=1e-3)
