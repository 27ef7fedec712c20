"""Triplet STDP against sums over all pairs and triplets of spikes, and against the published protocols' window."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.circuits.plasticity.triplet import NearestTripletStdp, TripletStdp
from spikesight.executors.reference import Reference

RULE = TripletStdp(plus2=3e-3, plus3=6e-3, minus2=7e-3, minus3=2e-3)
NEAREST = NearestTripletStdp(plus2=3e-3, plus3=6e-3, minus2=7e-3, minus3=2e-3)
TIMES = st.sets(st.integers(2, 90), max_size=7)


def left(times, until, tau, nearest, included):
    """A trace at step `until`, of spikes before it, or also of those in it."""
    known = [t for t in times if t < until or (included and t == until)]
    values = [np.exp(-(until - t) * 0.5e-3 / tau) for t in known]
    return (values[-1] if nearest else sum(values)) if values else 0.0


def change(rule, pre, post, nearest):
    """In a step, pre spikes act before post spikes do."""
    total = 0.0
    for t in pre:
        o1, r2 = left(post, t, rule.tau_minus, nearest, False), left(pre, t, rule.tau_x, nearest, False)
        total -= o1 * (rule.minus2 + rule.minus3 * r2)
    for t in post:
        r1, o2 = left(pre, t, rule.tau_plus, nearest, True), left(post, t, rule.tau_y, nearest, False)
        total += r1 * (rule.plus2 + rule.plus3 * o2)
    return total


@pytest.mark.parametrize(("rule", "nearest"), [(RULE, False), (NEAREST, True)], ids=["all", "nearest"])
@settings(max_examples=30, deadline=None)
@given(pre=TIMES, post=TIMES)
def test_all_pairs_and_triplets_count(make_protocol, rule, nearest, pre, post):
    pre, post = sorted(pre), sorted(post)
    learned = make_protocol(rule, Reference(), w=0.5).run(pre, post, 100) - 0.5
    assert learned == pytest.approx(change(rule, pre, post, nearest), abs=1e-9)


def test_post_pre_post_gains_what_pre_post_alone_does_not(protocol):
    """The minimal model of visual cortex: a lone pair, pre first, does nothing."""
    assert protocol(TripletStdp()).run(pre=[10], post=[20], steps=30) == 0.5
    gained = protocol(TripletStdp(minus2=0.0)).run(pre=[10], post=[5, 20], steps=30) - 0.5
    assert gained == pytest.approx(6.5e-3 * np.exp(-5 / 16.8) * np.exp(-7.5 / 114), rel=1e-12)
