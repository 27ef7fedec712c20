"""Displacements: the formula, neuron by neuron."""

import numpy as np

from spikesight.base.randomness import generator
from spikesight.first_spike import ramp_passes
from spikesight.first_spike.learning.ramp_rule import Heard
from spikesight.first_spike.learning.stidi_bp import StidiBp
from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_layers import RampDense

STEPS = 24


def heard(n_pre=9, n_post=6):
    random = generator(7, "displacements")
    w = random.normal(0.4, 0.6, (n_post, n_pre)).astype(np.float32)
    times = random.integers(0, STEPS, (3, n_pre)).astype(np.int32)
    passes = ramp_passes.passes(RampDense(n_post), Ramp(8), (n_pre,), STEPS)
    crossed = passes.fire(passes.laid_out(w), times)
    fired = crossed.slopes > 0
    at = np.where(fired, crossed.times, 0).astype(np.float32)
    errors = np.where(fired, random.normal(size=fired.shape), 0).astype(np.float32)
    return Heard(passes, Ramp(8), w, times, crossed, at, crossed.slopes), errors


def test_those_before_hear_the_mean_wish_by_share_of_weight():
    case, errors = heard()
    found = StidiBp().pass_down(errors, case)
    for b in range(3):
        for i in range(9):
            later = (case.times[b, i] < case.at[b]) & (errors[b] != 0)
            share = np.abs(case.w[later, i]).sum()
            expected = (errors[b, later] * case.w[later, i]).sum() / share if share else 0.0
            np.testing.assert_allclose(found[b, i], expected, rtol=1e-5, atol=1e-6)


def test_no_wish_grows_on_its_way_down():
    case, errors = heard()
    assert np.abs(StidiBp().pass_down(errors, case)).max() <= np.abs(errors).max() + 1e-6


def test_who_fires_too_late_gets_larger_weights():
    """By how much of each ramp there was when it fired, saturated ones in full."""
    case, errors = heard()
    dw = np.zeros_like(case.w)
    case.passes.learn(case.times, case.crossed, case.at, StidiBp().amounts(errors, case), dw)
    ramps = np.clip((case.at[:, :, None] - case.times[:, None]) / 8, 0, 1)
    np.testing.assert_allclose(-dw, (errors[:, :, None] * ramps).sum(axis=0), rtol=1e-4, atol=1e-5)
