from itertools import pairwise

import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import workload


def test_spikes_and_arrivals_of_all_populations(opened, finished):
    told = workload.answer(opened, Query(bins=30))
    spikes = sum(len(finished.spikes(layer)) for layer in finished.truth)
    assert told["spikes"].sum() == spikes
    assert told["arrivals"].sum() == len(finished.spikes("input")) * finished.units, "only input has a projection"


def test_each_bin_counts_its_own(opened, finished):
    told = workload.answer(opened, Query(t0=10, t1=60, bins=25))
    first, width = round(told["first"] / 0.0005), round(told["width"] / 0.0005)
    ticks = np.concatenate([finished.spikes(layer)[:, 0] for layer in finished.truth])
    bins = len(told["spikes"])
    inside = ticks[(ticks >= first) & (ticks < first + bins * width)]
    np.testing.assert_array_equal(told["spikes"], np.bincount((inside - first) // width, minlength=bins))


def test_no_bin_reaches_over_the_end(opened):
    told = workload.answer(opened, Query(bins=7))
    assert told["first"] + told["width"] * len(told["spikes"]) <= 150.0005


def test_weight_changes_are_those_between_snapshots(opened):
    (told,) = workload.answer(opened, Query())["weights"]
    weights = [opened.trace.weights("input_exc", k).astype(float) for k in range(12)]
    expected = [np.abs(after - before).sum() for before, after in pairwise(weights)]
    np.testing.assert_allclose(told["change"], expected, rtol=5e-3)  # the recorded sums are of weights before rounding
    np.testing.assert_allclose(told["t0"], np.arange(11) * 12.5)
    np.testing.assert_array_equal(told["t0"][1:], told["t1"][:-1])
    assert told["change"][0] > 4 * told["change"][-1], "learning settles"


def test_where_sums_were_not_recorded_weights_are_read(opened):
    weights = [opened.trace.weights("input_exc", k).astype(float) for k in (0, 1)]
    assert workload._measured(opened, "input_exc", 2) == pytest.approx(np.abs(weights[1] - weights[0]).sum(), rel=1e-6)
