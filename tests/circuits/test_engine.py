"""The order of events within a step, on circuits small enough to follow by hand, with either engine."""

import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.connections.all_but_self import AllButSelf
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.connections.one_to_one import OneToOne
from spikesight.circuits.delays import PerSynapse
from spikesight.circuits.engine import drift, rest, resting, restore, start, synaptic
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import SpikeList, from_dense, silence
from spikesight.equations import leaky

SUMMING = leaky.Params(tau=np.inf, threshold=1.0, drive=leaky.Charge())
"""Adds what arrives, fires at 1, falls to 0."""

RELAY = Network(
    dt=1e-3,
    nodes=(
        Source("input", (2,)),
        Population("a", (3,), leaky.EQUATION, SUMMING),
        Population("b", (3,), leaky.EQUATION, SUMMING),
    ),
    projections=(
        Projection("late", "input", "a", "current", Dense(), delay=PerSynapse(3)),
        Projection("prompt", "input", "b", "current", Dense()),
        Projection("relay", "a", "b", "current", OneToOne()),
        Projection("lateral", "b", "a", "current", AllButSelf()),
    ),
)


def weights(late=0.0, delay=0, prompt=0.0, relay=0.0, lateral=0.0):
    return {
        "late.w": np.broadcast_to(late, (2, 3)),
        "late.delay": np.broadcast_to(delay, (2, 3)),
        "prompt.w": np.broadcast_to(prompt, (2, 3)),
        "relay.w": np.broadcast_to(relay, 3),
        "lateral.w": np.broadcast_to(lateral, 1),
    }


def spikes(steps, *events):
    """Spikes of the two inputs, as (step, unit)."""
    dense = np.zeros((steps, 2))
    for step, unit in events:
        dense[step, unit] = 1
    return {"input": from_dense(dense)}


def pairs(fired):
    return list(zip(fired.step.tolist(), fired.unit.tolist(), strict=True))


def test_a_spike_acts_in_the_next_step(executor):
    engine = start(RELAY, weights(prompt=1.0), executor)
    assert pairs(engine.advance(spikes(6, (2, 0)), 6)["b"]) == [(3, 0), (3, 1), (3, 2)]


def test_a_delayed_spike_acts_so_many_steps_later_at_each_synapse(executor):
    delay = np.array([[0, 1, 3], [3, 2, 0]])
    engine = start(RELAY, weights(late=1.0, delay=delay), executor)
    fired = engine.advance(spikes(9, (2, 0), (3, 1)), 9)
    # Input 0 fires at step 2, input 1 at step 3; each acts one step and its delay later.
    assert pairs(fired["a"]) == [(3, 0), (4, 1), (4, 2), (6, 1), (6, 2), (7, 0)]


def test_spikes_under_way_arrive_in_a_later_call(executor):
    engine = start(RELAY, weights(late=1.0, delay=3), executor)
    assert not pairs(engine.advance(spikes(2, (1, 0)), 2)["a"])
    # Step 1 of the first call plus one and three: step 5, which is step 3 of the second call.
    assert pairs(engine.advance(spikes(6), 6)["a"]) == [(3, 0), (3, 1), (3, 2)]
    assert engine.clock == 8


def test_a_chain_takes_a_step_per_synapse(executor):
    engine = start(RELAY, weights(late=[[1.0, 0, 0], [0, 0, 0]], relay=[1.0, 1.0, 1.0]), executor)
    fired = engine.advance(spikes(6, (0, 0)), 6)
    assert pairs(fired["a"]) == [(1, 0)]
    assert pairs(fired["b"]) == [(2, 0)]


def test_lateral_weights_reach_all_others(executor):
    engine = start(RELAY, weights(prompt=[[1.0, 0, 0], [0, 0, 0]], lateral=0.25), executor)
    engine.advance(spikes(3, (0, 0)), 3)
    # b[0] fires at step 1; at step 2 a[1] and a[2] get a quarter each, a[0] (its own) nothing.
    np.testing.assert_array_equal(engine.arrays["a.v"], np.float32([0.0, 0.25, 0.25]))


def test_inputs_act_once_and_add_up(executor):
    engine = start(RELAY, weights(prompt=[[0.25, 0.5, 0], [0.125, 0.5, 0]]), executor)
    fired = engine.advance(spikes(5, (0, 0), (0, 1), (2, 0)), 5)
    assert pairs(fired["b"]) == [(1, 1)]
    np.testing.assert_array_equal(engine.arrays["b.v"], np.float32([0.625, 0.5, 0.0]))
    np.testing.assert_array_equal(engine.arrays["b.current"], np.zeros(3, np.float32))


def test_neurons_fire_in_order_of_time_then_number(executor):
    engine = start(RELAY, weights(late=1.0, delay=[[2, 0, 1], [0, 2, 1]]), executor)
    fired = engine.advance(spikes(8, (0, 0), (1, 1)), 8)["a"]
    assert pairs(fired) == sorted(pairs(fired))
    assert len(fired.step) == 6


def test_no_steps_and_no_spikes(executor):
    engine = start(RELAY, weights(prompt=1.0), executor)
    nothing = engine.advance({"input": silence(5)}, 5)
    assert [len(nothing[name].step) for name in ("a", "b")] == [0, 0]


def test_steps_are_not_taken_back(executor):
    engine = start(Network(1e-3, (Population("a", (1,), leaky.EQUATION, SUMMING),), ()), {}, executor)
    with pytest.raises(InputError, match="got -3"):
        engine.advance({}, -3)
    assert engine.clock == 0


def test_only_projections_have_variables_of_synapses(executor):
    engine = start(RELAY, weights(), executor)
    assert synaptic(engine, "relay", "w").shape == (3,)
    for owner in ("a", "input", "relai"):
        with pytest.raises(UnknownName, match="relay"):
            synaptic(engine, owner, "v")


def test_plasticity_within_a_step_pre_then_post(protocol):
    """Both fire in step 4: the pre spike meets no post trace yet, the post spike sees the trace of this very step."""
    rule = PairStdp(plus=0.25, minus=0.125)
    assert protocol(rule).run(pre=[4], post=[4], steps=6) == 0.5 + 0.25


def test_a_pre_spike_sees_the_post_spike_of_an_earlier_step_only(protocol):
    rule = PairStdp(plus=0.25, minus=0.125, tau_pre=1e-6, tau_post=20e-3)
    # Post at 3; pre at 4 depresses by one step of decay. The pre trace is gone within a step, so nothing else happens.
    assert protocol(rule).run(pre=[4], post=[3], steps=6) == pytest.approx(0.5 - 0.125 * np.exp(-0.5 / 20), abs=1e-15)


def test_the_weight_of_a_step_is_the_one_before_learning(protocol):
    """The spike that is potentiated in its own step is delivered with the weight it had."""
    network = protocol(PairStdp(plus=0.25, minus=0.0))
    network.run(pre=[4], post=[4], steps=5)
    assert network.w == 0.75
    assert network.engine.arrays["exc.current"][0] == 0.5


def one_spike(unit):
    return SpikeList(np.array([0, 0, 1, 1, 1, 1]), np.array([unit], np.int32))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, r"needs spikes of \['input'\], got those of \[\]"),
        ({"input": silence(5), "other": silence(5)}, "got those of"),
        ({"inputs": silence(5)}, r"got those of \['inputs'\]"),
        ({"input": silence(4)}, r"cover 4 steps, the call 5; pad with \.padded\(5\)"),
        ({"input": one_spike(2)}, "in step 1 are not in order: its neurons are 0 to 1"),
        (
            {"input": one_spike(-1)},
            "in step 1 are not in order: its neurons are 0 to 1",
        ),
        ({"input": SpikeList(np.array([0, 0, 2, 2, 2, 2]), np.array([1, 0], np.int32))}, "in step 1 are not in order"),
        ({"input": SpikeList(np.array([0, 2, 2, 2, 2, 2]), np.array([1, 1], np.int32))}, "in step 0 .* at most once"),
        ({"input": SpikeList(np.array([0, 9, 1, 1, 1, 1]), np.array([1], np.int32))}, "in step 0 are not in order"),
        ({"input": SpikeList(np.array([0, 0, 0, 0, 0, 9]), np.array([1], np.int32))}, "in step 0 are not in order"),
    ],
    ids=[
        "none",
        "too many",
        "misnamed",
        "too short",
        "no such neuron",
        "negative",
        "descending",
        "twice",
        "starts that fall",
        "starts beyond the spikes",
    ],
)
def test_spikes_are_checked_at_the_door(executor, given, says):
    engine = start(RELAY, weights(), executor)
    with pytest.raises(InputError, match=says):
        engine.advance(given, 5)
    assert engine.clock == 0


def test_drift_is_the_closed_form_over_the_steps_since_the_last_one(executor, competition, quiet):
    network, parameters = competition(n=3, dtype=np.float64)
    engine = start(network, parameters, executor)
    engine.advance(quiet(network, 400), 400)
    np.testing.assert_array_equal(engine.arrays["exc.theta"], parameters["exc.theta"])
    drift(engine)
    once = parameters["exc.theta"] * np.exp(-0.2 / 1e4)
    np.testing.assert_allclose(engine.arrays["exc.theta"], once, rtol=1e-15)
    drift(engine)
    np.testing.assert_allclose(engine.arrays["exc.theta"], once, rtol=1e-15)
    engine.advance(quiet(network, 200), 200)
    drift(engine)
    np.testing.assert_allclose(engine.arrays["exc.theta"], parameters["exc.theta"] * np.exp(-0.3 / 1e4), rtol=1e-15)


def test_restore_goes_on_where_the_other_engine_was(executor, competition, random_spikes, assert_same):
    network, parameters = competition(delay=3)
    first, second = random_spikes(300, 5, seed=3), random_spikes(300, 5, seed=4)
    engine = start(network, parameters, executor)
    engine.advance({"input": first}, 300)
    drift(engine)
    saved, clock = {name: values.copy() for name, values in engine.arrays.items()}, engine.clock
    fired = engine.advance({"input": second}, 300)
    assert len(fired["exc"].step)
    other = start(network, {**parameters, "input_exc.w": parameters["input_exc.w"] * 0}, executor)
    restore(other, saved, clock)
    assert_same.fired(other.advance({"input": second}, 300), fired)
    assert_same.arrays(other.arrays, engine.arrays)
    assert other.clock == engine.clock == 600
    drift(engine), drift(other)
    assert_same.arrays(other.arrays, engine.arrays)


def test_restore_refuses_another_network(executor, competition):
    small, large = (competition(n=n) for n in (7, 13))
    engine = start(*small, executor)
    with pytest.raises(InputError, match=r"'exc.v' must have shape \(7,\), got \(13,\)"):
        restore(engine, start(*large, executor).arrays, 0)
    with pytest.raises(InputError, match=r"'exc.v' must have shape \(7,\), got nothing"):
        restore(engine, {}, 0)


def test_rest_forgets_the_stimulus_and_keeps_what_was_learned(executor, competition, random_spikes, assert_same):
    network, parameters = competition(delay=3)
    engine = start(network, parameters, executor)
    state = resting(network, parameters)
    engine.advance({"input": random_spikes(300, 5)}, 300)
    learned = {name: values.copy() for name, values in network.learned(engine.arrays).items()}
    assert (learned["input_exc.w"] != parameters["input_exc.w"].astype(np.float32)).any()
    rest(engine, state)
    assert engine.clock == 0
    assert_same.arrays(network.learned(engine.arrays), learned)
    fresh = start(network, learned, executor)
    assert_same.arrays(engine.arrays, fresh.arrays)
    again = {"input": random_spikes(200, 5, seed=8)}
    assert_same.fired(engine.advance(again, 200), fresh.advance(again, 200))


def test_step_numbers_do_not_outgrow_their_32_bits(executor, competition, random_spikes, assert_same):
    """After 12 days of simulated time the same happens as at the beginning."""
    network, parameters = competition()
    young, old = (start(network, parameters, executor) for _ in range(2))
    restore(old, old.arrays, 2**31 - 300)
    for name in network.step_numbers:
        old.arrays[name] += 2**31 - 300 - 1000  # a thousand steps ago
        young.arrays[name] -= 1000
    for seed in range(4):
        spikes = {"input": random_spikes(200, 5, seed=seed)}
        a, b = young.advance(spikes, 200), old.advance(spikes, 200)
        for name in a:
            assert a[name].step.tolist() == b[name].step.tolist()
            assert a[name].unit.tolist() == b[name].unit.tolist()
    assert old.clock == 2**31 + 500
    assert np.array_equal(young.arrays["input_exc.w"], old.arrays["input_exc.w"])
    assert len(a["exc"].unit) > 0
