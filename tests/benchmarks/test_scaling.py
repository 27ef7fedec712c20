"""What circuits cost: fits of made-up times give what they were made of; the report of a small measurement."""

import json

import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import CATALOGUE
from spikesight.benchmarks import scaling as benchmark
from spikesight.benchmarks.scaling import Load, Point, bytes_per_synapse, costs, engine_of, exponent
from spikesight.circuits.plasticity.pair import PairStdp

SMALL = Load(rate=50.0, size=500, fan_out=20)


@pytest.fixture
def small(monkeypatch):
    sizes = {"MIDDLE": SMALL, "RATES": (50.0, 200.0), "SIZES": (500, 1000), "FAN_OUTS": (20, 80)}
    for name, value in {**sizes, "STEPS": 100, "PIECE": 50, "ROUNDS": 2}.items():
        monkeypatch.setattr(benchmark, name, value)


def made_of(neuron, event, power=1.0):
    """Points whose time is known."""
    loads = [Load(rate=rate, fan_out=fan_out) for rate in (2.0, 20.0, 90.0) for fan_out in (50, 300)]
    return [Point(q, neuron * q.size + event * q.events**power, neuron * q.size) for q in loads]


def test_costs_are_found():
    neuron, event, misfit = costs(made_of(0.3e-9, 1.2e-9))
    assert (neuron, event) == (pytest.approx(0.3e-9), pytest.approx(1.2e-9))
    assert misfit < 1e-9


def test_what_is_not_linear_does_not_fit():
    assert costs(made_of(0.3e-9, 1.2e-9, power=1.5))[2] > 0.3


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_exponents_are_found(power):
    points = [Point(Load(rate=rate), 1e-6 + 1e-9 * rate**power, 1e-6) for rate in (1.0, 10.0, 100.0)]
    assert exponent("rate", points) == pytest.approx(power, abs=1e-6)


@pytest.mark.parametrize(("seconds", "silent"), [(1e-6, 1e-6), (1e-6, 2e-6), (0.0, 0.0), (1e-6, 0.0)])
def test_times_that_a_busy_machine_spoiled_are_told_and_not_fitted(seconds, silent):
    points = [*made_of(0.3e-9, 1.2e-9), Point(Load(rate=3.0), seconds, silent)]
    for fit in (lambda: exponent("rate", points), lambda: costs(points)):
        with pytest.raises(SpikesightError, match=r"rate=3.0.*too busy.*again"):
            fit()


def test_synapses_that_seem_to_cost_nothing_are_told():
    """The point with the more spikes took less for each neuron: nothing is left to divide by."""
    points = [Point(Load(rate=80.0, size=1000), 0.5e-6, 0.1e-6), Point(Load(rate=2.0, size=1000), 1e-6, 0.1e-6)]
    with pytest.raises(SpikesightError, match=r"no time at all.*too busy"):
        costs(points)


def test_the_circuit_is_what_is_counted():
    load = Load(rate=40.0, size=300, fan_out=7)
    assert load.events == pytest.approx(40.0 * 1e-3 * 300 * 7)
    engine = engine_of(load)
    assert engine.arrays["synapses.w"].shape == (300 * 7,)
    assert engine.network.populations[0].size == 300


def test_nobody_behind_the_synapses_fires(small):
    engine = engine_of(SMALL)
    spikes = benchmark.bernoulli(np.full(500, 900.0), 100, 1e-3, np.random.default_rng(0))
    assert not len(engine.advance({"input": spikes}, 100)["out"].step)
    assert engine.arrays["out.v"].max() > 1.0


def test_bytes_of_a_synapse(small):
    """Weight and target, four bytes each; learning: a row, a number, and traces of both sides."""
    per_row = 1 / SMALL.fan_out
    assert bytes_per_synapse(None) == pytest.approx(8 + 8 * per_row, abs=0.01)
    assert bytes_per_synapse(PairStdp()) == pytest.approx(16 + (2 * 8 + 2 * 8) * per_row, abs=0.01)


def test_the_report(small):
    told = json.loads(json.dumps(CATALOGUE["scaling"]().as_json()))
    assert set(told) == {"name", "figures", "ratios", "machine", "curves"}
    exponents = {"exponent_over_rate", "exponent_over_size", "exponent_over_fan_out"}
    assert set(told["ratios"]) == {*exponents, "largest_misfit"}
    assert set(told["curves"]) == {"rate", "size", "fan_out"}
    for curve in told["curves"].values():
        assert set(curve["y"]) == {"all", "without spikes", "spikes", "fit"}
        assert all(len(values) == len(curve["x"]) == 2 for values in curve["y"].values())
    assert all(np.isfinite(value) for value in (*told["figures"].values(), *told["ratios"].values()))
