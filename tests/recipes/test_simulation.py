"""A simulation is written down while it happens, and goes on from its last checkpoint as if nothing had happened."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError, RunError
from spikesight.base.randomness import generator
from spikesight.circuits import engine as engines
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.delays import PerSynapse
from spikesight.circuits.drive import Drive
from spikesight.circuits.engine import drift, start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.rate import bernoulli
from spikesight.equations import leaky
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.recipes import simulation as module
from spikesight.recipes.simulation import Given, Scenario, Simulation, simulate, simulation
from spikesight.runs.folder import Run
from spikesight.trace.probe import Probe
from spikesight.trace.reader import Trace

DT = 1e-3
LENGTH = 50
STEPS = 620
"""Twelve pieces of 50 steps, and one of 20."""

PROBES = (
    Probe("input.spikes", every=5),
    Probe("exc.spikes"),
    Probe("exc.v", units=(0, 3), every=10),
    Probe("input_exc.w", every=4),
)


def poisson(first_step, steps):
    """Spikes of ten inputs at 100 Hz, and noise at every step, by the number of their first step."""
    spikes = bernoulli(np.full(10, 100.0), steps, DT, generator(0, "poisson", first_step))
    noise = generator(0, "noise", first_step).normal(0, 0.02, (steps, 20))
    return Given({"input": spikes}, {"noise": noise, "bias": np.full(20, 0.003)})


def small(**changes):
    """Twenty leaky neurons that learn from ten inputs and, later, excite each other a little."""
    neuron = leaky.Params(tau=20e-3, threshold=1.0, refractory=5e-3, drive=leaky.Charge())
    network = Network(
        dt=DT,
        nodes=(Source("input", (10,)), Population("exc", (4, 5), leaky.EQUATION, neuron)),
        projections=(
            Projection("input_exc", "input", "exc", "current", Dense(), DiehlCookStdp(high=1.0)),
            Projection("exc_exc", "exc", "exc", "current", Dense(), delay=PerSynapse(80)),
        ),
        drives=(Drive("noise", "exc", "current"), Drive("bias", "exc", "current")),
    )
    random = np.random.default_rng(3)
    parameters = {"input_exc.w": random.uniform(0, 0.4, (10, 20)), "exc_exc.w": random.uniform(0, 0.02, (20, 20))}
    parameters["exc_exc.delay"] = random.integers(0, 81, (20, 20))  # longer than a piece: spikes are on their way
    settings = {"seconds": STEPS * DT, "piece": LENGTH * DT, "inputs": poisson, "probes": PROBES}
    return Scenario("small", network, parameters, **{**settings, **changes})


def by_hand(scenario):
    """The same circuit without a run: the engine at the end, and all spikes as (step, unit)."""
    engine = start(scenario.network, scenario.parameters, FusedCpu())
    fired = []
    while engine.clock < STEPS:
        first, steps = engine.clock, min(LENGTH, STEPS - engine.clock)
        given = poisson(first, steps)
        spikes = engine.advance(given.spikes, steps, given.drives)["exc"]
        drift(engine)
        fired.append((first + spikes.step, spikes.unit))
    return engine, [np.concatenate(parts) for parts in zip(*fired, strict=True)]


@pytest.fixture
def stop_in():
    """Make an `after` that raises in piece `number`, once the engine has moved on and before anything is recorded."""

    def make(number, error=KeyboardInterrupt):
        def after(engine, piece):
            if piece.number == number:
                raise error
            return {}

        return after

    return make


@pytest.fixture
def checkpoints_at(monkeypatch):
    """Checkpoint after these many pieces (and at both ends), whatever the clock says."""

    def set_to(*pieces):
        keep = Simulation.checkpoint
        monkeypatch.setattr(module, "SECONDS_BETWEEN_CHECKPOINTS", -1.0)
        monkeypatch.setattr(
            Simulation, "checkpoint", lambda self: keep(self) if self.done in (0, *pieces, 13) else None
        )

    return set_to


def test_a_run_is_complete(order):
    started = []
    folder = simulate(small(facts={"note": "hello"}), order(started=started.append, seed=7))
    assert started == [folder]
    run = Run.open(folder)
    facts = run.facts
    assert (run.status(), facts["recipe"], facts["seed"]) == ("finished", "small", 7)
    assert facts["progress"] == {"done": 13, "total": 13}
    assert facts["config"]["note"] == "hello"
    assert facts["config"]["parameters"]["exc"].startswith("leaky (4, 5) Params(tau=0.02")
    assert facts["metrics"]["biological_seconds"] == pytest.approx(STEPS * DT)
    assert facts["metrics"]["real_time_factor"] > 0


def test_it_is_the_circuit_itself_that_was_recorded(order):
    scenario = small()
    engine, (step, unit) = by_hand(scenario)
    folder = simulate(scenario, order())
    arrays, _ = Run.open(folder).load_weights()
    assert list(arrays) == sorted(engine.arrays)
    for name in arrays:
        assert arrays[name].tobytes() == engine.arrays[name].tobytes(), name
    assert len(step) > 200
    with Trace.open(folder) as trace:
        spikes = trace.spikes("exc")
        np.testing.assert_array_equal(np.rint(spikes.t / DT), step)
        np.testing.assert_array_equal(spikes.unit, unit)
        np.testing.assert_array_equal(spikes.stim, step // LENGTH)
        assert set(trace.spikes("input").stim) == {0, 5, 10}
        np.testing.assert_allclose(np.unique(trace.values("exc", "v").t), np.arange(0, STEPS, 10) * DT)
        assert trace.snapshots("input_exc")["stim"].tolist() == [-1, 3, 7, 11, 12]
        t, rate = trace.scalars("exc.rate")
        np.testing.assert_allclose(t, np.minimum(np.arange(1, 14) * LENGTH, STEPS) * DT)
        counts = np.bincount(step // LENGTH, minlength=13)
        np.testing.assert_allclose(rate, counts / 20 / (np.array([LENGTH] * 12 + [20]) * DT))
    metrics = Run.open(folder).facts["metrics"]
    assert metrics["exc.rate"] == pytest.approx(len(step) / 20 / (STEPS * DT))


def test_looking_changes_nothing(order):
    ends = [Run.open(simulate(small(probes=probes), order())).load_weights()[0] for probes in ((), PROBES)]
    for name in ends[0]:
        assert ends[0][name].tobytes() == ends[1][name].tobytes(), name


@pytest.mark.parametrize(("kept", "number"), [((), 3), ((4,), 7), ((4, 8), 8), ((12,), 12)])
def test_after_ctrl_c_it_goes_on_as_if_nothing_had_happened(
    order, checkpoints_at, stop_in, assert_same_run, kept, number
):
    whole = simulate(small(), order())
    checkpoints_at(*kept)
    folders = []
    with pytest.raises(KeyboardInterrupt):
        simulate(small(after=stop_in(number)), order(started=folders.append))
    run = Run.open(folders[0])
    assert run.status() == "interrupted"
    assert run.facts["progress"]["done"] == max((0, *kept))
    assert simulate(small(), order(resume=folders[0])) == folders[0]
    assert Run.open(folders[0]).status() == "finished"
    assert_same_run(folders[0], whole)
    curves = []
    for folder in (folders[0], whole):
        with Trace.open(folder) as trace:
            curves.append(trace.scalars("exc.rate")[1])
    np.testing.assert_array_equal(*curves)
    assert Run.open(folders[0]).facts["metrics"]["exc.rate"] == Run.open(whole).facts["metrics"]["exc.rate"]


def test_step_numbers_that_moved_go_on_too(order, checkpoints_at, stop_in, assert_same_run, monkeypatch):
    whole = simulate(small(), order())
    monkeypatch.setattr(engines, "LARGEST_STEP_NUMBER", 120)
    checkpoints_at(5)
    folders = []
    with pytest.raises(KeyboardInterrupt):
        simulate(small(after=stop_in(9)), order(started=folders.append))
    with simulation(small(), order(resume=folders[0])) as under_way:
        assert (under_way.done, under_way.engine.origin > 0) == (5, True)
        under_way.finish(order())
    # Step numbers themselves differ from those of a run whose origin never moved; nothing else does.
    with Trace.open(folders[0]) as one, Trace.open(whole) as other:
        np.testing.assert_array_equal(one.spikes("exc").t, other.spikes("exc").t)
        np.testing.assert_array_equal(one.weights("input_exc"), other.weights("input_exc"))


KILLED = """
import io, os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import test_simulation
from spikesight.recipes import simulation
from spikesight.recipes.contract import Order

def after(engine, piece):
    if piece.number == 6:
        os.kill(os.getpid(), signal.SIGKILL)
    return {}

simulation.SECONDS_BETWEEN_CHECKPOINTS = -1.0
order = Order(runs=Path(sys.argv[2]), stream=io.StringIO(), started=lambda folder: print(folder, flush=True))
simulation.simulate(test_simulation.small(after=after), order)
"""


def test_after_kill_9_between_pieces_it_goes_on_as_if_nothing_had_happened(order, tmp_path, assert_same_run):
    asked = [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(tmp_path)]
    here = {**os.environ, "PYTHONPATH": str(Path(module.__file__).parents[2])}
    done = subprocess.run(asked, env=here, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    folder = Path(done.stdout.strip())
    assert Run.open(folder).status() == "stopped"
    assert Run.open(folder).facts["progress"] == {"done": 6, "total": 13}
    simulate(small(), order(resume=folder))
    assert Run.open(folder).status() == "finished"
    assert_same_run(folder, simulate(small(), order()))


def test_after_may_act_and_tell(order):
    def after(engine, piece):
        engine.normalise("input_exc", 2.0)
        return {"input_spikes": float(len(piece.spikes("input").unit)), "piece": float(piece.number)}

    folder = simulate(small(after=after), order())
    arrays, _ = Run.open(folder).load_weights()
    np.testing.assert_allclose(arrays["input_exc.w"].sum(axis=0), 2.0, rtol=1e-5)
    with Trace.open(folder) as trace:
        assert trace.scalars("piece")[1].tolist() == list(range(13))
        given = [len(poisson(first, min(LENGTH, STEPS - first)).spikes["input"].units) for first in range(0, 620, 50)]
        assert trace.scalars("input_spikes")[1].tolist() == given


def test_a_finished_run_stays_as_it_is(order, assert_same_run):
    folder, other = simulate(small(), order()), simulate(small(), order())
    assert simulate(small(), order(resume=folder)) == folder
    assert_same_run(folder, other)


def test_progress_is_told(order):
    asked = order()
    simulate(small(), asked)
    assert asked.stream.getvalue().splitlines()[-1].startswith("simulating: 13/13")


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"seconds": 1.0}, r"seconds was 0\.62, now 1\.0"),
        ({"facts": {"n": 3}}, "n was None, now 3"),
        ({"probes": ()}, "probes was"),
        ({"recipe": "large"}, "is a run of small, not of large"),
    ],
)
def test_another_simulation_is_refused(order, changes, difference):
    folder = simulate(small(), order())
    with pytest.raises(RunError, match=difference):
        simulate(replace(small(), **changes), order(resume=folder))
    assert Run.open(folder).status() == "finished"


def test_what_cannot_be_simulated_is_refused(order):
    for wrong in ({"seconds": 0.0}, {"piece": 1e-4}):
        with pytest.raises(InputError, match="last a step"):
            small(**wrong)
    with pytest.raises(InputError, match=r"'exc\.v' looks every 7 steps, which does not divide the 50"):
        small(probes=(Probe("exc.v", every=7),))


def test_a_failure_is_written_down(order, stop_in):
    folders = []
    with pytest.raises(InputError, match="too hot"):
        simulate(small(after=stop_in(2, InputError("too hot"))), order(started=folders.append))
    run = Run.open(folders[0])
    assert (run.status(), run.facts["error"]) == ("failed", "too hot")
