"""What every learning rule in the catalogue promises, with every kind of wiring that learns."""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wirings import PLASTIC, example

from spikesight.circuits.connections.one_to_one import OneToOne
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity import CATALOGUE as RULES
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import from_dense
from spikesight.equations import leaky
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

NAMES = sorted(RULES)


def choose(condition, a, b):
    """The compiled loops' `where`: one synapse at a time."""
    return a if condition else b


def traces(rule, values):
    """As many values as the rule keeps traces."""
    return values[: len(rule.pre_traces) + len(rule.post_traces)]


@st.composite
def situations(draw, inside=True):
    """A rule with bounds of its own, a weight (within them), and traces."""
    low = draw(st.floats(-1, 1))
    high = low + draw(st.floats(0.1, 2))
    rule = replace(RULES[draw(st.sampled_from(NAMES))](), low=low, high=high)
    w = draw(st.floats(low, high)) if inside else draw(st.floats(-5, 5))
    return rule, w, traces(rule, draw(st.lists(st.floats(0, 50), min_size=4, max_size=4)))


@settings(max_examples=200)
@given(situations())
def test_a_weight_within_its_bounds_stays_there(situation):
    rule, w, seen = situation
    for function in (rule.at_pre, rule.at_post):
        after = function(w, *seen, choose, *rule.constants)
        assert rule.low <= after <= rule.high


@settings(max_examples=200)
@given(situations(inside=False))
def test_a_weight_out_of_bounds_comes_back_or_stays_but_goes_no_further(situation):
    rule, w, seen = situation
    for function in (rule.at_pre, rule.at_post):
        after = function(w, *seen, choose, *rule.constants)
        assert min(w, rule.low) <= after <= max(w, rule.high)


@settings(max_examples=200)
@given(situations(inside=False))
def test_with_needs_both_nothing_changes_where_a_side_has_no_trace(situation):
    """Also out of bounds: an engine that does not visit such a synapse must end with the same weight."""
    rule, w, seen = situation
    assert rule.needs_both, "a rule without needs_both has nothing to show here: choose rules with it"
    pre, post = seen[: len(rule.pre_traces)], seen[len(rule.pre_traces) :]
    # The neuron that fires may have traces or not; it is the other side that has none.
    assert rule.at_pre(w, *pre, *[0.0 for _ in post], choose, *rule.constants) == w
    assert rule.at_post(w, *[0.0 for _ in pre], *post, choose, *rule.constants) == w


@settings(max_examples=50)
@given(situations(inside=False), st.sampled_from([np.float32, np.float64]), st.integers(0, 2**32 - 1))
def test_arrays_and_scalars_agree_and_keep_their_type(situation, dtype, seed):
    rule, _, _ = situation
    random = np.random.default_rng(seed)
    w = random.uniform(-2, 4, 9).astype(dtype)
    count = len(rule.pre_traces) + len(rule.post_traces)
    seen = random.uniform(0, 5, (count, 9)).astype(dtype)
    constants = tuple(dtype(value) for value in rule.constants)
    for function in (rule.at_pre, rule.at_post):
        together = function(w, *seen, np.where, *constants)
        one_by_one = [function(w[k], *seen[:, k], choose, *constants) for k in range(9)]
        assert together.dtype == dtype
        assert {type(value) for value in one_by_one} == {dtype}
        np.testing.assert_array_equal(together, one_by_one)


@pytest.mark.parametrize("name", NAMES)
def test_it_learns_at_all_both_ways(name):
    rule = RULES[name]()
    ones = [1.0] * (len(rule.pre_traces) + len(rule.post_traces))
    assert rule.at_pre(0.5, *ones, choose, *rule.constants) < 0.5 < rule.at_post(0.5, *ones, choose, *rule.constants)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_frozen(name):
    rule = RULES[name]()
    with pytest.raises(FrozenInstanceError):
        setattr(rule, fields(rule)[0].name, 0.0)
    assert rule == RULES[name]()


def learn(wiring, rule, executor, dtype, steps=300):
    """Two random populations fire, the one behind the plastic synapses by force; pauses let traces run out."""
    random = np.random.default_rng(5)
    connection, n_pre, n_post = example(wiring, 5, 7, random)
    awake = np.repeat(random.random(6) < 0.7, steps // 6)[:, None]
    network = Network(
        dt=0.5e-3,
        nodes=(
            Source("input", (n_pre,)),
            Source("kick", (n_post,)),
            Population("exc", (n_post,), leaky.EQUATION, leaky.Params(tau=1e-3, threshold=8.0, drive=leaky.Charge())),
        ),
        projections=(
            Projection("learned", "input", "exc", "current", connection, rule),
            Projection("force", "kick", "exc", "current", OneToOne()),
        ),
        dtype=dtype,
    )
    w = random.uniform(0.1, 0.6, connection.weight_shape(n_pre, n_post))
    engine = start(network, {"learned.w": w, "force.w": np.full(n_post, 9.0)}, executor)
    spikes = {
        "input": from_dense((random.random((steps, n_pre)) < 0.2) & awake),
        "kick": from_dense((random.random((steps, n_post)) < 0.1) & awake),
    }
    fired = engine.advance(spikes, steps)["exc"]
    return w.astype(dtype), engine.arrays, fired


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wiring", PLASTIC)
def test_every_wiring_learns_the_same_in_both_engines(wiring, name, dtype):
    rule = RULES[name]()
    rule = replace(rule, tau_pre=2e-3, low=0.2, high=0.5)
    before, expected, fired = learn(wiring, rule, Reference(), dtype)
    _, arrays, again = learn(wiring, rule, FusedCpu(), dtype)
    np.testing.assert_array_equal(fired.step, again.step)
    np.testing.assert_array_equal(fired.unit, again.unit)
    assert len(fired.step) > 50
    for array in expected:
        assert arrays[array].tobytes() == expected[array].tobytes(), array
    assert (expected["learned.w"] > before).any()
    assert (expected["learned.w"] < before).any()
