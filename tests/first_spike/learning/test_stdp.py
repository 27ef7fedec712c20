"""Sign-only STDP against the values of its formula, its schedule and its invariants."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.inhibition import Winner
from spikesight.first_spike.learning.stdp import Stdp, convergence, learn

SCHEDULED = Stdp(0.004, -0.003, doubling=500)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (True, [0.80064, 0.801278, 0.801915, 0.802551, 0.803185]),
        (False, [0.79952, 0.799039, 0.798557, 0.798075, 0.797591]),
    ],
)
def test_five_updates_from_0_8(before, expected):
    w = np.array([0.8])
    found = []
    for _ in range(5):
        w = Stdp().changed(w, [before])
        found.append(float(w[0]))
    np.testing.assert_allclose(found, expected, atol=5e-7)


def test_rates_double_just_before_image_500_1000_and_stop_at_the_largest():
    wanted = {1: 0.004, 499: 0.004, 500: 0.008, 1000: 0.016, 1500: 0.032, 2000: 0.064, 2500: 0.128, 3000: 0.15}
    wanted[10**9] = 0.15
    for image, plus in wanted.items():
        np.testing.assert_allclose(SCHEDULED.rates(image), (plus, -0.75 * plus), rtol=1e-12)


@pytest.mark.parametrize(("before", "updates"), [(True, 649), (False, 1121)])
def test_a_synapse_has_decided_after_so_many_updates(before, updates):
    w, done = np.array([0.8]), 0
    while convergence(w) >= 0.01:
        done += 1
        w = SCHEDULED.changed(w, [before], done)
    assert done == updates


def test_convergence_at_initialisation():
    w = np.random.default_rng(0).normal(0.8, 0.05, 400_000)
    assert convergence(w) == pytest.approx(0.1575, abs=2e-4)


def test_a_weight_at_a_bound_stays_there():
    rule = Stdp(0.1, -0.1)
    np.testing.assert_array_equal(rule.changed([0.0, 1.0, 0.0, 1.0], [True, True, False, False]), [0, 1, 0, 1])
    np.testing.assert_allclose(rule.changed([0.5, 0.5], [True, False]), [0.525, 0.475], rtol=1e-15)


def test_without_the_stabiliser_the_rate_is_added_up_to_the_bounds():
    rule = Stdp(0.1, -0.1, stabilised=False)
    np.testing.assert_allclose(rule.changed([0.5, 0.95, 0.05], [True, True, False]), [0.6, 1.0, 0.0], rtol=1e-15)


def test_bounds_other_than_0_and_1():
    rule = Stdp(0.1, -0.1, low=-1.0, high=3.0)
    np.testing.assert_allclose(rule.changed([0.0], [True]), [0.3], rtol=1e-15)


def test_a_winner_changes_the_whole_of_its_map_and_nothing_else():
    layer = Convolution(2, (2, 2), 1.0)
    times = Latencies(np.array([[[[0, 3, 9], [2, 4, 9], [9, 9, 9]]]], np.uint8), 9)
    w = np.full((2, 1, 2, 2), 0.5)
    after = learn(Stdp(0.1, -0.1), layer, w, times, [Winner(1, 0, 0, 3, 2.0)])
    np.testing.assert_array_equal(after[0], w[0])
    np.testing.assert_allclose(after[1, 0], [[0.525, 0.525], [0.525, 0.475]])


def test_what_never_fires_or_lies_outside_is_weakened():
    layer = Convolution(1, (3, 3), 1.0, padding=(1, 1))
    times = Latencies(np.zeros((1, 1, 2, 2), np.uint8), 1)
    after = learn(Stdp(0.1, -0.1), layer, np.full((1, 1, 3, 3), 0.5), times, [Winner(0, 0, 0, 0, 1.0)])
    expected = np.full((3, 3), 0.475)
    expected[1:, 1:] = 0.525
    np.testing.assert_allclose(after[0, 0], expected)


def test_only_the_order_of_times_counts():
    layer = Convolution(3, (3, 3), 1.0, stride=(2, 1), dilation=(1, 2))
    generator = np.random.default_rng(0)
    times = generator.integers(0, 8, (1, 2, 9, 9))
    w = generator.uniform(size=(3, 2, 3, 3))
    stretched = np.array([0, 2, 3, 5, 8, 11, 12, 17])
    here = learn(Stdp(), layer, w, Latencies(times, 8), [Winner(2, 3, 4, 5, 1.0)])
    there = learn(Stdp(), layer, w, Latencies(stretched[times], 20), [Winner(2, 3, 4, 11, 1.0)])
    np.testing.assert_array_equal(here, there)


def test_weights_stay_within_their_bounds():
    generator = np.random.default_rng(1)
    w = generator.uniform(size=200).astype(np.float32)
    for image in range(1, 4000, 7):
        w = SCHEDULED.changed(w, generator.uniform(size=200) < 0.4, image)
    assert w.dtype == np.float32
    assert w.min() >= 0.0
    assert w.max() <= 1.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"plus": np.nan},
        {"low": 1.0, "high": 0.0},
        {"low": -np.inf},
        {"high": np.nan},
        {"minus": np.inf},
        {"doubling": 0},
        {"doubling": 5, "plus": 0.5},
        {"doubling": 5, "plus": -0.1},
    ],
)
def test_refused(wrong):
    with pytest.raises(InputError):
        Stdp(**wrong)
