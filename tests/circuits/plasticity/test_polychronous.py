"""The rule against one pair by hand, against all spikes by brute force, and what it must do in the long run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.delays import Axonal
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.polychronous import PolychronousStdp, consolidate
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import from_dense
from spikesight.equations import leaky
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

EXECUTORS = pytest.mark.parametrize("executor", [Reference(), FusedCpu()], ids=["reference", "fused"])
STEPS = 80


def drift(sent, fired, delay, executor):
    """Drift of one synapse: its neuron before fires at steps `sent`, the one behind is made to fire at `fired`.

    Steps of the program this comes from: a spike of step t reaches, with a delay of d, a neuron that may fire at t + d.
    """
    neuron = leaky.Params(tau=1e-3, threshold=0.5, drive=leaky.Charge())
    network = Network(
        dt=1e-3,
        nodes=(Source("a", (1,)), Source("teacher", (1,)), Population("b", (1,), leaky.EQUATION, neuron)),
        projections=(
            Projection("ab", "a", "b", "current", Dense(), PolychronousStdp(), Axonal(delay - 1)),
            Projection("force", "teacher", "b", "current", Dense()),
        ),
        dtype=np.float64,
    )
    engine = start(network, {"ab.w": np.zeros((1, 1)), "force.w": np.full((1, 1), 10.0)}, executor)
    given = {}
    for name, times in (("a", sent), ("teacher", np.array(sorted(fired), int) - 1)):
        dense = np.zeros((STEPS, 1))
        dense[sorted(times) if name == "a" else times] = 1
        given[name] = from_dense(dense)
    found = engine.advance(given, STEPS)
    assert list(found["b"].step) == sorted(fired)
    return float(engine.arrays["ab.drift"][0, 0])


@EXECUTORS
@pytest.mark.parametrize("delay", [1, 2, 7, 20])
def test_a_pair_ten_milliseconds_apart(executor, delay):
    assert drift([5], [5 + delay + 10], delay, executor) == pytest.approx(0.1 * 0.95**10, abs=1e-12)
    assert drift([5], [5 + delay + 10], delay, executor) == pytest.approx(0.059874, abs=5e-7)
    # Depression reads the trace where the current acts, one step before the one that potentiation counts.
    assert drift([30], [30 + delay - 1 - 10], delay, executor) == pytest.approx(-0.12 * 0.95**10, abs=1e-12)
    assert drift([30], [30 + delay - 1 - 10], delay, executor) == pytest.approx(-0.071848, abs=5e-7)


@EXECUTORS
def test_around_the_arrival(executor):
    assert drift([5], [8], 3, executor) == pytest.approx(0.1, abs=1e-12)
    assert drift([5], [7], 3, executor) == pytest.approx(-0.12, abs=1e-12)


def by_hand(sent, fired, delay):
    """The sheet's sums, spike by spike, with traces that are set and not added to."""
    trace = lambda times, now: max((0.95 ** (now - t) for t in times if t <= now), default=0.0)  # noqa: E731
    plus = sum(0.1 * trace(sent, t - delay) for t in fired)
    return plus - sum(0.12 * trace(fired, t + delay - 1) for t in sent if t + delay - 1 < STEPS)


TIMES = st.sets(st.integers(1, STEPS - 1), max_size=12)


@settings(max_examples=60, deadline=None)
@given(sent=TIMES, fired=TIMES, delay=st.integers(1, 20))
def test_all_spikes_by_hand(sent, fired, delay):
    expected = by_hand(sent, fired, delay)
    for executor in (Reference(), FusedCpu()):
        assert drift(sent, fired, delay, executor) == pytest.approx(expected, abs=1e-12)


def test_without_activity_a_weight_reaches_its_bound_in_400_seconds():
    w, still = np.full(5, 6.0), np.zeros(5)
    for second in range(1, 421):
        consolidate(w, still)
        assert w == pytest.approx(min(6.0 + 0.01 * second, 10.0))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_second_of_drift(dtype):
    w, moving = np.array([0.05, 5.0, 9.9], dtype), np.array([-0.2, -0.2, 0.5], dtype)
    consolidate(w, moving)
    np.testing.assert_allclose(w, [0.0, 4.81, 10.0], rtol=1e-6)
    np.testing.assert_allclose(moving, [-0.18, -0.18, 0.45], rtol=1e-6)
    assert w.dtype == moving.dtype == dtype


def test_masked_synapses_stay_away():
    mask, w, drift_ = np.array([True, False]), np.array([1.0, 0.0]), np.ones(2)
    consolidate(w, drift_, present=mask)
    assert list(w) == [pytest.approx(2.01), 0.0]
