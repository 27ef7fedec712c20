"""Inhibitory plasticity against its two steps, and where it comes to rest."""

import numpy as np
import pytest

from spikesight.circuits.plasticity.inhibitory import InhibitoryStdp

RULE = InhibitoryStdp(rate=0.01, target=5.0, tau=20e-3)


def test_a_lone_inhibitory_spike_weakens_by_alpha(protocol):
    assert protocol(RULE).run(pre=[9], post=[], steps=20) == pytest.approx(0.5 - 0.01 * 2 * 5.0 * 20e-3)


@pytest.mark.parametrize(("pre", "post"), [(5, 15), (15, 5)])
def test_a_pair_strengthens_in_either_order(protocol, pre, post):
    change = protocol(RULE).run(pre=[pre], post=[post], steps=30) - 0.5
    assert change == pytest.approx(0.01 * (np.exp(-0.25) - 0.2), abs=1e-15)


def test_weights_are_never_negative(protocol):
    assert protocol(RULE, w=1e-3).run(pre=[5, 9], post=[], steps=20) == 0.0


def test_uncorrelated_spikes_at_the_target_rate_leave_the_weight_where_it_is():
    """Mean change per second: rate r_pre (r_post tau - alpha) + rate r_post r_pre tau = 0 at r_post = target."""
    rate, alpha, _, _ = RULE.constants
    assert rate * (RULE.target * RULE.tau - alpha) + rate * RULE.target * RULE.tau == pytest.approx(0.0, abs=1e-18)
