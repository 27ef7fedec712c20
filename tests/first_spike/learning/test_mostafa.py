import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.first_spike.exponential import crossings
from spikesight.first_spike.learning.mostafa import EarliestWins, Restraint, pull

EXECUTORS = [Reference(), FusedCpu()]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_slopes_of_two_spikes(executor):
    z, w = np.exp([[0.0, 0.5]]), np.array([[0.8], [0.9]])
    found = pull(np.ones((1, 1)), z, w, crossings(z, w, 1.0), executor)
    np.testing.assert_allclose(found.to_w[:, 0], [-3.232345, -2.305601], atol=1e-6)
    np.testing.assert_allclose(found.to_z, [[1.142857, 1.285714]], atol=1e-6)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_spike_that_comes_after_has_no_slope(executor):
    z, w = np.exp([[0.0, 0.1, 3.0]]), np.full((3, 1), 0.9)
    found = pull(np.ones((1, 1)), z, w, crossings(z, w, 1.0), executor)
    assert found.to_w[2, 0] == found.to_z[0, 2] == 0.0
    assert (found.to_w[:2] != 0).all()


@pytest.mark.parametrize("executor", EXECUTORS)
def test_slopes_along_times_sum_to_the_spike_itself(executor):
    rng = np.random.default_rng(0)
    z, w = np.exp(rng.uniform(0, 2, (6, 15))), rng.normal(0.2, 0.3, (15, 1))
    found = crossings(z, w, 1.0)
    told = pull(np.ones((6, 1)), z, w, found, executor).to_z
    there = np.isfinite(found.z[:, 0])
    assert there.any()
    np.testing.assert_allclose((z * told).sum(axis=1)[there], found.z[there, 0])


def numeric(f, at, h=1e-6):
    slope = np.empty_like(at)
    for place in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[place] += h
        down[place] -= h
        slope[place] = (f(up) - f(down)) / (2 * h)
    return slope


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("sharpness", [1.0, 2.5])
def test_two_layers_by_finite_differences(executor, sharpness):
    rng = np.random.default_rng(1)
    z = rng.uniform(1, 6, (3, 8))
    w1, w2 = rng.normal(0.4, 0.3, (8, 6)), rng.normal(0.5, 0.5, (6, 4))
    label, loss = np.array([0, 3, 1]), EarliestWins(sharpness)

    def total(z, w1, w2):
        hidden = crossings(z, w1, 1.0)
        return loss(crossings(hidden.z, w2, 1.0).z, label)[0].sum()

    hidden = crossings(z, w1, 1.0, executor)
    out = crossings(hidden.z, w2, 1.0, executor)
    assert np.isfinite(out.z).all()
    upper = pull(loss(out.z, label)[1], hidden.z, w2, out, executor)
    lower = pull(upper.to_z, z, w1, hidden, executor)
    np.testing.assert_allclose(upper.to_w, numeric(lambda v: total(z, w1, v), w2), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(lower.to_w, numeric(lambda v: total(z, v, w2), w1), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(lower.to_z, numeric(lambda v: total(v, w1, w2), z), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 17, 5), (9, 64, 31)])
def test_compiled_slopes_are_those_of_the_meaning(shape):
    items, n_pre, n_post = shape
    rng = np.random.default_rng(n_pre)
    z = rng.uniform(1, 9, (items, n_pre))
    z[rng.random(z.shape) < 0.1] = np.inf
    w, blame = rng.normal(0.1, 0.4, (n_pre, n_post)), rng.normal(0, 1, (items, n_post))
    found = crossings(z, w, 1.0)
    slow, fast = (pull(blame, z, w, found, executor) for executor in EXECUTORS)
    np.testing.assert_allclose(slow.to_w, fast.to_w, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(slow.to_z, fast.to_z, rtol=1e-10, atol=1e-12)


def test_the_loss_wants_the_right_neuron_first():
    loss, slope = EarliestWins()(np.array([[1.0, 3.0, 2.0]]), np.array([1]))
    chance = np.exp([-1.0, -3.0, -2.0]) / np.exp([-1.0, -3.0, -2.0]).sum()
    np.testing.assert_allclose(loss, -np.log(chance[1]))
    np.testing.assert_allclose(slope, [np.array([0.0, 1.0, 0.0]) - chance])


def test_silent_neurons_have_no_slope():
    z = np.array([[np.inf, 2.0, 3.0], [np.inf, np.inf, np.inf]])
    loss, slope = EarliestWins()(z, np.array([0, 1]))
    assert np.isinf(loss).all()
    assert slope[0, 0] == 0.0
    assert (slope[0, 1:] < 0).all()  # later, please
    np.testing.assert_array_equal(slope[1], 0.0)


def test_the_cost_of_weights_by_finite_differences():
    rng = np.random.default_rng(0)
    w = rng.normal(0.2, 0.3, (6, 5))
    assert 0 < (w.sum(axis=0) < 1).sum() < 5
    restraint = Restraint(cost=3.0, decay=0.1, largest=np.inf)
    expected = numeric(lambda v: restraint.of(v, 1.0).sum(), w)
    np.testing.assert_allclose(restraint.restrained(np.zeros_like(w), w, 1.0), expected, rtol=1e-6, atol=1e-8)


def test_the_slope_of_a_neuron_is_cut_to_a_length_and_keeps_its_direction():
    slope = np.array([[30.0, 0.3], [40.0, 0.4]])
    cut = Restraint(cost=0.0, largest=10.0).restrained(slope, np.ones((2, 2)), 1.0)
    np.testing.assert_allclose(cut, [[6.0, 0.3], [8.0, 0.4]])


def test_what_restrains_nothing_is_refused():
    for bad in ({"cost": -1.0}, {"decay": -1.0}, {"largest": 0.0}):
        with pytest.raises(InputError):
            Restraint(**bad)
    with pytest.raises(InputError, match="sharpness"):
        EarliestWins(0.0)
