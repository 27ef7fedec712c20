"""What every learning rule in the catalogue promises, with every kind of wiring that learns."""

import itertools
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wirings import PLASTIC

from spikesight.circuits.connections.convolution import Convolution
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.connections.one_to_one import OneToOne
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.delays import Interpolated
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity import CATALOGUE as RULES
from spikesight.circuits.plasticity.contract import Rule
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import from_dense
from spikesight.equations import leaky
from spikesight.executors import elementary
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

NAMES = sorted(RULES)
DT = 0.5e-3
ROUNDINGS = 64
"""Last bits by which two engines may differ after a few dozen changes of a weight by an elementary function or a
power, which NumPy and the C library round differently.
"""


def choose(condition, a, b):
    """The compiled loops' `where`: one synapse at a time."""
    return a if condition else b


def call(rule, when, values, traces, library=None, dtype=float):
    """Let a rule act, on arrays if `library` is NumPy, else on numbers; returns what it changes by name."""
    function = getattr(rule, when)
    if function is None:
        return dict(values)
    where = choose if library is None else library.where
    elements = (elementary.FUNCTIONS[name] if library is None else getattr(library, name) for name in rule.functions)
    changed = function(*values.values(), *traces, where, *elements, *(dtype(value) for value in rule.constants))
    return dict(zip(rule.changes, (changed,) if len(rule.changes) == 1 else changed, strict=True))


def bounds(rule, variable):
    """Between which values learning keeps a variable of a synapse; its own ones have no bounds."""
    if variable == "delay":
        return rule.shortest / rule.dt, rule.longest / rule.dt
    return (rule.low, rule.high) if variable == "w" else (-np.inf, np.inf)


def with_bounds(rule, low, high):
    return replace(rule, low=low, high=high) if hasattr(rule, "low") else rule


@st.composite
def situations(draw, inside=True, names=tuple(NAMES)):
    """A rule with bounds of its own, what it changes (within bounds), and traces from nothing to many spikes."""
    low = draw(st.floats(-1, 1))
    rule = with_bounds(RULES[draw(st.sampled_from(names))](), low, low + draw(st.floats(0.1, 2)))
    values = {}
    for variable in rule.changes:
        least, most = bounds(rule, variable)
        room = (least, most) if inside and np.isfinite(least) else (-5.0, 25.0)
        values[variable] = draw(st.floats(*room))
    count = len(rule.pre_traces) + len(rule.post_traces)
    most = [1.0 if trace.line()[0] == 0 else 50.0 for trace in (*rule.pre_traces, *rule.post_traces)]
    return rule, values, [draw(st.floats(0, most[index])) for index in range(count)]


@settings(max_examples=200)
@given(situations())
def test_what_is_within_its_bounds_stays_there(situation):
    rule, values, traces = situation
    for when in ("at_pre", "at_post"):
        for variable, after in call(rule, when, values, traces).items():
            low, high = bounds(rule, variable)
            assert low <= after <= high, (when, variable)


@settings(max_examples=200)
@given(situations(inside=False))
def test_what_is_out_of_bounds_comes_back_or_stays_but_goes_no_further(situation):
    rule, values, traces = situation
    for when in ("at_pre", "at_post"):
        for variable, after in call(rule, when, values, traces).items():
            low, high = bounds(rule, variable)
            assert min(values[variable], low) <= after <= max(values[variable], high), (when, variable)


@settings(max_examples=200)
@given(situations(inside=False, names=tuple(name for name in NAMES if RULES[name].needs_both)))
def test_with_needs_both_nothing_changes_where_a_side_has_no_trace(situation):
    """Also out of bounds: an engine that does not visit such a synapse must end with the same weight."""
    rule, values, traces = situation
    pre, post = traces[: len(rule.pre_traces)], traces[len(rule.pre_traces) :]
    # The neuron that fires may have traces or not; it is the other side that has none.
    assert call(rule, "at_pre", values, [*pre, *[0.0 for _ in post]]) == values
    assert call(rule, "at_post", values, [*[0.0 for _ in pre], *post]) == values


@settings(max_examples=60, deadline=None)
@given(situations(inside=False), st.sampled_from([np.float32, np.float64]), st.integers(0, 2**32 - 1))
def test_arrays_and_scalars_agree_and_keep_their_type(situation, dtype, seed):
    rule, values, traces = situation
    random = np.random.default_rng(seed)
    many = {name: (value + random.uniform(-1, 1, 9)).astype(dtype) for name, value in values.items()}
    seen = np.array([random.uniform(0, trace, 9) for trace in traces], dtype).reshape(-1, 9)
    for when in ("at_pre", "at_post"):
        together = call(rule, when, many, seen, np, dtype)
        for k in range(9):
            one = call(rule, when, {name: value[k] for name, value in many.items()}, seen[:, k], np, dtype)
            for name, value in one.items():
                assert together[name].dtype == value.dtype == dtype, name
                slack = ROUNDINGS * float(np.finfo(dtype).eps) * max(1.0, float(np.abs(together[name]).max()))
                assert float(value) == pytest.approx(float(together[name][k]), rel=0, abs=slack)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_frozen_derives_from_rule_and_changes_what_it_names(name):
    rule = RULES[name]()
    assert isinstance(rule, Rule)
    assert rule.at_pre is not None or rule.at_post is not None
    assert {variable.name for variable in rule.synaptic} == set(rule.changes) - {"w", "delay"}
    with pytest.raises(FrozenInstanceError):
        setattr(rule, fields(rule)[0].name, 0.0)
    assert rule == RULES[name]()


SIZE = 12
WIRED = {
    "convolution": Convolution((1, 3, 4), 1, (3, 3), padding=1),
    "dense": Dense(),
    "one_to_one": OneToOne(),
    "sparse": Sparse([0, 3, 3, *range(4, 40, 4), 40], np.random.default_rng(1).integers(0, SIZE, 40), SIZE),
}
"""Every kind of wiring that learns, between twelve neurons and twelve."""


def circuit(parts, dtype):
    """Each part (rule, kind of wiring) in one circuit; neurons fire by force. Some synapses are masked."""
    random = np.random.default_rng(5)
    params = leaky.Params(tau=1e-3, threshold=200.0, drive=leaky.Charge())
    projections = [Projection("force", "kick", "out", "current", OneToOne())]
    parameters = {"force.w": np.full(SIZE, 300.0)}
    for name, (rule, kind) in parts.items():
        delay = Interpolated(np.ceil(rule.longest_delay)) if "delay" in rule.changes else None
        projections.append(Projection(name, "input", "out", "current", WIRED[kind], rule, delay, masked=True))
        shape = WIRED[kind].weight_shape(SIZE, SIZE)
        parameters[f"{name}.w"] = random.uniform(0.15, 0.6, shape)
        parameters[f"{name}.mask"] = random.random(shape) < 0.8
        if delay is not None:
            parameters[f"{name}.delay"] = random.uniform(1, 6, shape)
    nodes = Source("input", (SIZE,)), Source("kick", (SIZE,)), Population("out", (SIZE,), leaky.EQUATION, params)
    return Network(DT, nodes, tuple(projections), dtype), parameters


def learn(parts, executor, dtype, steps=480):
    """Two random populations fire; pauses let traces run out."""
    network, parameters = circuit(parts, dtype)
    engine = start(network, parameters, executor)
    random = np.random.default_rng(6)
    awake = np.repeat(random.random(6) < 0.7, steps // 6)[:, None]
    chances = {"input": 0.2, "kick": 0.1}
    spikes = {name: from_dense((random.random((steps, SIZE)) < chance) & awake) for name, chance in chances.items()}
    return network, network.at_rest(parameters), engine.arrays, engine.advance(spikes, steps)


def shortened(rule):
    """The rule with traces that run out within the test, and bounds that are reached."""
    taus = {f.name: 2e-3 for f in fields(rule) if f.name in ("tau_pre", "tau_plus", "tau_post", "tau_minus")}
    made_for = {f.name: DT for f in fields(rule) if f.name in ("dt", "step")}
    return replace(with_bounds(rule, 0.2, 0.5), **taus, **made_for)


@pytest.mark.parametrize("name", NAMES)
def test_every_wiring_learns_and_leaves_what_is_masked(name):
    assert sorted(WIRED) == PLASTIC
    rule = shortened(RULES[name]())
    network, before, after, fired = learn({kind: (rule, kind) for kind in PLASTIC}, Reference(), np.float64)
    assert len(fired["out"].step) > 50
    for projection in network.projections[1:]:
        mask = after[f"{projection.name}.mask"]
        for variable in rule.changes:
            array = f"{projection.name}.{variable}"
            np.testing.assert_array_equal(after[array][~mask], before[array][~mask])
            assert (after[array][mask] != before[array][mask]).any(), array


@pytest.mark.parametrize("name", NAMES)
def test_it_learns_both_ways(name):
    rule = RULES[name]()
    values = {variable: float(np.clip(0.5, *bounds(rule, variable))) for variable in rule.changes}
    values |= {"delay": 5.0} if "delay" in values else {}
    count = len(rule.pre_traces) + len(rule.post_traces)
    seen = [
        call(rule, when, values, traces)[variable] - value
        for when in ("at_pre", "at_post")
        for traces in itertools.product((0.0, 0.5, 1.0), repeat=count)
        for variable, value in values.items()
    ]
    assert min(seen) < 0 < max(seen)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_both_engines_learn_the_same(dtype):
    """Every other rule at once, with one kind of wiring each, by turns: compiling takes seconds. All kinds and types
    meet all that a rule may do in tests/circuits/test_engines_agree.py.
    """
    names = NAMES[::2] if dtype is np.float32 else NAMES[1::2]
    rules = {name: shortened(RULES[name]()) for name in names}
    parts = {f"by_{name}": (rule, PLASTIC[k % len(PLASTIC)]) for k, (name, rule) in enumerate(rules.items())}
    _, _, expected, fired = learn(parts, Reference(), dtype)
    _, _, arrays, again = learn(parts, FusedCpu(), dtype)
    np.testing.assert_array_equal(fired["out"].step, again["out"].step)
    np.testing.assert_array_equal(fired["out"].unit, again["out"].unit)
    # What is under way in the common target is not compared where any rule rounds: only what each rule learned.
    for name, rule in rules.items():
        for variable in rule.changes:
            values, other = expected[f"by_{name}.{variable}"], arrays[f"by_{name}.{variable}"]
            if rule.functions or name == "power":
                slack = ROUNDINGS * np.finfo(dtype).eps * np.abs(values).max(initial=0)
                np.testing.assert_allclose(other, values, rtol=0, atol=slack, err_msg=f"{name}: {variable}")
            else:
                assert other.tobytes() == values.tobytes(), f"{name}: {variable}"
