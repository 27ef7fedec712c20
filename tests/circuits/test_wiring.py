"""Lists of synapses: what is promised exactly, and statistics within four standard errors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.delays import Branched, PerSynapse
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.circuits.wiring import branched, fan_in, fan_out, from_dense, random_pairs
from spikesight.encoding.spike_list import from_dense as spikes_from_dense
from spikesight.equations import leaky
from spikesight.executors.reference import Reference


def drawn(seed=0):
    return generator(seed, "wiring")


@pytest.mark.parametrize("probability", [0.003, 0.2, 1.0])
def test_pairs_are_drawn_with_their_probability(probability):
    wiring = random_pairs(400, 500, probability, drawn())
    expected, spread = 400 * 500 * probability, np.sqrt(400 * 500 * probability * (1 - probability))
    assert abs(len(wiring.targets) - expected) <= 4 * spread
    reached = np.bincount(wiring.targets, minlength=500)
    assert abs(reached.var() - 400 * probability * (1 - probability)) <= 4 * np.sqrt(2 / 500) * 400 * probability
    assert wiring.simple
    assert wiring.targets.dtype == np.int32


def test_the_same_generator_draws_the_same_and_none_is_none():
    np.testing.assert_array_equal(
        random_pairs(50, 60, 0.1, drawn()).targets, random_pairs(50, 60, 0.1, drawn()).targets
    )
    assert len(random_pairs(50, 60, 0.0, drawn()).targets) == 0


def test_a_chance_next_to_none_draws_next_to_none():
    assert max(len(random_pairs(1000, 1000, 1e-17, drawn(seed)).targets) for seed in range(20)) == 0


@pytest.mark.parametrize(
    "wiring",
    [
        random_pairs(80, 80, 0.5, drawn(), to_itself=False),
        fan_out(80, 80, 20, drawn(), to_itself=False),
        fan_in(80, 80, 20, drawn(), to_itself=False),
    ],
)
def test_none_to_itself(wiring):
    assert (wiring.rows != wiring.targets).all()


def test_fixed_numbers_on_either_side_are_different_neurons_and_all_alike():
    out, into = fan_out(300, 200, 30, drawn()), fan_in(300, 200, 30, drawn())
    assert (np.diff(out.starts) == 30).all()
    assert (np.bincount(into.targets, minlength=200) == 30).all()
    assert out.simple
    assert into.simple
    # Each neuron is reached by a binomial number: 300 draws with a chance of 30 / 200.
    reached = np.bincount(out.targets, minlength=200)
    assert abs(reached.var() - 300 * 0.15 * 0.85) <= 4 * np.sqrt(2 / 200) * 300 * 0.15 * 0.85


def test_a_mask_becomes_a_list_and_weights_are_taken_at_it():
    random = drawn()
    mask, w, pre = random.random((7, 5)) < 0.4, random.random((7, 5)), random.random(7)
    np.testing.assert_allclose(from_dense(mask).forward(w[mask], pre), pre @ (w * mask))


def test_where_nobody_is_nobody_is_joined():
    for wiring in (fan_out(0, 5, 2, drawn()), fan_in(5, 0, 2, drawn()), random_pairs(0, 5, 0.5, drawn())):
        assert (len(wiring.targets), wiring.targets.dtype) == (0, np.int32)
    assert (fan_out(0, 5, 2, drawn()).weight_shape(0, 5), fan_in(5, 0, 2, drawn()).weight_shape(5, 0)) == ((0,), (0,))
    assert fan_out(0, 5, 2, drawn(), to_itself=False).starts.tolist() == [0]


def test_whole_numbers_of_any_type_are_targets_and_others_are_refused():
    assert Sparse([0, 2], [1.0, 2.0], 3).targets.tolist() == [1, 2]
    for starts, targets in (([0, 2], [0.7, 1.0]), ([0.0, 1.5, 2.0], [0, 1]), ([0, 2], [[0, 1], [1, 0]])):
        with pytest.raises(InputError, match=r"whole numbers.*got"):
            Sparse(starts, targets, 3)
    for targets in ([np.nan, 1.0], [np.inf, 1.0], [-0.5, 1.0]):
        with pytest.raises(InputError):
            Sparse([0, 2], targets, 3)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), longest=st.integers(0, 6))
def test_branches_deliver_what_delays_of_synapses_deliver(seed, longest):
    random = np.random.default_rng(seed)
    n_pre, n_post, steps = 4, 5, 30
    counts = random.integers(0, 6, n_pre)
    wiring = Sparse(np.r_[0, np.cumsum(counts)], random.integers(0, n_post, counts.sum()), n_post)
    delays, w = random.integers(0, longest + 1, counts.sum()), random.random(counts.sum())
    rows, order = branched(wiring, delays, longest)
    spikes = {"input": spikes_from_dense(random.random((steps, n_pre)) < 0.2)}
    params = leaky.Params(tau=20e-3, threshold=1e9, drive=leaky.Charge())
    ends = []
    for connection, delay, given_ in (
        (wiring, PerSynapse(longest), {"p.w": w, "p.delay": delays}),
        (rows, Branched(longest), {"p.w": w[order]}),
    ):
        nodes = Source("input", (n_pre,)), Population("out", (n_post,), leaky.EQUATION, params)
        projection = Projection("p", "input", "out", "current", connection, delay=delay)
        engine = start(Network(1e-3, nodes, (projection,), np.float64), given_, Reference())
        engine.advance(spikes, steps)
        ends.append(engine.arrays["out.v"])
    np.testing.assert_allclose(ends[0], ends[1], atol=1e-12)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: random_pairs(3, 3, 1.5, drawn()),
        lambda: fan_out(3, 3, 3, drawn(), to_itself=False),
        lambda: fan_in(3, 3, 4, drawn()),
        lambda: branched(Sparse([0, 2], [0, 1], 2), [0, 3], 2),
        lambda: branched(Sparse([0, 2], [0, 1], 2), [0.5, 1], 2),
        lambda: branched(Sparse([0, 2], [0, 1], 2), [1], 2),
        lambda: from_dense(np.ones((2, 2))),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(InputError):
        wrong()
