"""Balanced networks: who is joined to whom, how strongly, how late; the same seed makes the same network."""

import numpy as np
import pytest

from spikesight.circuits.delays import Axonal
from spikesight.circuits.engine import start
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.zoo.balanced import NAMES, begin, brunel, coba, inputs_of_brunel, kick

DT = 0.1e-3
N = 500
PAIRS = [(pre, post) for pre in NAMES for post in NAMES]


def projection(made, name):
    (found,) = (p for p in made.network.projections if p.name == name)
    return found


@pytest.mark.parametrize(("pre", "post"), PAIRS)
def test_the_conductance_network_joins_two_in_a_hundred(pre, post):
    made = coba(N, DT, seed=0)
    found = projection(made, f"{pre}_{post}")
    sizes = {"exc": 400, "inh": 100}
    pairs = sizes[pre] * sizes[post]
    count = len(found.connection.targets)
    assert abs(count - 0.02 * pairs) < 5 * np.sqrt(0.02 * 0.98 * pairs)
    assert found.connection.simple, "no two neurons twice"
    assert found.into == {"exc": "g_e", "inh": "g_i"}[pre]
    assert found.delay is None
    assert set(made.parameters[f"{pre}_{post}.w"]) == {{"exc": 0.6, "inh": 6.7}[pre]}


def test_the_conductance_network_begins_as_published():
    made = coba(4000, DT, seed=0)
    v, g_e, g_i = (np.concatenate([made.begin[f"{name}.{what}"] for name in NAMES]) for what in ("v", "g_e", "g_i"))
    assert v.mean() == pytest.approx(-65e-3, abs=0.3e-3)
    assert v.std() == pytest.approx(5e-3, rel=0.05)
    assert g_e.mean() == pytest.approx(4.0, abs=0.1)
    assert np.median(g_i) == pytest.approx(20.0, abs=1.0)
    assert g_i.std() == pytest.approx(12.0, rel=0.05)
    assert np.mean(g_i < 0.0) == pytest.approx(0.048, abs=0.01), "one in twenty begins below zero, as published"
    engine = start(made.network, made.parameters, FusedCpu())
    begin(engine, made)
    np.testing.assert_array_equal(engine.arrays["inh.g_i"], made.begin["inh.g_i"].astype(np.float32))


def test_the_conductance_network_keeps_itself_going():
    """Published: about 20 spikes a second."""
    made = coba(4000, DT, seed=0)
    engine = start(made.network, made.parameters, FusedCpu())
    begin(engine, made)
    fired = engine.advance({}, 5000)
    spikes = sum(len(one.step) for one in fired.values())
    assert 14 < spikes / 4000 / 0.5 < 24
    assert max(one.step.max() for one in fired.values()) > 4900


@pytest.mark.parametrize(("pre", "post"), PAIRS)
def test_each_neuron_of_brunel_hears_a_tenth_of_both_kinds(pre, post):
    made = brunel(N, DT, seed=0, g=5.0)
    found = projection(made, f"{pre}_{post}")
    inputs = np.bincount(found.connection.targets, minlength=found.connection.n_post)
    assert set(inputs) == {{"exc": 40, "inh": 10}[pre]}
    assert found.connection.simple
    assert set(made.parameters[f"{pre}_{post}.w"]) == {{"exc": kick(40), "inh": -5.0 * kick(40)}[pre]}


def test_kicks_have_the_size_of_the_paper():
    assert inputs_of_brunel(12_500) == 1000
    assert kick(1000) == pytest.approx(0.1e-3)
    assert kick(100) * 100 == pytest.approx(kick(1000) * 1000), "all inputs together weigh the same"


@pytest.mark.parametrize(("delay", "late"), [(1.5e-3, 15), (0.1e-3, 1), (0.0, 1)])
def test_a_spike_arrives_after_the_delay(delay, late):
    made = brunel(N, DT, seed=0, g=5.0, delay=delay)
    assert projection(made, "exc_inh").delay == Axonal(late - 1)
    engine = start(made.network, made.parameters, Reference())
    first = np.zeros((1, 400))
    first[0, 7] = 21e-3  # over the threshold
    fired = engine.advance({}, 1, {"outside_exc": first, "outside_inh": np.zeros(100)})
    assert fired["exc"].unit.tolist() == [7]
    nothing = {"outside_exc": np.zeros(400), "outside_inh": np.zeros(100)}
    engine.advance({}, late - 1, nothing)
    assert not engine.arrays["inh.v"].any()
    engine.advance({}, 1, nothing)
    connection = projection(made, "exc_inh").connection
    heard = connection.targets[connection.starts[7] : connection.starts[8]]
    np.testing.assert_array_equal(np.flatnonzero(engine.arrays["inh.v"]), heard)
    np.testing.assert_allclose(engine.arrays["inh.v"][heard], kick(40), rtol=1e-6)


@pytest.mark.parametrize("make", [lambda seed: coba(N, DT, seed), lambda seed: brunel(N, DT, seed, g=5.0)])
def test_a_seed_makes_a_network(make):
    one, same, other = make(0), make(0), make(1)
    for p in one.network.projections:
        np.testing.assert_array_equal(projection(same, p.name).connection.targets, p.connection.targets)
        assert not np.array_equal(projection(other, p.name).connection.targets, p.connection.targets)
    for name, values in one.begin.items():
        np.testing.assert_array_equal(same.begin[name], values)
        assert not np.array_equal(other.begin[name], values)
