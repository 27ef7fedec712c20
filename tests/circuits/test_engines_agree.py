"""Both engines do the same, bit for bit: every kind of wiring, of delay, of learning, of competition, together."""

from dataclasses import dataclass

import numpy as np
import pytest
from wirings import NAMES, PLASTIC, example

from spikesight.circuits.competition import Winners
from spikesight.circuits.connections.one_to_one import OneToOne
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.delays import Axonal, Branched, Interpolated, PerSynapse
from spikesight.circuits.drive import Drive
from spikesight.circuits.engine import rest, resting, restore, start, synaptic
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.contract import Decaying, Lasting, Rule
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import from_dense
from spikesight.equations import leaky
from spikesight.equations.spike_traces import Recent, Renewed, Summed
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

STEPS = 300


def at_pre(w, credit, tally, pre, lately, post, where, rate, none):
    """Everything a rule may read and change, in sums and products alone, which round alike everywhere."""
    return w - rate * post, credit - post * rate, tally + lately


def at_post(w, credit, tally, pre, lately, post, where, rate, none):
    return w + rate * pre, credit + pre * rate, where(tally > none, tally - rate, tally)


@dataclass(frozen=True)
class Everything(Rule):
    """A rule that uses all that a rule may."""

    at_pre = staticmethod(at_pre)
    at_post = staticmethod(at_post)
    changes = ("w", "credit", "tally")

    @property
    def pre_traces(self):
        return Renewed(4e-3), Recent(3e-3)

    @property
    def post_traces(self):
        return (Summed(6e-3),)

    @property
    def synaptic(self):
        return Decaying("credit", 10e-3), Lasting("tally")

    @property
    def constants(self):
        return 0.02, 0.0


def circuit(delay, rule, dtype, competition=None):
    """A source and a population of the right sizes for each kind of wiring, all plastic kinds learning, all late."""
    random = np.random.default_rng(3)
    nodes, projections, parameters, sizes = [], [], {}, {}
    for name in NAMES:
        connection, n_pre, n_post = example(name, 6, 5, random)
        if isinstance(delay, Branched):
            if name != "sparse":
                continue
            n_pre = 4
            counts = random.integers(0, 3, n_pre * (delay.longest + 1))
            targets = random.integers(0, n_post, counts.sum())
            connection = Sparse(np.concatenate([[0], np.cumsum(counts)]), targets, n_post)
        params = leaky.Params(tau=5e-3, threshold=0.6, drive=leaky.Charge(), refractory=1e-3)
        nodes += [Source(f"in_{name}", (n_pre,)), Population(name, (n_post,), leaky.EQUATION, params, competition)]
        learns = rule if name in PLASTIC else None
        made = Projection(f"to_{name}", f"in_{name}", name, "current", connection, learns, delay, rule is not None)
        projections += [made, Projection(f"kick_{name}", name, name, "current", OneToOne())]
        shape = connection.weight_shape(made.rows(n_pre), n_post)
        parameters[f"to_{name}.w"] = random.uniform(0.1, 0.6, shape)
        parameters[f"kick_{name}.w"] = random.uniform(-0.1, 0.1, n_post)
        if isinstance(delay, PerSynapse):
            parameters[f"to_{name}.delay"] = random.integers(0, delay.longest + 1, shape)
        if isinstance(delay, Interpolated):
            parameters[f"to_{name}.delay"] = random.uniform(0, delay.longest, shape)
        if rule is not None:
            parameters[f"to_{name}.mask"] = random.random(shape) < 0.8
        sizes[f"in_{name}"] = n_pre
    drives = (Drive("push", "sparse", "current"),)
    network = Network(0.5e-3, tuple(nodes), tuple(projections), dtype, drives)
    return network, parameters, sizes


def given(network, sizes, steps, seed=0):
    random = np.random.default_rng(seed)
    spikes = {name: from_dense(random.random((steps, n)) < 0.15) for name, n in sizes.items()}
    return spikes, {"push": random.normal(0, 0.1, (steps, network.node("sparse").size))}


def same(one, other):
    assert list(one) == list(other)
    for name, values in one.items():
        assert values.tobytes() == other[name].tobytes(), name


def run(network, parameters, sizes, executor, pieces):
    engine = start(network, parameters, executor)
    fired = []
    for seed, steps in enumerate(pieces):
        spikes, drives = given(network, sizes, steps, seed)
        fired.append(engine.advance(spikes, steps, drives))
    return engine, fired


@pytest.mark.parametrize(
    "delay", [None, PerSynapse(4), Interpolated(3.5), Axonal(3), Branched(4)], ids=lambda kind: type(kind).__name__
)
def test_every_kind_of_delay_and_wiring_learning_with_masks(delay):
    network, parameters, sizes = circuit(delay, Everything(), np.float32)
    expected, fired = run(network, parameters, sizes, Reference(), (STEPS, 7))
    engine, again = run(network, parameters, sizes, FusedCpu(), (STEPS, 7))
    for one, other in zip(fired, again, strict=True):
        for name, events in one.items():
            np.testing.assert_array_equal(events.step, other[name].step, err_msg=name)
            np.testing.assert_array_equal(events.unit, other[name].unit, err_msg=name)
    assert min(len(events.step) for events in fired[0].values()) > 10
    same(expected.arrays, engine.arrays)
    for name, mask in parameters.items():
        if name.endswith(".mask"):
            assert not expected.arrays[name.replace(".mask", ".w")][~mask].any(), "what is masked stays away"
    moved = np.abs(expected.arrays["to_sparse.w"] - parameters["to_sparse.w"].astype(np.float32))
    assert moved[parameters["to_sparse.mask"]].max() > 0.01


@pytest.mark.parametrize("competition", [Winners(1, 2e-3), Winners(2, None)])
def test_competitions_agree_and_hold(competition):
    network, parameters, sizes = circuit(None, None, np.float32, competition)
    expected, fired = run(network, parameters, sizes, Reference(), (STEPS,))
    engine, again = run(network, parameters, sizes, FusedCpu(), (STEPS,))
    same(expected.arrays, engine.arrays)
    for name, events in fired[0].items():
        np.testing.assert_array_equal(events.step, again[0][name].step)
        np.testing.assert_array_equal(events.unit, again[0][name].unit)
        assert np.bincount(events.step).max() <= competition.k
        if competition.blocked:
            steps = np.unique(events.step)
            assert np.diff(steps).min() >= 3, "winner refractory for 1 ms, losers blocked for 2"


@pytest.mark.parametrize("executor", [Reference(), FusedCpu()], ids=lambda e: e.name)
def test_a_call_in_pieces_and_a_restored_engine_do_the_same(executor):
    network, parameters, sizes = circuit(Axonal(3), Everything(), np.float32)
    whole = start(network, parameters, executor)
    spikes, drives = given(network, sizes, STEPS)
    expected = whole.advance(spikes, STEPS, drives)
    half = STEPS // 2
    first = start(network, parameters, executor)
    parts = [
        ({name: s.part(a, b) for name, s in spikes.items()}, b - a, {"push": drives["push"][a:b]})
        for a, b in ((0, half), (half, STEPS))
    ]
    first.advance(*parts[0])
    second = start(network, parameters, executor)
    restore(second, first.arrays, first.clock, first.origin)
    again = second.advance(*parts[1])
    same(whole.arrays, second.arrays)
    for name, events in expected.items():
        late = events.step >= half
        np.testing.assert_array_equal(events.step[late] - half, again[name].step)


def test_rest_forgets_what_is_under_way_and_keeps_what_was_learned():
    network, parameters, sizes = circuit(Axonal(3), Everything(), np.float32)
    engine, _ = run(network, parameters, sizes, FusedCpu(), (STEPS,))
    learned = engine.arrays["to_dense.tally"].copy()
    assert learned.any()
    fresh = resting(network, parameters)
    same(fresh, resting(network, engine.arrays))  # also when the arrays of a busy engine are handed in
    rest(engine, fresh)
    assert not engine.arrays["to_dense.sent_count"].any()
    assert not engine.arrays["to_dense.credit"].any()
    np.testing.assert_array_equal(engine.arrays["to_dense.tally"], learned)


def test_what_decays_is_read_as_it_is_now():
    network, parameters, sizes = circuit(None, Everything(), np.float64)
    engine, _ = run(network, parameters, sizes, Reference(), (STEPS,))
    stored = engine.arrays["to_dense.credit"].copy()
    before = synaptic(engine, "to_dense", "credit")
    quiet = {name: from_dense(np.zeros((20, n), bool)) for name, n in sizes.items()}
    network_quiet = {"push": np.full((1, network.node("sparse").size), -1.0)}
    engine.advance(quiet, 20, network_quiet)
    untouched = engine.arrays["to_dense.credit"] == stored
    assert untouched.sum() > 5
    after = synaptic(engine, "to_dense", "credit")
    np.testing.assert_allclose(after[untouched], before[untouched] * np.exp(-1.0), rtol=1e-9)


@pytest.mark.parametrize("size", [512, 513, 640, 700])
def test_a_large_population_advances_by_groups_and_fires_the_same(size):
    params = leaky.Params(tau=5e-3, threshold=1.0, drive=leaky.Charge(), refractory=1e-3)
    nodes = (Population("cells", (size,), leaky.EQUATION, params),)
    network = Network(0.5e-3, nodes, (), drives=(Drive("push", "cells", "current"),))
    push = {"push": np.random.default_rng(size).exponential(0.12, (200, size))}
    fired = [start(network, {}, executor).advance({}, 200, push)["cells"] for executor in (Reference(), FusedCpu())]
    assert len(np.unique(fired[0].unit)) == size, "everybody fires, also the last ones"
    np.testing.assert_array_equal(fired[0].step, fired[1].step)
    np.testing.assert_array_equal(fired[0].unit, fired[1].unit)
