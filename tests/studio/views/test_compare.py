"""All views that compare two runs, on two runs whose spikes are known."""

import numpy as np
import pytest

from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import compare, compare_accuracy, compare_figures, compare_units, compare_weights

TICK = 0.0005


@pytest.fixture
def two(finished, growing):
    """A finished run beside one that is still written."""
    runs = {"one": OpenRun(finished.run.folder), "other": OpenRun(growing.run.folder)}
    for run in runs.values():
        run.refresh()
        run.others = runs
    return runs["one"], finished, growing


def between(made, layer, start, end):
    t = made.spikes(layer)[:, 0]
    return made.spikes(layer)[(t >= round(start / TICK)) & (t < round(end / TICK))]


def test_counts_are_those_of_each_run(two):
    run, finished, growing = two
    told = compare.answer(run, Query(t0=5.0, t1=25.0, other="other"))
    for layer in told["layers"]:
        assert layer["one"]["spikes"] == len(between(finished, layer["name"], 5, 25))
        assert layer["other"]["spikes"] == len(between(growing, layer["name"], 5, 25))


def test_rates_add_up_to_the_spikes_of_the_window(two):
    run, finished, growing = two
    told = compare.answer(run, Query(t0=5.0, t1=25.0, other="other"))
    for layer in told["layers"]:
        for side, made in (("one", finished), ("other", growing)):
            spikes = layer[side]["hz"].astype(float).sum() * 20.0 / compare.PARTS * layer["size"]
            # The bins of the raster reach a little beyond the window and are divided by area.
            assert spikes == pytest.approx(len(between(made, layer["name"], 5, 25)), rel=0.03)
        gap = layer["other"]["hz"].astype(float) - layer["one"]["hz"]
        np.testing.assert_allclose(layer["difference"], gap, atol=1e-6)


def test_where_a_run_is_over_nothing_is_compared(two):
    run, *_ = two
    told = compare.answer(run, Query(t0=20.0, t1=60.0, other="other"))
    over = np.isnan(told["layers"][0]["difference"])
    np.testing.assert_array_equal(over, np.linspace(20, 60, compare.PARTS + 1)[:-1] >= 30.0)


def test_figures_of_both(two):
    run, finished, growing = two
    rows = {row["what"]: row for row in compare_figures.answer(run, Query(t0=10.0, t1=30.0, other="other"))["rows"]}
    for side, made in (("one", finished), ("other", growing)):
        outcomes = [right for _, start, _, _, right in made.outcomes if 20_000 <= start < 60_000 and right is not None]
        assert rows["Accuracy"][side] == pytest.approx(100 * np.mean(outcomes))
        assert rows["Stimuli"][side] == 40
        assert rows["exc: rate"][side] == pytest.approx(len(between(made, "exc", 10, 30)) / 40 / 20)
    assert 0 < rows["exc: selectivity"]["one"] <= 1


def test_every_unit_of_both(two):
    run, finished, growing = two
    told = compare_units.answer(run, Query(t0=0.0, t1=30.0, other="other"))
    assert told["layer"] == "exc"
    for side, made in (("one", finished), ("other", growing)):
        counts = np.bincount(between(made, "exc", 0, 30)[:, 1], minlength=made.units)
        np.testing.assert_allclose(told[side], counts / 30.0, rtol=1e-6)
    assert told["rose"] == (told["other"] > told["one"]).sum()


def test_weights_of_both_are_shares(two):
    run = two[0]
    told = compare_weights.answer(run, Query(at=29.0, other="other"))
    assert told["one"].sum() == pytest.approx(1, abs=1e-5)
    assert told["other"].sum() == pytest.approx(1, abs=1e-5)
    taken = [one.trace.snapshots("input_exc")["t"] for one in (run, run.others["other"])]
    assert told["snapshots"] == [int((np.asarray(t) <= 29.0).sum()) - 1 for t in taken]


def test_curves_on_one_axis(two):
    run = two[0]
    by_time = compare_accuracy.answer(run, Query(other="other"))["curves"]
    by_stimulus = compare_accuracy.answer(run, Query(other="other", options={"align": "stimulus"}))["curves"]
    np.testing.assert_allclose(by_time[1]["t"], by_stimulus[1]["t"])  # all stimuli of both last as long
    np.testing.assert_array_equal(by_time[0]["value"], run.trace.scalars("accuracy")[1])
