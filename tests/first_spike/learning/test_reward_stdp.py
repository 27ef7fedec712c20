"""The numbers of the rule that are known without running it, and what must not change."""

from __future__ import annotations

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.inhibition import Winner
from spikesight.first_spike.learning.reward_stdp import RewardStdp, Scales, Tally, kept
from spikesight.first_spike.learning.stdp import Stdp

SHALLOW = RewardStdp(Stdp(0.005, -0.0025), Stdp(-0.005, 0.0005))
DEEP = RewardStdp(
    Stdp(0.004, -0.003, 0.2, 0.8, stabilised=False), Stdp(-0.004, 0.0005, 0.2, 0.8, stabilised=False), 0.0, 1000
)


@pytest.mark.parametrize(
    ("right", "before", "change"),
    [(True, True, 0.0008), (True, False, -0.0004), (False, True, -0.0008), (False, False, 0.00008)],
)
def test_a_synapse_of_one_half_of_its_range_changes_by_the_published_amount(right, before, change):
    assert SHALLOW.changed(np.array([0.8]), np.array([before]), right)[0] - 0.8 == pytest.approx(change, abs=1e-15)


def test_the_first_slot_is_for_inputs_that_fired_in_time():
    """Easy to swap: a punishment weakens what led to the decision, eight times as much as it strengthens the rest."""
    assert DEEP.rates(False, Scales(1.0, 1.0)) == (-0.004, 0.0005)
    assert DEEP.rates(True, Scales(1.0, 1.0)) == (0.004, -0.003)


def test_scales_begin_at_chance():
    assert SHALLOW.at_chance(2) == pytest.approx((0.6, 0.6))
    assert DEEP.at_chance(10) == pytest.approx((0.9, 0.1))


def test_scales_follow_hits_and_misses():
    assert SHALLOW.scales(Tally(90, 8, 2)) == pytest.approx((0.264, 0.92))
    assert SHALLOW.scales(Tally(100, 0, 0)) == pytest.approx((0.2, 1.0))


def test_without_misses_a_rule_without_least_learns_no_more():
    scales = DEEP.scales(Tally(1000, 0, 0))
    w = np.array([0.5, 0.5])
    np.testing.assert_array_equal(DEEP.changed(w, np.array([True, False]), True, scales), w)


def test_reward_then_punishment_of_equal_rates_does_not_restore():
    rule = RewardStdp(Stdp(0.005, -0.005), Stdp(-0.005, 0.005))
    up = rule.changed(np.array([0.8]), np.array([True]), True)
    down = rule.changed(up, np.array([True]), False)
    assert up[0] == pytest.approx(0.8008)
    assert down[0] == pytest.approx(0.8008 - 0.005 * 0.8008 * 0.1992, abs=1e-15)
    assert down[0] == pytest.approx(0.800002, abs=1e-6)


def test_a_silent_item_changes_nothing():
    w = np.random.default_rng(0).random((3, 2, 2, 2)).astype(np.float32)
    silent = Latencies(np.full((1, 2, 3, 3), 4, np.uint8), 4)
    changed = SHALLOW.learn(Convolution(3, (2, 2), 1.0), w, silent, None, right=False)
    np.testing.assert_array_equal(changed, w)
    assert changed is not w


def test_only_the_map_that_decided_learns():
    w = np.full((3, 1, 2, 2), 0.5)
    latencies = Latencies(np.array([[[[0, 1], [2, 3]]]], np.uint8), 4)
    winner = Winner(map=1, row=0, col=0, time=1, potential=1.0)
    changed = SHALLOW.learn(Convolution(3, (2, 2), 0.9), w, latencies, winner, right=True)
    np.testing.assert_array_equal(changed[[0, 2]], w[[0, 2]])
    np.testing.assert_allclose(changed[1, 0] - 0.5, 0.25 * np.array([[0.005, 0.005], [-0.0025, -0.0025]]))


def test_without_a_stabiliser_weights_stay_within_bounds():
    w = np.array([0.2, 0.201, 0.799, 0.8])
    for right in (True, False):
        for before in (True, False):
            moved = w
            for _ in range(2000):
                moved = DEEP.changed(moved, np.full(4, before), right)
            assert set(moved.round(12)) == {0.8 if right == before else 0.2}


def test_dropout_is_of_a_pass():
    assert kept(8, 0.0, 0, 3).all()
    shares = [kept(1000, 0.4, 0, number) for number in range(3)]
    np.testing.assert_array_equal(shares[0], kept(1000, 0.4, 0, 0))
    assert (shares[0] != shares[1]).any()
    for share in shares:
        assert share.mean() == pytest.approx(0.6, abs=0.05)


def test_not_all_maps_are_left_out():
    assert all(kept(1, 0.99, 0, number).all() for number in range(20))


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: RewardStdp(Stdp(-0.1, 0.1), Stdp(-0.1, 0.1)), r"plus >= 0.*got reward \(-0\.1, 0\.1\)"),
        (lambda: RewardStdp(punish=Stdp(0.1, -0.1)), "a punishment does the reverse"),
        (lambda: RewardStdp(punish=Stdp(-0.1, 0.1, low=0.2)), "give both the same bounds"),
        (lambda: RewardStdp(reward=Stdp(0.004, -0.003, doubling=500)), "for unsupervised layers"),
        (lambda: RewardStdp(least=1.5), "least scale is 0 to 1"),
        (lambda: RewardStdp(every=0), "every 1 or more images"),
        (lambda: RewardStdp().scales(Tally()), "none were counted"),
        (lambda: kept(3, 1.0, 0, 0), "below 1, got 1.0"),
    ],
)
def test_what_cannot_be_is_refused(made, message):
    with pytest.raises(InputError, match=message):
        made()
