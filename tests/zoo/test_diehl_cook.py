"""The network of Diehl & Cook: how it is wired, what it begins with, and the numbers of its sheet for single spikes."""

from dataclasses import replace

import numpy as np
import pytest

from spikesight.circuits.engine import drift, start
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp
from spikesight.encoding.spike_list import from_dense
from spikesight.estimators.diehl_cook import EXCITATORY, INHIBITORY
from spikesight.executors.reference import Reference
from spikesight.zoo.diehl_cook import network, parameters

DT = 0.5e-3
FIXED = {"exc_inh": 10.4, "inh_exc": 17.0, "low": 0.003, "high": 0.303}


@pytest.fixture
def resting():
    """Three neurons of each kind at rest, float64, as (engine, arrays)."""

    def make(inputs=1, w=0.1, **changes):
        exc, inh = replace(EXCITATORY, initial_v=None, **changes), replace(INHIBITORY, initial_v=None)
        described = replace(network((inputs,), 3, DT, exc, inh, DiehlCookStdp()), dtype=np.float64)
        drawn = {**parameters(described, 0, **FIXED), "input_exc.w": np.full((inputs, 3), w)}
        return start(described, drawn, Reference())

    return make


def potentials(engine, population, steps, events=()):
    """The potential of neuron 0 after each step; `events` are steps in which all inputs fire."""
    inputs = engine.network.node("input").size
    dense = np.zeros((steps, inputs))
    dense[list(events)] = 1
    spikes, seen = from_dense(dense), []
    for k in range(steps):
        engine.advance({"input": spikes.part(k, k + 1)}, 1)
        seen.append(engine.arrays[f"{population}.v"].copy())
    return np.array(seen)


def test_how_it_is_wired():
    described = network((2, 3), 4, DT, EXCITATORY, INHIBITORY, DiehlCookStdp(), longest_delay=5)
    wired = {p.name: (p.pre, p.post, p.into, p.connection.name, p.rule is not None) for p in described.projections}
    assert wired == {
        "input_exc": ("input", "exc", "g_e", "dense", True),
        "exc_inh": ("exc", "inh", "g_e", "one_to_one", False),
        "inh_exc": ("inh", "exc", "g_i", "all_but_self", False),
    }
    assert {node.name: node.shape for node in described.nodes} == {"input": (2, 3), "exc": (4,), "inh": (4,)}


def test_what_it_begins_with():
    described = network((28, 28), 400, DT, EXCITATORY, INHIBITORY, DiehlCookStdp(), longest_delay=19)
    drawn = parameters(described, 0, **FIXED)
    w, delay = drawn["input_exc.w"], drawn["input_exc.delay"]
    assert 0.003 <= w.min() < 0.0031
    assert 0.3029 < w.max() < 0.303
    assert w.mean() == pytest.approx(0.153, abs=4 * 0.0866 / 560)
    assert sorted(np.unique(delay)) == list(range(20))
    assert (drawn["exc_inh.w"] == 10.4).all()
    assert drawn["inh_exc.w"].tolist() == [17.0]
    described.at_rest(drawn)


def test_weights_are_of_the_seed():
    described = network((5,), 4, DT, EXCITATORY, INHIBITORY, DiehlCookStdp())
    one, same, other = (parameters(described, seed, **FIXED)["input_exc.w"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).all()
    late = network((5,), 4, DT, EXCITATORY, INHIBITORY, DiehlCookStdp(), longest_delay=3)
    np.testing.assert_array_equal(parameters(late, 1, **FIXED)["input_exc.w"], one)


def test_one_input_spike_depolarises_by_0_0629_mv(resting):
    v = potentials(resting(), "exc", 60, events=[0])[:, 0] * 1e3
    assert v.max() + 65.0 == pytest.approx(0.0629, abs=5e-5)


@pytest.mark.parametrize(("inputs", "fires"), [(222, False), (223, True)])
def test_223_coincident_spikes_reach_the_threshold(resting, inputs, fires):
    engine = resting(inputs=inputs)
    fired = engine.advance({"input": from_dense(np.repeat(np.eye(60, 1), inputs, axis=1))}, 60)["exc"]
    assert (len(fired.step) > 0) == fires


def test_one_spike_fires_the_inhibitory_partner_at_once(resting):
    engine = resting(inputs=300)
    fired = engine.advance({"input": from_dense(np.repeat(np.eye(60, 1), 300, axis=1))}, 60)
    first = {name: int(events.step[0]) for name, events in fired.items()}
    assert first["inh"] == first["exc"] + 1


def test_one_inhibitory_spike_pulls_all_others_to_minus_74_65_mv(resting):
    engine = resting(w=0.0)
    engine.arrays["inh.v"][0] = -30e-3
    v = potentials(engine, "exc", 60) * 1e3
    np.testing.assert_allclose(v.min(axis=0)[1:], -74.65, atol=5e-3)
    np.testing.assert_allclose(v[:, 0], -65.0)


@pytest.mark.parametrize(("presentations", "theta"), [(60_000, 0.9957), (180_000, 0.00247)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_theta_of_a_silent_neuron_decays_for_hours(presentations, theta, dtype):
    described = replace(network((1,), 3, DT, EXCITATORY, INHIBITORY, DiehlCookStdp()), dtype=dtype)
    engine = start(described, {**parameters(described, 0, **FIXED)}, Reference())
    for _ in range(presentations):
        engine.clock += 1000
        drift(engine)
    np.testing.assert_allclose(engine.arrays["exc.theta"] * 1e3, theta, rtol=2e-3)


def test_a_spike_raises_its_own_threshold(resting):
    engine = resting(inputs=300, tau_theta=np.inf)
    fired = engine.advance({"input": from_dense(np.repeat(np.eye(60, 1), 300, axis=1))}, 60)["exc"]
    times = np.bincount(fired.unit, minlength=3)
    assert times.sum()
    np.testing.assert_allclose(engine.arrays["exc.theta"], 20e-3 + 0.05e-3 * times, rtol=1e-12)
