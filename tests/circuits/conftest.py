"""Small circuits, random spikes for them, and what it means that two engines agree: every spike, every bit."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.engine import drift, start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import from_dense, silence
from spikesight.equations import leaky
from spikesight.estimators.diehl_cook import EXCITATORY, INHIBITORY
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.zoo import diehl_cook

DT = 0.5e-3


@pytest.fixture(params=[Reference(), FusedCpu()], ids=["reference", "fused"])
def executor(request):
    return request.param


@pytest.fixture
def competition():
    """Make a Diehl & Cook network of a few neurons, with weights that let it fire, as (network, parameters).

    Theta begins a little apart in each neuron, so that they do not all do the same.
    """

    def make(n=7, inputs=5, *, rule=None, delay=0, dtype=np.float32, seed=0):
        rule = DiehlCookStdp(high=2.0) if rule is None else rule
        exc = replace(EXCITATORY, theta=14e-3, initial_v=None)
        inh = replace(INHIBITORY, initial_v=None)
        network = replace(diehl_cook.network((inputs,), n, DT, exc, inh, rule, delay), dtype=dtype)
        drawn = diehl_cook.parameters(network, seed, exc_inh=10.4, inh_exc=2.0, low=0.2, high=4.0 / inputs)
        theta = np.random.default_rng(seed).uniform(12e-3, 16e-3, n)
        return network, {**drawn, "exc.theta": theta}

    return make


@pytest.fixture
def random_spikes():
    """Draw spikes of `inputs` neurons with the same chance in every step."""

    def draw(steps, inputs, chance=0.25, seed=1):
        return from_dense(np.random.default_rng(seed).random((steps, inputs)) < chance)

    return draw


@pytest.fixture
def run_calls(random_spikes):
    """Run calls of several lengths with normalisation and drift between them; return the engine and all that fired."""

    def run(network, parameters, executor, calls=(150, 1, 249), normalise=True):
        engine = start(network, parameters, executor)
        inputs, fired = network.node("input").size, []
        for index, steps in enumerate(calls):
            fired.append(engine.advance({"input": random_spikes(steps, inputs, seed=index)}, steps))
            drift(engine)
            if normalise:
                engine.normalise("input_exc", 0.55 * inputs)
        return engine, fired

    return run


@pytest.fixture
def assert_same():
    """Two engines, or two sets of spikes, are equal bit for bit."""

    def arrays(a, b):
        assert list(a) == list(b)
        for name in a:
            assert a[name].dtype == b[name].dtype, name
            assert a[name].shape == b[name].shape, name
            np.testing.assert_array_equal(a[name], b[name], err_msg=name)
            assert a[name].tobytes() == b[name].tobytes(), f"{name}: equal values, other bits"

    def fired(a, b):
        assert set(a) == set(b)
        for name in a:
            np.testing.assert_array_equal(a[name].step, b[name].step, err_msg=name)
            np.testing.assert_array_equal(a[name].unit, b[name].unit, err_msg=name)
            assert a[name].step.dtype == b[name].step.dtype == np.int64
            assert a[name].unit.dtype == b[name].unit.dtype == np.int32

    return SimpleNamespace(arrays=arrays, fired=fired)


IMPULSE = leaky.Params(tau=1e-3, threshold=1.5, drive=leaky.Charge())
"""A kick above 1.5 fires the neuron in the step in which it arrives; smaller ones are forgotten within milliseconds."""


class Protocol:
    """One synapse "learned" between a neuron that fires when told and one that is fired when told.

    `pre` and `post` are the steps in which the two neurons fire. A post neuron is kicked one step before.
    """

    def __init__(self, rule, executor, w=0.5, dtype=np.float64):
        network = Network(
            dt=DT,
            nodes=(Source("input", (1,)), Source("kick", (1,)), Population("exc", (1,), leaky.EQUATION, IMPULSE)),
            projections=(
                Projection("learned", "input", "exc", "current", Dense(), rule),
                Projection("force", "kick", "exc", "current", Dense()),
            ),
            dtype=dtype,
        )
        weights = {"learned.w": np.array([[w]]), "force.w": np.array([[4.0]])}
        self.engine = start(network, weights, executor)

    @property
    def w(self):
        return float(self.engine.arrays["learned.w"][0, 0])

    def run(self, pre, post, steps):
        """Run from the next step on; returns the weight at the end."""
        kicks = [step - 1 for step in post]
        fired = self.engine.advance({"input": at_steps(pre, steps), "kick": at_steps(kicks, steps)}, steps)
        assert fired["exc"].step.tolist() == sorted(post)
        return self.w


def at_steps(when, steps):
    """Spikes of a single neuron."""
    dense = np.zeros((steps, 1))
    dense[list(when)] = 1
    return from_dense(dense)


@pytest.fixture
def protocol(executor):
    """Make a `Protocol` of a rule with the engine at hand."""
    return lambda rule, **settings: Protocol(rule, executor, **settings)


@pytest.fixture(scope="session")
def make_protocol():
    """`Protocol` itself, for tests that name their engine."""
    return Protocol


@pytest.fixture
def quiet():
    """Silence for every source of a network."""

    def make(network, steps):
        return {source.name: silence(steps) for source in network.sources}

    return make
