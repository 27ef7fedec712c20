import math
import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import from_dense
from spikesight.equations import leaky
from spikesight.equations.own import equation
from spikesight.equations.reset import ToValue
from spikesight.executors import FusedCpu, Reference


@dataclass(frozen=True)
class Leak:
    tau: float = 20e-3
    threshold: float = 1.0
    landing: float = 0.25
    initial_v: float = 0.0

    def derived(self, dt: float) -> dict[str, float]:
        return {"decay": math.exp(-dt / self.tau), "gain": 1.0 - math.exp(-dt / self.tau)}


def leaking(v, current, p, where):
    """The leaky neuron, as a user writes it."""
    v = p.decay * v + p.gain * current
    fired = v >= p.threshold
    return where(fired, p.landing, v), fired


@dataclass(frozen=True)
class Upswing:
    tau: float = 10e-3
    width: float = 0.1
    onset: float = 1.0
    peak: float = 2.0
    jump: float = 0.2
    tau_w: float = 50e-3
    initial_v: float = 0.0
    initial_w: float = 0.0


def adapting(v, w, current, p, where, exp):
    below = where(v < p.peak, v, p.peak)
    v = v + p.dt / p.tau * (p.width * exp((below - p.onset) / p.width) - v - w + current)
    fired = v >= p.peak
    w = w - p.dt / p.tau_w * w
    return where(fired, p.initial_v, v), where(fired, w + p.jump, w), fired


OWN = equation(leaking, Leak)
SWING = equation(adapting, Upswing, usual_dt=0.1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_is_the_built_in_one_where_it_says_the_same(dtype: Any) -> None:
    drive = {"current": np.random.default_rng(0).uniform(0.0, 4.0, (500, 70)).astype(dtype)}
    for executor in (Reference(), FusedCpu()):
        spikes, state = executor.run(OWN, Leak(), drive, 1e-3, dtype=dtype)
        expected, theirs = executor.run(leaky.EQUATION, leaky.Params(reset=ToValue(0.25)), drive, 1e-3, dtype=dtype)
        assert spikes.sum() > 1000
        assert (spikes == expected).mean() > 0.999  # its gain is written in another way: the last bit may differ
        assert state["v"].dtype == dtype
        np.testing.assert_allclose(np.median(state["v"]), np.median(theirs["v"]), rtol=1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_executors_agree(dtype: Any) -> None:
    drive = {"current": np.random.default_rng(0).uniform(0.0, 4.0, (300, 70)).astype(dtype)}
    for own, params in ((OWN, Leak()), (SWING, Upswing())):
        (spikes, state), (also, also_state) = (
            executor.run(own, params, drive, own.usual_dt, dtype=dtype) for executor in (Reference(), FusedCpu())
        )
        assert spikes.sum() > 20
        np.testing.assert_array_equal(spikes, also)
        for field, values in state.items():
            assert also_state[field].dtype == dtype
            np.testing.assert_allclose(also_state[field], values, rtol=1e-4 if own is SWING else 0)


def test_a_circuit_of_it_runs_in_both_engines() -> None:
    nodes = (Source("input", (5,)), Population("cells", (8,), OWN, Leak()))
    network = Network(0.5e-3, nodes, (Projection("wires", "input", "cells", "current", Dense()),))
    weights = {"wires.w": np.random.default_rng(0).uniform(0.0, 40.0, (5, 8))}
    spikes = from_dense(np.random.default_rng(1).random((200, 5)) < 0.3)
    ends = []
    for executor in (Reference(), FusedCpu()):
        engine = start(network, weights, executor)
        fired = engine.advance({"input": spikes}, 200)["cells"]
        ends.append((fired.step.tolist(), fired.unit.tolist(), engine.arrays["cells.v"].tolist()))
    assert len(ends[0][0]) > 20
    assert ends[0] == ends[1]


def test_it_can_be_copied_and_told_what_it_is() -> None:
    again = pickle.loads(pickle.dumps(OWN))  # noqa: S301
    assert again is OWN
    assert (OWN.name, OWN.fields, OWN.inputs, OWN.functions) == ("leaking", ("v",), ("current",), ())
    assert (SWING.fields, SWING.functions) == (("v", "w"), ("exp",))
    assert OWN.initial(Leak(initial_v=0.5)) == (0.5,)


def number(v, current, p, where):
    return v + current * 2.0, v >= p.threshold


def branch(v, current, p, where):
    if p.tau:
        v = current
    return v, v >= p.threshold


def in_place(v, current, p):
    v += current
    return v, v >= p.threshold


def nothing(v, current, p):
    v = v + current


def no_spikes(v, current, p):
    return (v + current,)


def no_comparison(v, current, p):
    return v, v - p.threshold


def no_such_parameter(v, current, p):
    return v, v >= p.treshold


def no_parameters(v, current):
    return v, v


def no_state(x, current, p):
    return x, x >= p.threshold


def another_tool(v, current, p, sine):
    return v, v >= p.threshold


def input_first(current, v, p):
    return v, v >= p.threshold


FACTOR = 2.0


def from_outside(v, current, p):
    return v * FACTOR, v >= p.threshold


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (number, r"number, line \d+: the number 2.0 would turn float32 into float64; make it a field"),
        (branch, r"branch, line \d+: no branches or loops; where\(condition, a, b\) chooses"),
        (in_place, r"in_place, line \d+: this changes arrays that belong to others"),
        (nothing, r"nothing must return \(v, fired\), it returned NoneType"),
        (no_spikes, r"no_spikes must return \(v, fired\), it returned 1 values"),
        (no_comparison, r"returned fired as float32, expected bool .*compare something, as in v >= p.peak"),
        (no_such_parameter, r"'treshold'; p has tau, threshold, landing, initial_v, decay, gain, dt"),
        (no_parameters, r"no_parameters has no argument 'p'"),
        (no_state, r"initial_v starts a state variable 'v', which no_state does not take"),
        (input_first, r"input_first takes \['current', 'v'\] before p: the state variables \['v'\] come first"),
        (from_outside, r"from_outside uses 'FACTOR' = 2.0 from outside; make it a field"),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_functions_that_are_no_model(step: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        equation(step, Leak)


def test_a_function_that_no_executor_has() -> None:
    with pytest.raises(UnknownName, match="no elementary function is called 'sine'"):
        equation(another_tool, Leak)


def test_a_function_without_a_text() -> None:
    known: dict[str, Any] = {}
    exec("def typed(v, current, p):\n    return v, v >= p.threshold", known)
    with pytest.raises(InputError, match="cannot be found: put the function into a file"):
        equation(known["typed"], Leak)


@dataclass
class Thawed:
    initial_v: float = 0.0


@dataclass(frozen=True)
class Bare:
    threshold: float
    initial_v: float = 0.0


@dataclass(frozen=True)
class Worded:
    threshold: str = "high"
    initial_v: float = 0.0


@dataclass(frozen=True)
class Stateless:
    threshold: float = 1.0


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (Thawed, r"Thawed must be a class with @dataclass\(frozen=True\)"),
        (Bare, "field 'threshold' of Bare has no default"),
        (Worded, "'threshold' of Worded is a str; a model's constants are numbers"),
        (Stateless, "leaking has no state: give Stateless a field initial_v"),
    ],
)
def test_dataclasses_that_are_no_parameters(params: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        equation(leaking, params)


def test_a_step_that_is_none() -> None:
    with pytest.raises(InputError, match="dt is"):
        OWN.constants(Leak(), 0.0)
