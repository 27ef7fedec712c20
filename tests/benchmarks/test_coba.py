"""The benchmark of the balanced network, shrunk: its report, what it counts, and that it notices a wrong engine."""

import json

import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import CATALOGUE
from spikesight.benchmarks import coba as benchmark
from spikesight.benchmarks.plain_coba import outgoing_of, plain_coba
from spikesight.circuits.engine import Fired
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.zoo.balanced import NAMES, coba

FIGURES = {
    "seconds_per_biological_second",
    "seconds_per_biological_second_numpy",
    "seconds_per_biological_second_numpy_single",
    "seconds_per_biological_second_reference",
    "seconds_per_biological_second_floor",
    "rate_hz",
    "synaptic_events_per_second",
    "first_use_seconds",
}


@pytest.fixture
def small(monkeypatch):
    """A tenth of the neurons, joined ten times as often; once, and for a tenth of a second."""

    def denser(n, dt, seed):
        return coba(n, dt, seed, probability=0.2)

    monkeypatch.setattr(benchmark, "coba", denser)
    for name, value in {"N": 400, "STEPS": 1000, "STEPS_OF_REFERENCE": 200, "ROUNDS": 1}.items():
        monkeypatch.setattr(benchmark, name, value)


def test_the_report(small):
    told = json.loads(json.dumps(CATALOGUE["coba"]().as_json()))
    figures, ratios = told["figures"], told["ratios"]
    assert set(told) == {"name", "figures", "ratios", "machine"}
    assert set(figures) == FIGURES
    assert set(ratios) == {"vs_numpy", "vs_numpy_single", "vs_reference", "over_floor", "times_real_time"}
    assert all(np.isfinite(value) and value > 0 for value in (*figures.values(), *ratios.values()))
    assert ratios["over_floor"] == pytest.approx(
        figures["seconds_per_biological_second"] / figures["seconds_per_biological_second_floor"]
    )


def test_every_synapse_of_a_neuron_that_fired_is_an_event():
    made = coba(400, 0.1e-3, seed=0, probability=0.2)
    twice = Fired(np.array([0, 3]), np.array([7, 7], np.int32))
    nobody = Fired(np.zeros(0, np.int64), np.zeros(0, np.int32))
    heard = sum(
        int(p.connection.starts[8] - p.connection.starts[7]) for p in made.network.projections if p.pre == "inh"
    )
    assert heard > 0
    assert benchmark._events(made, {"exc": nobody, "inh": twice}) == 2 * heard


def test_plain_numpy_fires_the_spikes_of_the_engine():
    """Until rounding makes the difference; the beginning is the same for both."""
    made = coba(1000, 0.1e-3, seed=0, probability=0.08)
    fired = benchmark.begun(made, FusedCpu()).advance({}, 300)
    count = sum(len(fired[name].step) for name in NAMES)
    assert count > 50
    for number in (np.float32, np.float64):
        assert abs(plain_coba(made, outgoing_of(made, number), 300, number) - count) <= 1


def test_an_engine_that_is_fast_but_wrong_is_noticed(small, monkeypatch):
    begun = benchmark.begun

    def colder(made, executor):
        engine = begun(made, executor)
        if isinstance(executor, FusedCpu):
            engine.arrays["exc.v"] -= 1e-3
        return engine

    monkeypatch.setattr(benchmark, "begun", colder)
    with pytest.raises(SpikesightError, match="did not fire the spikes of the reference"):
        benchmark.measure()


def test_a_baseline_that_does_something_else_is_noticed(small, monkeypatch):
    monkeypatch.setattr(benchmark, "plain_coba", lambda *given: 0)
    with pytest.raises(SpikesightError, match="plain NumPy fired 0 spikes"):
        benchmark.measure()
