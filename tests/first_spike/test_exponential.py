import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.first_spike.exponential import Exponential, crossings, fire

EXECUTORS = [Reference(), FusedCpu()]
UNIT = Exponential(1, threshold=1.0, tau=1.0)


def at(*times):
    return Latencies(np.array([times]))


def column(*weights):
    return np.array(weights)[:, None]


def potential(t, times, w, tau=1.0):
    """By the current's own equation: what each spike before t has brought until t."""
    return sum(one * (1 - np.exp(-(t - when) / tau)) for one, when in zip(w, times, strict=True) if when < t)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_two_spikes_are_both_needed(executor):
    found = crossings(np.exp([[0.0, 0.5]]), column(0.8, 0.9), 1.0, executor)
    np.testing.assert_allclose(found.z, [[3.262642]], atol=1e-6)
    assert found.causes == 2
    fired = fire(UNIT, column(0.8, 0.9), at(0.0, 0.5), executor)
    np.testing.assert_allclose(fired.latencies.times, [[1.182537]], atol=1e-6)
    assert potential(fired.latencies.times.item(), (0.0, 0.5), (0.8, 0.9)) == pytest.approx(1.0)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_spike_that_comes_after_is_no_cause(executor):
    found = crossings(np.exp([[0.0, 0.1, 3.0]]), column(0.9, 0.9, 0.9), 1.0, executor)
    np.testing.assert_allclose(found.z, [[2.368317]], atol=1e-6)
    np.testing.assert_allclose(np.log(found.z), [[0.862180]], atol=1e-6)
    assert found.causes == 2


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_late_spike_at_ln_6_is_z_6(executor):
    late = fire(UNIT, column(1e9), at(np.log(6.0)), executor)
    np.testing.assert_allclose(np.exp(late.latencies.times), [[6.0]])


@pytest.mark.parametrize("executor", EXECUTORS)
def test_later_inputs_by_c_are_a_later_spike_by_c(executor):
    rng = np.random.default_rng(0)
    times, w = rng.uniform(0, 3, (5, 20)), rng.normal(0.1, 0.3, (20, 7))
    layer = Exponential(7, tau=1.0)
    early, late = (fire(layer, w, Latencies(times + c), executor).latencies.times for c in (0.0, 1.25))
    np.testing.assert_allclose(early + 1.25, late, rtol=1e-12)


def test_tau_is_the_unit_of_time():
    times, w = np.random.default_rng(0).uniform(0, 3, (5, 20)), np.full((20, 1), 0.2)
    one = fire(Exponential(1, tau=1.0), w, Latencies(times)).latencies.times
    ten = fire(Exponential(1, tau=10e-3), w, Latencies(times * 10e-3)).latencies.times
    np.testing.assert_allclose(one * 10e-3, ten)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_first_crossing_is_found_that_a_walk_through_time_finds(executor):
    rng = np.random.default_rng(3)
    times, w = rng.uniform(0, 2, (40, 12)), rng.normal(0.0, 0.5, (12, 1))
    w += (0.9 - w.sum()) / len(w)  # not enough in the end, but in between where positive ones come first
    found = fire(UNIT, w, Latencies(times), executor).latencies.times[:, 0]
    fine = np.arange(0.0, 12.0, 1e-3)
    for row, spike in zip(times, found, strict=True):
        v = np.where(fine[:, None] > row, w[:, 0] * (1 - np.exp(row - fine[:, None])), 0).sum(axis=1)
        walked = fine[(v > 1.0).argmax()] if (v > 1.0).any() else np.inf
        assert spike == pytest.approx(walked, abs=2e-3) or spike > fine[-1]
    assert 0 < np.isinf(found).sum() < 40


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("w", [(0.5, 0.4), (1.0, 0.0), (-1.0, 2.0), (0.0, 0.0)])
def test_weights_that_do_not_sum_above_the_threshold_never_fire(executor, w):
    fired = fire(UNIT, column(*w), at(0.0, 0.5), executor)
    assert np.isinf(fired.latencies.times).all()
    np.testing.assert_allclose(fired.potentials, sum(w))


@pytest.mark.parametrize("executor", EXECUTORS)
def test_inputs_that_never_fire_are_no_causes(executor):
    fired = fire(UNIT, column(0.8, 5.0), at(0.0, np.inf), executor)
    assert np.isinf(fired.latencies.times).all()
    np.testing.assert_allclose(fired.potentials, 0.8)
    nothing = fire(UNIT, column(0.8, 5.0), at(np.inf, np.inf), executor)
    np.testing.assert_array_equal(nothing.potentials, 0.0)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_spikes_that_come_together_are_all_causes_whatever_their_order(executor):
    z, w = np.array([[1.0, 1.0, 1.0, 6.0]]), column(2.0, -0.75, 0.5, 3.0)
    for turn in ([0, 1, 2, 3], [1, 0, 2, 3], [2, 3, 1, 0]):
        found = crossings(z[:, turn], w[turn], 1.0, executor)
        assert (found.z.item(), found.causes.item()) == (1.75 / 0.75, 3)


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 17, 5), (9, 64, 31), (2, 300, 10)])
def test_compiled_spikes_are_those_of_the_meaning(shape):
    items, n_pre, n_post = shape
    rng = np.random.default_rng(n_pre)
    z = rng.integers(4, 64, (items, n_pre)) / 4.0
    z[rng.random(z.shape) < 0.1] = np.inf
    w = rng.integers(-8, 11, (n_pre, n_post)) / 16.0
    before = z.copy(), w.copy()
    slow, fast = (crossings(z, w, 1.0, executor) for executor in EXECUTORS)
    for field in ("z", "excess", "causes"):
        np.testing.assert_array_equal(getattr(slow, field), getattr(fast, field), err_msg=field)
    np.testing.assert_array_equal(before[0], z)
    np.testing.assert_array_equal(before[1], w)


def test_an_item_is_answered_alike_in_any_company():
    rng = np.random.default_rng(5)
    z, w = rng.uniform(1, 9, (9, 40)).astype("f4"), rng.normal(0.1, 0.4, (40, 8)).astype("f4")
    np.testing.assert_array_equal(crossings(z, w, 1.0).z[4:], crossings(z[4:], w, 1.0).z)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_nobody_is_asked_and_nobody_answers(executor):
    assert crossings(np.ones((0, 3)), np.ones((3, 2)), 1.0, executor).z.shape == (0, 2)


def test_what_makes_no_layer_is_refused():
    for bad in ({"n": 0}, {"n": 1, "threshold": 0.0}, {"n": 1, "tau": -1.0}, {"n": 1, "threshold": np.inf}):
        with pytest.raises(InputError):
            Exponential(**bad)
    with pytest.raises(InputError, match="seconds"):
        fire(UNIT, column(1.0), Latencies(np.array([[0]]), 4))
    with pytest.raises(InputError, match="shape"):
        fire(UNIT, column(1.0), at(0.0, 1.0))
    with pytest.raises(InputError, match="NaN"):
        fire(UNIT, column(np.nan), at(0.0))
