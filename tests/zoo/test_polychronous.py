"""The network against a plain NumPy loop, spike for spike; its wiring; what delays are for."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.benchmarks.plain_polychronous import PlainPolychronous
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.delays import Branched
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.polychronous import PolychronousStdp, consolidate
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import from_dense
from spikesight.equations import izhikevich
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.zoo.polychronous import EXC, PLASTIC, Sizes, kicks, polychronous, wires

SECOND = 1000


def who(given, exc):
    """The neuron that is kicked in each step, excitatory ones first."""
    both = [(given["outside_exc"], 0), (given["outside_inh"], exc)]
    units = np.full(both[0][0].steps, -1)
    for spikes, first in both:
        units[spikes.times] = first + spikes.units
    assert (units >= 0).all()
    return units


def joined(fired, first, exc):
    """Spikes of both populations as (spikes, 2), in order of time and neuron."""
    rows = [
        np.stack([first + fired[name].step, at + fired[name].unit], axis=1) for name, at in (("exc", 0), ("inh", exc))
    ]
    rows = np.concatenate(rows)
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]


@pytest.mark.parametrize("seed", [0, 1])
def test_spike_for_spike_with_a_plain_loop(seed):
    """All of the published network, through the first change of weights."""
    network, parameters = polychronous(seed, PolychronousStdp(), dtype=np.float64)
    plain = PlainPolychronous(wires(network, parameters))
    engine = start(network, parameters, FusedCpu())
    for first, steps in ((0, SECOND), (SECOND, 300)):
        given = kicks(network, seed, first, steps)
        found = joined(engine.advance(given, steps), first, 800)
        expected = plain.advance(who(given, 800))
        assert len(expected) > 1000
        np.testing.assert_array_equal(found, expected)
        drifts = np.concatenate([engine.arrays[f"{name}.drift"] for name in PLASTIC])
        np.testing.assert_allclose(drifts, plain.drift[: len(drifts)], atol=1e-9)
        assert np.abs(drifts).max() > 0.1
        if steps == SECOND:
            plain.consolidate()
            for name in PLASTIC:
                consolidate(engine.arrays[f"{name}.w"], engine.arrays[f"{name}.drift"])
    weights = np.concatenate([engine.arrays[f"{name}.w"] for name in (*PLASTIC, "inh_exc")])
    np.testing.assert_allclose(weights, plain.w, atol=1e-9)
    assert weights.std() > 0.1


def test_both_engines_agree():
    sizes = Sizes(exc=80, inh=20, fan_out=40)
    network, parameters = polychronous(3, PolychronousStdp(), sizes)
    engines = [start(network, parameters, executor) for executor in (Reference(), FusedCpu())]
    given = kicks(network, 3, 0, 400)
    one, other = (engine.advance(given, 400) for engine in engines)
    for name in ("exc", "inh"):
        np.testing.assert_array_equal(one[name], other[name])
    assert len(one["exc"].unit) > 20
    for name, values in engines[0].arrays.items():
        assert values.tobytes() == engines[1].arrays[name].tobytes(), name


def test_the_wiring_is_the_published_one():
    network, parameters = polychronous(0, PolychronousStdp())
    found = wires(network, parameters)
    assert found.sizes == (800, 200)
    assert (np.bincount(found.pre, minlength=1000) == 100).all()
    exciting = found.pre < 800
    table = np.zeros((800, 21), int)
    np.add.at(table, (found.pre[exciting], found.delay[exciting]), 1)
    assert (table[:, 1:] == 5).all()
    assert (found.delay[~exciting] == 1).all()
    assert found.post[~exciting].max() < 800
    assert set(found.w[exciting]) == {6.0}
    assert set(found.w[~exciting]) == {-5.0}
    assert 0.18 < (found.post[exciting] >= 800).mean() < 0.22


def test_another_seed_is_another_network():
    one, same, other = (polychronous(seed, None).network.projections[2].connection for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.targets, same.targets)
    assert len(one.targets) != len(other.targets) or (one.targets != other.targets).any()


def test_delays_share_the_targets_equally():
    with pytest.raises(InputError, match="equal parts on 20 delays"):
        Sizes(fan_out=30)


def test_kicks_belong_to_their_first_step():
    network, _ = polychronous(0, None)
    given, again = kicks(network, 0, 2000, 500), kicks(network, 0, 2000, 500)
    np.testing.assert_array_equal(who(given, 800), who(again, 800))
    assert (who(given, 800) != who(kicks(network, 0, 3000, 500), 800)).any()
    assert 0.1 < len(given["outside_inh"].units) / 500 < 0.3


def into_one(sent, delays, w=9.5):
    """Spikes of one neuron that three others reach with `delays` (ms); each of them fires at its step of `sent`."""
    longest = 20
    rows = np.sort(np.arange(3) * longest + np.array(delays) - 1)
    starts = np.searchsorted(rows, np.arange(3 * longest + 1))
    network = Network(
        dt=1e-3,
        nodes=(Source("a", (3,)), Population("b", (1,), izhikevich.EQUATION, EXC)),
        projections=(
            Projection(
                "ab", "a", "b", "current", Sparse(starts, np.zeros(3, np.int32), 1), None, Branched(longest - 1)
            ),
        ),
        dtype=np.float64,
    )
    dense = np.zeros((80, 3))
    dense[np.asarray(sent), np.arange(3)] = 1
    engine = start(network, {"ab.w": np.full(3, w)}, FusedCpu())
    currents, found = [], []
    for k in range(80):
        found += list(engine.advance({"a": from_dense(dense[k : k + 1])}, 1)["b"].step + k)
        currents.append(float(engine.arrays["b.current"][0]))
    return found, currents


@pytest.mark.parametrize("sent", [(8, 4, 0), (4, 4, 4), (0, 4, 8), (8, 0, 4), (0, 8, 4)])
def test_three_spikes_fire_a_neuron_only_if_they_arrive_together(sent):
    """Delays of 1, 5 and 9 ms: emitted at 8, 4 and 0 they meet."""
    sent = np.array(sent) + 30
    fired, _ = into_one(sent, (1, 5, 9), w=8.0)
    assert bool(fired) == (sent[0] - 30 == 8 and sent[1] - 30 == 4)


@pytest.mark.parametrize("shift", [1, 3, 8])
def test_a_spike_sent_later_through_a_shorter_axon_is_the_same(shift):
    sent, delays = np.array([33, 35, 30]), np.array([9, 12, 20])
    moved = np.array([0, shift, 0])
    assert into_one(sent, delays)[1] == into_one(sent + moved, delays - moved)[1]
    assert into_one(sent, delays)[1] != into_one(sent + moved, delays)[1]
