import numpy as np
import pytest

from spikesight.zoo.attention_layers import Intermediate, LearnedThreshold, intermediate_threshold


def test_threshold_of_the_intermediate_layer():
    assert intermediate_threshold() == pytest.approx(252.717, abs=5e-4)


def test_steps_and_drift_of_the_intermediate_layer():
    rule = Intermediate()
    moved = rule.at_post(np.array([0.5, 0.5]), np.array([True, False])) - 0.5
    assert moved == pytest.approx([0.00225, -0.00275])
    for share, kept in ((0.54, False), (0.56, True)):
        active = np.arange(100) < 100 * share
        drift = sum(float(rule.at_post(np.array([0.5]), np.array([one]))[0]) - 0.5 for one in active)
        assert (drift > 0) is kept
    assert rule.at_pre(np.array([0.5, 0.999]), np.array([False, True])).tolist() == [0.5, 1.0]
    assert rule.at_post(np.array([0.001]), np.array([False])) == 0.0


def test_a_threshold_without_drive_falls_to_its_floor_in_285_spikes():
    rule, theta, spikes = LearnedThreshold(), 140.0, 0
    net, nothing = np.ones(3), np.zeros(3, np.bool_)
    assert rule.at_post(100.0, net, nothing) == pytest.approx(99.0)
    while theta > rule.low:
        theta, spikes = rule.at_post(theta, net, nothing), spikes + 1
    assert (theta, spikes) == (8.0, 285)


def test_a_threshold_balances_what_drives_it():
    rule = LearnedThreshold()
    net = np.full(60, 1.0)
    assert rule.balance(60.0) == pytest.approx(36.0)
    assert 60.0 / rule.balance(60.0) == pytest.approx(1.667, abs=5e-4)
    assert rule.at_post(36.0, net, np.ones(60, np.bool_)) == pytest.approx(36.0)
    assert rule.at_pre(100.0, 0.5) == pytest.approx(100.003)
    assert rule.at_pre(140.0, 0.5) == 140.0
