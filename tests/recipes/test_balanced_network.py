"""Balanced networks: measures in the limits, the theory, and the claim on the quick version."""

import io
import math

import numpy as np
import pytest
from scipy.integrate import quad

from spikesight.equations import leaky
from spikesight.equations.leaky import Charge, Params
from spikesight.equations.reset import ToValue
from spikesight.executors import FusedCpu
from spikesight.recipes import simulation
from spikesight.recipes.balanced_network.measures import Spikes, activity, poisson_like
from spikesight.recipes.balanced_network.recipe import QUICK, RECIPE
from spikesight.recipes.balanced_network.regimes import REGIMES, SHOWN, counts
from spikesight.recipes.balanced_network.theory import outside_rate, rate_in_noise, stationary_rate
from spikesight.recipes.contract import Order, claim
from spikesight.recipes.simulation import Simulation
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace
from spikesight.zoo.balanced import NEURON_OF_BRUNEL

DT = 0.1e-3
N = 200
STEPS = 10_000


def trains(every, phases):
    """Neurons that fire every so many steps, each from its phase on."""
    ticks = [np.arange(phase, STEPS, every) for phase in phases]
    return Spikes(np.concatenate(ticks), np.repeat(np.arange(N), list(map(len, ticks))), N, STEPS, DT)


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    return RECIPE.reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO()))


@pytest.fixture(scope="module")
def metrics(tried):
    return Run.open(tried.run).facts["metrics"]


def test_clocks_in_step():
    found = activity(trains(200, [50] * N))
    assert found.rate == pytest.approx(50.0)
    assert found.cv == 0.0
    assert found.chi == pytest.approx(1.0)
    assert found.fano == pytest.approx(N * 0.95, rel=0.01)  # a bin in 20 holds all of them
    assert found.rhythm_hz % 50 == pytest.approx(0.0)


def test_clocks_out_of_step():
    found = activity(trains(200, range(N)))
    assert (found.rate, found.cv) == (pytest.approx(50.0), 0.0)
    assert found.chi == pytest.approx(0.0, abs=1e-9)
    assert found.fano == pytest.approx(0.0, abs=1e-9)


def test_poisson_trains_fire_as_often_and_at_random():
    regular = trains(200, [50] * N)
    made = poisson_like(regular, np.random.default_rng(0))
    np.testing.assert_array_equal(np.bincount(made.unit), np.bincount(regular.unit))
    found = activity(made)
    assert found.rate == pytest.approx(50.0)
    assert found.cv == pytest.approx(1.0, abs=0.03)
    assert found.chi == pytest.approx(1 / math.sqrt(N), rel=0.15)
    assert found.fano == pytest.approx(1.0, abs=0.15)


def test_nobody_fires():
    found = activity(Spikes(np.zeros(0, np.int64), np.zeros(0, np.int64), N, STEPS, DT))
    assert found.rate == 0.0
    assert all(math.isnan(value) for value in (found.cv, found.chi, found.fano))


@pytest.mark.parametrize("mean", [0.05, 0.9, 2.0, 8.0])
def test_counts_are_poisson(mean):
    drawn = counts(mean, (1000, 200), np.random.default_rng(0))
    error = math.sqrt(mean / drawn.size)
    assert abs(drawn.mean() - mean) < 5 * error
    assert drawn.var() == pytest.approx(mean, rel=0.03)
    assert (drawn == 0).mean() == pytest.approx(math.exp(-mean), abs=0.005)


def test_the_theory_without_noise_is_the_closed_form():
    neuron = Params(tau=20e-3, threshold=20e-3, reset=ToValue(10e-3), refractory=2e-3, drive=Charge())
    exact = 1 / (2e-3 + 20e-3 * math.log((30 - 10) / (30 - 20)))
    assert rate_in_noise(neuron, 30e-3, 0.1e-3) == pytest.approx(exact, rel=1e-3)
    assert rate_in_noise(neuron, 0.0, 2e-3) < 1e-9


def test_the_integral_is_that_of_the_paper():
    neuron, mean, deviation = NEURON_OF_BRUNEL, 15e-3, 5e-3
    integral, _ = quad(lambda u: math.exp(u * u) * (1 + math.erf(u)), -1.0, 1.0)
    expected = 1 / (2e-3 + 20e-3 * math.sqrt(math.pi) * integral)
    assert rate_in_noise(neuron, mean, deviation) == pytest.approx(expected)


def test_outside_spikes_of_eta_one_reach_the_threshold():
    assert outside_rate(NEURON_OF_BRUNEL, 0.1e-3, 1.0) == pytest.approx(10_000)  # 1000 synapses at 10 Hz


def test_alone_in_noise_a_neuron_fires_as_the_theory_says():
    """No synapses among each other: what is left is the noise from outside, in fine steps and small kicks."""
    neuron, w, dt = NEURON_OF_BRUNEL, 0.1e-3, 0.02e-3
    drawn = counts(outside_rate(neuron, w, 1.0) * dt, (25_000, 400), np.random.default_rng(0))
    spikes, _ = FusedCpu().run(leaky.EQUATION, neuron, {"current": w * drawn}, dt)
    found = spikes[5000:].sum() / (400 * 20_000 * dt)
    assert found == pytest.approx(stationary_rate(neuron, 0, w, 5.0, 1.0), rel=0.08)


def test_the_claim_holds_on_the_quick_version(tried, metrics):
    assert tried.value == metrics["coba.rate"]
    assert tried.control > 5 * tried.value
    assert metrics["coba_without_synapses.rate"] < 1.0
    assert metrics["coba.cv"] > 1.0 > metrics["poisson.cv"] > 0.85
    assert metrics["coba.fano"] > 2 * metrics["poisson.fano"]
    stated = claim("balanced-network")
    assert abs(tried.value - stated.measured) < 3 * stated.tolerance


def test_the_regimes_are_where_the_paper_found_them(metrics):
    assert metrics["synchronous_regular.cv"] < 0.2
    for name in ("fast_rhythm", "asynchronous_irregular", "slow_rhythm"):
        assert metrics[f"{name}.cv"] > 0.6
        assert metrics[f"{name}.chi"] < 0.5 * metrics["synchronous_regular.chi"]
    assert metrics["fast_rhythm.rhythm_hz"] > 1.5 * metrics["fast_rhythm.rate"]
    for name in REGIMES:
        assert metrics[f"{name}.rate"] == pytest.approx(metrics[f"{name}.rate_of_theory"], rel=0.25)


def test_everything_can_be_looked_at(tried):
    run = Run.open(tried.run)
    with Trace.open(run.folder) as trace:
        assert [layer.size for layer in trace.header.layers] == [3200, 800]
        spikes = len(trace.spikes("exc").t) + len(trace.spikes("inh").t)
    assert spikes == round(tried.value * 4000)
    below = sorted((run.folder / "brunel").iterdir())
    assert [Run.open(folder).facts["config"]["regime"] for folder in below] == list(REGIMES)
    for folder in below:
        with Trace.open(folder) as trace:
            found = trace.spikes("inh")
        assert found.unit.max() < SHOWN["inh"]
        assert 0.9 * (QUICK.seconds + QUICK.settling) < found.t.max() < QUICK.seconds + QUICK.settling


def test_training_records_the_network_alone(tmp_path):
    folder = RECIPE.train(Order(runs=tmp_path, seed=1, stream=io.StringIO()))
    assert not (folder / "brunel").exists()
    assert 10 < Run.open(folder).facts["metrics"]["coba.rate"] < 30


def test_a_run_that_goes_on_ends_as_one_that_was_never_interrupted(tmp_path, monkeypatch):
    def train(**changes):
        return RECIPE.train(Order(**{"runs": tmp_path, "seed": 1, "stream": io.StringIO(), **changes}))

    def rate(folder):
        return Run.open(folder).facts["metrics"]["coba.rate"]

    expected = rate(train())
    keep, folders = Simulation._advance, []

    def interrupted(self, length):
        if self.done == 4:
            raise KeyboardInterrupt
        return keep(self, length)

    monkeypatch.setattr(simulation, "SECONDS_BETWEEN_CHECKPOINTS", -1.0)
    monkeypatch.setattr(Simulation, "_advance", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(started=folders.append)
    monkeypatch.setattr(Simulation, "_advance", keep)
    assert rate(train(resume=folders[0])) == expected
