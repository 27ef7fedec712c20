"""The same neurons, synapses and network in Brian2, where it is installed: the same spikes.

Brian2 is another program under another licence, never a dependency. To run these tests, install it beside Spikesight:
`pip install brian2`, then `pytest -m oracle`. Its models are written here in its own language, from the papers.

In both, a spike of step k reaches its targets before step k + 1. A neuron that is silent for R steps in Brian2 moves
again in step k + R, here in step k + R + 1.
"""

import warnings

import numpy as np
import pytest

from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.drive import Drive
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import from_dense
from spikesight.equations import hodgkin_huxley, izhikevich, leaky
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.zoo.balanced import NAMES, NEURON_OF_COBA, begin, coba

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    brian = pytest.importorskip("brian2", reason="brian2 is not installed: it is an oracle, not a dependency")
    brian.prefs.codegen.target = "numpy"
    brian.prefs.codegen.loop_invariant_optimisations = False  # sums are taken in the order in which they are written

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
MS = 1e-3


@pytest.fixture(autouse=True)
def scope():
    """Forget what an earlier test made in Brian2."""
    brian.start_scope()
    brian.device.reinit()
    brian.device.activate()


def simulated(objects, seconds, dt):
    """Run Brian2 and return what its one spike monitor saw, as steps and neurons in order."""
    brian.defaultclock.dt = dt * brian.second
    monitors = [one for one in objects if isinstance(one, brian.SpikeMonitor)]
    net = brian.Network(*objects)
    net.run(seconds * brian.second, namespace={})
    return [ordered(np.rint(np.asarray(one.t_) / dt).astype(int), np.asarray(one.i)) for one in monitors]


def ordered(step, unit):
    """Return (steps, neurons), by step and then by neuron."""
    order = np.lexsort((unit, step))
    return np.stack([np.asarray(step)[order], np.asarray(unit)[order]])


def test_leaky_neurons_fire_the_same_spikes():
    dt, n, steps, silent = 0.1 * MS, 20, 5000, 2 * MS
    drive = np.random.default_rng(0).normal(1.3, 6.0, (steps, n))
    namespace = {
        "drive": brian.TimedArray(drive, dt=dt * brian.second),
        "tau": 20 * brian.ms,
    }
    group = brian.NeuronGroup(
        n,
        "dv/dt = (drive(t, i) - v) / tau : 1 (unless refractory)",
        threshold="v >= 1",
        reset="v = 0",
        refractory=(silent + dt) * brian.second,
        method="exact",
        namespace=namespace,
        dt=dt * brian.second,
    )
    (expected,) = simulated([group, brian.SpikeMonitor(group)], steps * dt, dt)
    params = leaky.Params(tau=20 * MS, threshold=1.0, refractory=silent)
    spikes, _ = FusedCpu().run(leaky.EQUATION, params, {"current": drive}, dt, dtype=np.float64)
    assert expected.shape[1] > 300
    np.testing.assert_array_equal(ordered(*np.nonzero(spikes)), expected)


@pytest.mark.parametrize("preset", ["RS", "IB", "CH", "FS", "LTS"])
def test_izhikevich_neurons_fire_the_same_spikes(preset):
    """By Euler steps, v before u, as published; Brian2's own Euler would move both at once."""
    dt, n, steps = 0.25 * MS, 10, 4000
    params = izhikevich.EQUATION.preset(preset).params
    current = np.random.default_rng(1).normal(10.0, 3.0, (steps, n))
    group = brian.NeuronGroup(
        n,
        "v : 1\nu : 1",
        threshold="v >= 30",
        reset="v = c; u += d",
        namespace={name: getattr(params, name) for name in "abcd"}
        | {"current": brian.TimedArray(current, dt=dt * brian.second), "h": dt / MS},
        dt=dt * brian.second,
    )
    group.run_regularly(
        "v += h * (0.04 * v * v + 5 * v + 140 - u + current(t, i))\nu += h * (a * (b * v - u))",
        when="groups",
        dt=dt * brian.second,
    )
    first = izhikevich.EQUATION.initial(params)
    group.v, group.u = first.v, first.u
    (expected,) = simulated([group, brian.SpikeMonitor(group)], steps * dt, dt)
    spikes, _ = FusedCpu().run(izhikevich.EQUATION, params, {"current": current}, dt, dtype=np.float64)
    assert expected.shape[1] > 50
    np.testing.assert_array_equal(ordered(*np.nonzero(spikes)), expected)


def test_hodgkin_and_huxleys_axon_fires_the_same_spikes():
    dt, steps = 0.01 * MS, 20_000
    current = np.linspace(4.0, 30.0, 14)
    model = """
    dv/dt = (gain - 120 * m**3 * h * (v - 50) - 36 * n**4 * (v + 77) - 0.3 * (v + 54.387)) / ms : 1
    dm/dt = (1 / exprel(-(v + 40) / 10) * (1 - m) - 4 * exp(-(v + 65) / 18) * m) / ms : 1
    dh/dt = (0.07 * exp(-(v + 65) / 20) * (1 - h) - 1 / (1 + exp(-(v + 35) / 10)) * h) / ms : 1
    dn/dt = (0.1 / exprel(-(v + 55) / 10) * (1 - n) - 0.125 * exp(-(v + 65) / 80) * n) / ms : 1
    gain : 1
    """
    group = brian.NeuronGroup(
        len(current), model, threshold="v >= 0", refractory="v >= 0", method="rk4", dt=dt * brian.second
    )
    first = hodgkin_huxley.EQUATION.initial(hodgkin_huxley.Params())
    group.v, group.m, group.h, group.n = first.v, first.m, first.h, first.n
    group.gain = current
    (expected,) = simulated([group, brian.SpikeMonitor(group)], steps * dt, dt)
    spikes, _ = FusedCpu().run(
        hodgkin_huxley.EQUATION,
        hodgkin_huxley.Params(),
        {"current": np.tile(current, (steps, 1))},
        dt,
        dtype=np.float64,
    )
    assert expected.shape[1] > 100
    np.testing.assert_array_equal(ordered(*np.nonzero(spikes)), expected)


def test_pair_stdp_ends_with_the_same_weights():
    dt, n_pre, n_post, steps = 0.5 * MS, 12, 7, 2000
    random = np.random.default_rng(2)
    before, after = random.random((steps, n_pre)) < 0.01, random.random((steps, n_post)) < 0.01
    w = random.uniform(0.0, 1.0, (n_pre, n_post))
    rule = PairStdp(plus=0.04, minus=0.05, tau_pre=17 * MS, tau_post=34 * MS)
    groups = [
        brian.SpikeGeneratorGroup(
            given.shape[1],
            np.nonzero(given)[1],
            np.nonzero(given)[0] * dt * brian.second,
            dt=dt * brian.second,
        )
        for given in (before, after)
    ]
    synapses = brian.Synapses(
        *groups,
        "w : 1\ndx/dt = -x / (17 * ms) : 1 (event-driven)\ndy/dt = -y / (34 * ms) : 1 (event-driven)",
        on_pre="x += 1; w = clip(w - 0.05 * y, 0, 1)",
        on_post="y += 1; w = clip(w + 0.04 * x, 0, 1)",
        dt=dt * brian.second,
    )
    synapses.connect()
    synapses.pre.order, synapses.post.order = 0, 1
    synapses.w = w.reshape(-1)
    simulated([*groups, synapses], steps * dt, dt)
    neuron = leaky.Params(threshold=1e6, drive=leaky.Charge())  # fires when it is told to, whatever arrives
    network = Network(
        dt,
        (Source("pre", (n_pre,)), Population("post", (n_post,), leaky.EQUATION, neuron)),
        (Projection("pre_post", "pre", "post", "current", Dense(), rule),),
        dtype=np.float64,
        drives=(Drive("teacher", "post", "current"),),
    )
    engine = start(network, {"pre_post.w": w}, FusedCpu())
    fired = engine.advance({"pre": from_dense(before)}, steps, {"teacher": 2e6 * after})["post"]
    np.testing.assert_array_equal(ordered(fired.step, fired.unit), ordered(*np.nonzero(after)))
    found = engine.arrays["pre_post.w"]
    assert np.abs(found - w).max() > 0.3
    np.testing.assert_allclose(found, np.reshape(synapses.w, w.shape), rtol=0, atol=1e-10)


def test_the_conductance_network_fires_the_same_spikes():
    """Same wiring, same beginning, double precision: rounding takes longer than this to make other spikes."""
    dt, n, steps = 0.1 * MS, 4000, 1500
    made = coba(n, dt, seed=0)
    p = NEURON_OF_COBA
    group = brian.NeuronGroup(
        n,
        """
        dv/dt = (ge * (0 - v) + gi * (-0.08 - v) + (-0.06 - v)) / (20 * ms) : 1 (unless refractory)
        dge/dt = -ge / (5 * ms) : 1
        dgi/dt = -gi / (10 * ms) : 1
        """,
        threshold="v > -0.05",
        reset="v = -0.06",
        refractory=(p.refractory + dt) * brian.second,
        method="euler",
        dt=dt * brian.second,
    )
    for field, name in (("v", "v"), ("ge", "g_e"), ("gi", "g_i")):
        setattr(group, field, np.concatenate([made.begin[f"{kind}.{name}"] for kind in NAMES]))
    offset, wires = {"exc": 0, "inh": 3200}, []
    for projection in made.network.projections:
        weight = made.parameters[f"{projection.name}.w"][0]
        wire = brian.Synapses(group, group, on_pre=f"{projection.into.replace('_', '')} += {weight}")
        wire.connect(
            i=projection.connection.rows + offset[projection.pre],
            j=projection.connection.targets + offset[projection.post],
        )
        wires.append(wire)
    (expected,) = simulated([group, *wires, brian.SpikeMonitor(group)], steps * dt, dt)
    network = Network(dt, made.network.nodes, made.network.projections, dtype=np.float64)
    engine = start(network, made.parameters, FusedCpu())
    begin(engine, made)
    fired = engine.advance({}, steps)
    steps_of_all = np.concatenate([fired[name].step for name in NAMES])
    units = np.concatenate([fired[name].unit + offset[name] for name in NAMES])
    assert expected.shape[1] > 1000
    np.testing.assert_array_equal(ordered(steps_of_all, units), expected)
