"""Learning from patches: by hand, compiled as in NumPy, and from every place of a map."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.first_spike.learning.falez import Biological, BiologicalMultiplicative, Linear, Multiplicative
from spikesight.first_spike.learning.first_winner import NOBODY, learn, random_patches
from spikesight.first_spike.learning.target_time import TargetTime

EXECUTORS = [Reference(), FusedCpu()]


def patches(*rows, steps=8):
    return Latencies(np.array(rows), steps)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_first_to_fire_learns_and_thresholds_adapt(executor):
    """Inputs at 0, 2, 5 and never: neuron 0 has 0.5 + 0.25 > 0.7 at step 2, neuron 1 would fire at 5."""
    w = np.array([[0.5, 0.25], [0.25, 0.25], [0.5, 1.0], [0.5, 0.5]])
    learned = learn(w, [0.7, 0.9], patches([0, 2, 5, 8]), Linear(0.125, 0.25), TargetTime(0.5, 0.5, 0.1), 1.0, executor)
    assert (learned.winners.tolist(), learned.times.tolist()) == ([0], [2])
    np.testing.assert_array_equal(learned.w[:, 0], [0.625, 0.375, 0.25, 0.25])
    np.testing.assert_array_equal(learned.w[:, 1], w[:, 1])
    np.testing.assert_allclose(learned.thresholds, [0.7 + 0.125 + 0.5, 0.9 + 0.125 - 0.5])


@pytest.mark.parametrize("executor", EXECUTORS)
def test_all_spikes_of_a_step_count_before_anybody_fires(executor):
    w = np.array([[1.0, 0.0], [0.0, 2.0]])
    learned = learn(w, [0.5, 0.5], patches([3, 3]), Linear(), TargetTime(), 1.0, executor)
    assert learned.winners.tolist() == [1]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_of_equals_the_lower_number_wins(executor):
    learned = learn(np.full((2, 3), 0.5), np.full(3, 0.75), patches([1, 1]), Linear(), TargetTime(), 1.0, executor)
    assert learned.winners.tolist() == [0]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("rows", [[[8, 8, 8]], [[0, 0, 8]]], ids=["no spike", "too few"])
def test_where_nobody_fires_nothing_changes(executor, rows):
    w, thresholds = np.full((3, 2), 0.5), np.array([1.0, 1.5])  # two spikes make 1.0, which is not above
    learned = learn(w, thresholds, patches(*rows), Linear(), TargetTime(), 1.0, executor)
    assert (learned.winners.tolist(), learned.times.tolist()) == ([NOBODY], [8])
    np.testing.assert_array_equal(learned.w, w)
    np.testing.assert_array_equal(learned.thresholds, thresholds)


def made_up(n_pre, n_post, items, steps, seed=0):
    random = np.random.default_rng(seed)
    w = random.integers(0, 17, (n_pre, n_post)) / 16.0
    thresholds = random.integers(n_pre, 3 * n_pre, n_post) / 8.0
    return w, thresholds, Latencies(random.integers(0, steps + 1, (items, n_pre)), steps)


@pytest.mark.parametrize(("n_pre", "n_post", "steps"), [(1, 1, 1), (7, 5, 3), (50, 32, 255), (33, 9, 300)])
def test_compiled_as_in_numpy_to_the_last_bit_where_sums_are_exact(n_pre, n_post, steps):
    """Weights, changes and thresholds are multiples of powers of two, so that no order of adding matters."""
    w, thresholds, shown = made_up(n_pre, n_post, 200, steps)
    rule, target = Linear(0.125, 0.0625), TargetTime(0.5, 0.0, 1.0)
    one, other = (learn(w, thresholds, shown, rule, target, 0.5, executor) for executor in EXECUTORS)
    for name in one._fields:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@pytest.mark.parametrize("rule", [Biological(), Multiplicative(), BiologicalMultiplicative(0.2)])
def test_compiled_as_in_numpy_with_every_rule(rule):
    w, thresholds, shown = made_up(20, 6, 100, 64)
    one, other = (learn(w, thresholds, shown, rule, TargetTime(), 0.7, executor) for executor in EXECUTORS)
    np.testing.assert_array_equal(one.winners, other.winners)
    np.testing.assert_allclose(one.w, other.w, rtol=1e-12)
    np.testing.assert_allclose(one.thresholds, other.thresholds, rtol=1e-12)


def test_what_was_given_stays_as_it_is():
    w, thresholds, shown = made_up(20, 6, 50, 64)
    before = w.copy(), thresholds.copy(), shown.times.copy()
    learn(w, thresholds, shown, Linear(), TargetTime())
    for kept, given in zip(before, (w, thresholds, shown.times), strict=True):
        np.testing.assert_array_equal(kept, given)


def test_single_precision_stays():
    w, thresholds, shown = made_up(20, 6, 50, 64)
    for executor in EXECUTORS:
        assert learn(w.astype("f4"), thresholds, shown, Linear(), TargetTime(), 1.0, executor).w.dtype == np.float32


def test_neurons_take_turns():
    """One pattern, four neurons: without a price of winning one takes all, with it each has its share."""
    shown = patches(*400 * [[0, 1, 2, 3]], steps=4)
    w, thresholds = np.full((4, 4), 0.5), np.array([0.5, 0.6, 0.7, 0.8])
    rule = Linear(0.001, 0.001)
    alone = np.bincount(learn(w, thresholds, shown, rule, TargetTime(0.5, 0.0, 0.1)).winners, minlength=4)
    shared = np.bincount(learn(w, thresholds, shown, rule, TargetTime(0.5, 0.1, 0.1)).winners, minlength=4)
    assert alone.max() == 400
    assert shared.min() > 60


def test_winners_come_to_fire_at_the_target():
    random = np.random.default_rng(0)
    shown = Latencies(random.integers(0, 100, (4000, 40)), 100)
    learned = learn(random.random((40, 8)), np.full(8, 2.0), shown, Linear(0.01, 0.01), TargetTime(0.6, 0.1, 0.5))
    assert learned.times[:100].mean() / 100 < 0.4
    assert learned.times[-1000:].mean() / 100 == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize(
    ("w", "thresholds", "times", "says"),
    [
        (np.ones((3, 2)), [1.0, 1.0], np.zeros((2, 2, 3), int), "flatten them"),
        (np.ones((4, 2)), [1.0, 1.0], np.zeros((2, 3), int), r"shape \(4, 2\), this input needs \(3, 2\)"),
        (np.full((3, 2), np.nan), [1.0, 1.0], np.zeros((2, 3), int), "6 weights are NaN"),
        (np.ones((3, 2)), [1.0, np.nan], np.zeros((2, 3), int), "one number for each neuron"),
    ],
)
def test_what_does_not_fit(w, thresholds, times, says):
    with pytest.raises(InputError, match=says):
        learn(w, thresholds, Latencies(times, 8), Linear(), TargetTime())


def test_times_in_seconds_are_refused():
    with pytest.raises(InputError, match="whole steps are needed"):
        learn(np.ones((3, 2)), [1.0, 1.0], Latencies(np.zeros((1, 3))), Linear(), TargetTime())


def test_patches_come_from_all_places_alike():
    """Also from the last row and column: 24 x 24 places for 5 x 5 of 28 x 28."""
    shown = Latencies(np.tile(np.arange(2 * 28 * 28).reshape(2, 28, 28), (6000, 1, 1, 1)), 2 * 28 * 28)
    found = random_patches(shown, (5, 5), np.random.default_rng(0)).times.reshape(-1, 2, 5, 5)
    assert (np.diff(found, axis=1) == 28 * 28).all()
    assert (np.diff(found, axis=3) == 1).all()
    places = np.stack(np.divmod(found[:, 0, 0, 0], 28), axis=1)
    counts = np.zeros((24, 24))
    np.add.at(counts, tuple(places.T), 1)
    assert counts.min() >= 1
    for axis in (0, 1):
        np.testing.assert_allclose(counts.sum(axis=axis), 250, atol=70)


def test_a_patch_as_large_as_the_map_is_the_map():
    shown = Latencies(np.arange(32).reshape(1, 2, 4, 4), 32)
    np.testing.assert_array_equal(random_patches(shown, (4, 4), np.random.default_rng(0)).times[0], np.arange(32))
    with pytest.raises(InputError, match="do not fit on maps of 4 x 4"):
        random_patches(shown, (5, 4), np.random.default_rng(0))
