"""The benchmark of Diehl & Cook, shrunk to seconds: its report, its floor, and that it notices a wrong engine."""

import json

import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import CATALOGUE
from spikesight.benchmarks import diehl_cook as benchmark
from spikesight.circuits.fused_engine import FusedEngine
from spikesight.recipes.diehl_cook_mnist.recipe import enlarged_digits

FIGURES = {
    "ms_per_image",
    "ms_per_image_mean",
    "ms_per_image_recorded_mean",
    "ms_per_image_with_delays",
    "ms_per_image_with_delays_numpy",
    "ms_per_image_numpy",
    "ms_per_image_floor",
    "synaptic_events_per_second",
    "input_spikes_per_image",
    "output_spikes_per_image",
    "first_use_seconds",
}


@pytest.fixture
def small(monkeypatch):
    """One image of the reference instead of fifteen, after one instead of twenty, on digits that are always there."""
    monkeypatch.setattr(benchmark, "WARM_UP", 1)
    monkeypatch.setattr(benchmark, "BLOCKS", 1)
    monkeypatch.setattr(benchmark, "N", 100)
    monkeypatch.setattr(benchmark, "images_to_learn", enlarged_digits)


@pytest.fixture
def report(small):
    return CATALOGUE["diehl-cook"]()


def test_the_report(report):
    told = json.loads(json.dumps(report.as_json()))
    assert set(told) == {"name", "figures", "ratios", "machine"}
    assert told["name"] == "diehl-cook"
    assert set(told["figures"]) == FIGURES
    assert set(told["ratios"]) == {"vs_numpy", "over_floor", "recorded", "with_delays", "with_delays_vs_numpy"}
    assert all(np.isfinite(value) and value > 0 for value in (*told["figures"].values(), *told["ratios"].values()))
    assert {"cpu", "cores", "os"} <= set(told["machine"])
    figures, ratios = told["figures"], told["ratios"]
    assert ratios["vs_numpy"] == pytest.approx(figures["ms_per_image_numpy"] / figures["ms_per_image"])
    assert ratios["over_floor"] == pytest.approx(figures["ms_per_image"] / figures["ms_per_image_floor"])
    assert ratios["recorded"] == pytest.approx(figures["ms_per_image_recorded_mean"] / figures["ms_per_image_mean"])
    # Nothing is faster than the arithmetic it cannot do without, and NumPy is far slower (measured: over 200 times).
    assert figures["ms_per_image_floor"] < figures["ms_per_image"]
    assert ratios["vs_numpy"] > 20
    events = figures["input_spikes_per_image"] * 100 + figures["output_spikes_per_image"] * 101
    assert figures["synaptic_events_per_second"] == pytest.approx(events / figures["ms_per_image"] * 1e3)


def test_the_floor_counts_what_cannot_be_left_out(monkeypatch):
    """1000 steps of 2 n neurons, one addition a delivered spike, three a potentiation, two a normalised weight."""
    monkeypatch.setattr(benchmark, "seconds_per_flop", lambda: 1.0)
    monkeypatch.setattr(benchmark, "N", 10)
    operations = 1000 * 2 * 10 * 12 + 500 * 10 + 7 * 10 + 3 * 7 * 784 + 2 * 784 * 10
    assert benchmark._floor_seconds(500, 7, 784) == operations


def test_a_flop_takes_a_plausible_time():
    assert 1e-12 < benchmark.seconds_per_flop() < 1e-8


def test_an_engine_that_is_fast_but_wrong_is_noticed(small, monkeypatch):
    normalise = FusedEngine.normalise
    monkeypatch.setattr(FusedEngine, "normalise", lambda self, name, total: normalise(self, name, total * 1.001))
    with pytest.raises(SpikesightError, match="did not end with the weights of the reference"):
        benchmark.measure()
