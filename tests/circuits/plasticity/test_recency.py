"""The Lille rule against its published steps, its fixed points, and at the edge of its window."""

import math

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.circuits.plasticity.recency import RecencyStdp
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

N2S3 = RecencyStdp(plus=0.01, minus=0.005, window=50e-3)


def change(rule, w, recent):
    return float(rule.at_post(np.float64(w), float(recent), np.where, np.exp, *rule.constants)) - w


@pytest.mark.parametrize(
    ("w", "recent", "expected"), [(0.5, 1, 0.004724), (0.5, 0, -0.001433), (0.0, 1, 0.01), (1.0, 0, -0.005)]
)
def test_steps_of_the_published_constants(w, recent, expected):
    assert change(N2S3, w, recent) == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize(("chance", "expected"), [(0.1, 0.2490), (0.3, 0.5865), (0.5, 0.7983)])
def test_where_growth_and_shrinking_balance(chance, expected):
    """Where the input is recent with a given chance, the weight rests where the mean change is 0."""
    fixed = (2.5 + math.log(2 * chance / (1 - chance))) / 4.0
    assert fixed == pytest.approx(expected, abs=5e-5)
    mean = chance * change(N2S3, fixed, 1) + (1 - chance) * change(N2S3, fixed, 0)
    assert mean == pytest.approx(0.0, abs=1e-15)
    assert chance * change(N2S3, fixed - 0.1, 1) + (1 - chance) * change(N2S3, fixed - 0.1, 0) > 0


def test_steps_scale_with_the_bounds():
    shifted = RecencyStdp(plus=0.01, minus=0.005, low=-1.0, high=1.0)
    assert change(shifted, 0.0, 1) == pytest.approx(0.01 * math.exp(-0.75))
    assert change(shifted, 0.0, 0) == pytest.approx(-0.005 * math.exp(-1.25))


@pytest.mark.parametrize(("late", "grows"), [(0, True), (1, True), (24, True), (25, False), (200, False)])
def test_the_window_counts_from_the_last_input_spike(protocol, late, grows):
    """Steps are half a millisecond: 24 of them are the window, its end included."""
    w = protocol(RecencyStdp(window=12e-3)).run(pre=[10, 20], post=[20 + late], steps=250)
    assert (w > 0.5) == grows


def test_an_input_that_never_fired_shrinks_and_nothing_happens_without_an_own_spike(protocol):
    one = protocol(RecencyStdp())
    assert one.run(pre=[3, 5, 9], post=[], steps=20) == 0.5
    assert protocol(RecencyStdp()).run(pre=[], post=[9], steps=20) == pytest.approx(0.5 - 0.03 * math.exp(-1.25))


def test_weights_stop_at_their_bounds(protocol):
    fast = RecencyStdp(plus=0.9, minus=0.9, low=0.1, high=0.9)
    assert protocol(fast).run(pre=[5, 15], post=[5, 15], steps=20) == 0.9
    assert protocol(fast).run(pre=[], post=[5, 6, 7], steps=20) == 0.1


@pytest.mark.parametrize("w", [-0.5, 1.5])
def test_a_weight_out_of_bounds_goes_no_further(w):
    rule = RecencyStdp()
    for recent in (0, 1):
        assert min(w, 0.0) <= w + change(rule, w, recent) <= max(w, 1.0)


def test_engines_agree(make_protocol):
    spikes = np.random.default_rng(0).random((2, 400)) < 0.1
    pre, post = (np.flatnonzero(row[2:]) + 2 for row in spikes)
    ends = [
        make_protocol(RecencyStdp(), executor).run(pre, post.tolist(), 410) for executor in (Reference(), FusedCpu())
    ]
    assert ends[0] == pytest.approx(ends[1], abs=1e-14)


def test_bounds_must_be_in_order():
    with pytest.raises(InputError, match="low=1"):
        RecencyStdp(low=1.0, high=1.0)
