"""Pair STDP against its exponential window, one pair at a time and many at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.executors.reference import Reference

RULE = PairStdp(plus=0.02, minus=0.03, tau_pre=16e-3, tau_post=24e-3)


def window(steps):
    """Weight change of one pair, post `steps` after pre (before it where negative)."""
    return np.where(
        steps >= 0,
        RULE.plus * np.exp(-steps * 0.5e-3 / RULE.tau_pre),
        -RULE.minus * np.exp(steps * 0.5e-3 / RULE.tau_post),
    )


@pytest.mark.parametrize("steps", [-200, -61, -10, -2, -1, 0, 1, 2, 3, 40, 64, 200])
def test_one_pair_changes_the_weight_by_the_window(protocol, steps):
    change = protocol(RULE).run(pre=[250 - min(steps, 0)], post=[250 + max(steps, 0)], steps=500) - 0.5
    assert change == pytest.approx(float(window(steps)), abs=1e-15)


def all_pairs(pre, post):
    """Sum of the window over all pairs of spikes."""
    return float(window(np.subtract.outer(np.array(post, int), np.array(pre, int))).sum())


TIMES = st.sets(st.integers(2, 90), max_size=8)


@settings(max_examples=40, deadline=None)
@given(pre=TIMES, post=TIMES)
def test_all_pairs_count(make_protocol, pre, post):
    change = make_protocol(RULE, Reference(), w=0.5).run(sorted(pre), sorted(post), 100) - 0.5
    # 64 pairs at most: not near a bound, so the sum is exact.
    if abs(change) < 0.4:
        assert change == pytest.approx(all_pairs(sorted(pre), sorted(post)), abs=1e-13)


def test_weights_stop_at_their_bounds(protocol):
    bounded = PairStdp(plus=0.3, minus=0.3, low=0.2, high=0.9)
    assert protocol(bounded).run(pre=[5, 15], post=[6, 16], steps=30) == pytest.approx(0.9)
    assert protocol(bounded).run(pre=[6, 7, 8], post=[5], steps=9) == pytest.approx(0.2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_forgotten_pairs_leave_the_weight_alone(protocol, dtype):
    """After 23 time constants a trace is taken as gone; what it could still have done is below a float32's last bit."""
    one = protocol(PairStdp(tau_pre=1e-3, tau_post=1e-3), dtype=dtype)
    assert one.run(pre=[5], post=[5 + 48], steps=60) == 0.5
