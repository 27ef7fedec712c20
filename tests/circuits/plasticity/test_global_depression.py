"""Global depression: the published numbers, the order of its four parts, and which lag leaves a weight where it is."""

import math

import numpy as np
import pytest

from spikesight.circuits.plasticity.global_depression import GlobalDepression, SoftGlobalDepression

BOTH = pytest.mark.parametrize("rule", [GlobalDepression(), SoftGlobalDepression()], ids=lambda r: type(r).__name__)


def after(rule, w, trace):
    """The weight after a spike of the neuron, with `trace` left of the input."""
    return float(rule.at_post(np.float64(w), np.float64(trace), np.where, *rule.constants))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_pair_as_published(protocol, dtype):
    """Pre at 0, post at 20 ms: the trace is .01 / e; .5 -> .503679 -> .502059 (steps of half a millisecond)."""
    learned = protocol(GlobalDepression(), dtype=dtype).run(pre=[5], post=[45], steps=60)
    assert learned == pytest.approx(0.5 + 0.01 / math.e - 0.00162, abs=1e-7)
    assert learned == pytest.approx(0.502059, abs=5e-7)
    unrounded = GlobalDepression(minus=0.01 * 1.1**-7 * math.exp(-23 / 20))
    assert protocol(unrounded, dtype=dtype).run(pre=[5], post=[45], steps=60) == pytest.approx(0.502054, abs=5e-7)


@BOTH
def test_an_input_spike_alone_changes_nothing_and_an_output_spike_depresses_what_was_silent(protocol, rule):
    assert protocol(rule).run(pre=[5, 9], post=[], steps=30) == 0.5
    room = 0.25 if isinstance(rule, SoftGlobalDepression) else 1.0
    assert protocol(rule).run(pre=[], post=[9], steps=30) == pytest.approx(0.5 - rule.minus * room)


def test_all_input_spikes_count(protocol):
    pre, post = [5, 17, 30], 38
    gain = sum(0.01 * math.exp(-(post - k) * 0.5e-3 / 20e-3) for k in pre)
    learned = protocol(GlobalDepression()).run(pre=pre, post=[post], steps=50)
    assert learned == pytest.approx(0.5 + gain - 0.00162)


def test_potentiation_stops_at_the_top_before_depression_begins():
    rule = GlobalDepression(plus=0.5, minus=0.1)
    assert after(rule, 0.9, 1.0) == pytest.approx(0.9)  # 1.4 -> 1 -> .9; without the first bound 1.3 -> 1
    assert after(rule, 0.05, 0.0) == 0.0
    assert after(rule, 0.02, 0.1) == 0.0  # .07 -> 0; the other way about it would be .05
    assert after(rule, 1.0, 3.0) == pytest.approx(0.9)


def test_softly_both_changes_shrink_with_the_room_left():
    rule = SoftGlobalDepression(plus=0.4, minus=0.2)
    risen = 0.3 + 0.4 * 0.5 * 0.3 * 0.7
    assert after(rule, 0.3, 0.5) == pytest.approx(risen - 0.2 * risen * (1 - risen), rel=1e-14)
    for bound in (0.0, 1.0):
        assert after(rule, bound, 7.0) == bound
    assert after(rule, 0.5, 100.0) == 1.0


@BOTH
@pytest.mark.parametrize("trace", [0.0, 0.01, 0.1, 1.0, 30.0, 1000.0])
@pytest.mark.parametrize("w", [-3.0, 0.0, 1e-9, 0.5, 1.0 - 1e-9, 1.0, 4.0])
def test_weights_end_within_bounds(rule, w, trace):
    assert 0.0 <= after(rule, w, trace) <= 1.0


@pytest.mark.parametrize(("ratio", "lag"), [(0.162, 36.4e-3), (0.348, 21.1e-3)])
def test_the_lag_that_leaves_a_weight_alone(protocol, ratio, lag):
    rule = GlobalDepression(minus=0.01 * ratio)
    steps = round(lag / 0.5e-3)
    moved = [protocol(rule).run([5], [5 + steps + more], 120) - 0.5 for more in (-2, 0, 2)]
    assert moved[0] > 0 > moved[2]
    assert abs(moved[1]) < 5e-5
