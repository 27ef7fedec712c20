"""The rule of Diehl & Cook against the numbers of its sheet, spike by spike, with either engine. dt is 0.5 ms."""

import numpy as np
import pytest

from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp

RULE = DiehlCookStdp()


def steps(milliseconds):
    return round(milliseconds / 0.5)


def test_potentiation(protocol):
    """Post spikes 40 ms apart, pre 10 ms before the second: 0.01 exp(-1/2) exp(-1)."""
    change = protocol(RULE).run(pre=[5 + steps(30)], post=[5, 5 + steps(40)], steps=100) - 0.5
    # The pre spike 30 ms after the first post spike depresses too: 1e-4 exp(-1.5).
    assert change + 1e-4 * np.exp(-1.5) == pytest.approx(0.00223130, abs=5e-9)


def test_depression(protocol):
    """Pre 15 ms after the post spike: -1e-4 exp(-3/4)."""
    change = protocol(RULE).run(pre=[5 + steps(15)], post=[5], steps=50) - 0.5
    assert change == pytest.approx(-4.7237e-5, abs=5e-10)


def test_the_first_post_spike_after_silence_teaches_nothing(protocol):
    assert protocol(RULE).run(pre=[5, 7, 9], post=[10], steps=20) == 0.5


def test_a_post_spike_long_ago_is_as_good_as_none(protocol):
    late = protocol(RULE)
    late.run(pre=[], post=[5], steps=2000)
    assert late.run(pre=[10], post=[12], steps=20) == 0.5


def test_a_pre_spike_without_post_spikes_teaches_nothing(protocol):
    assert protocol(RULE).run(pre=[2, 4, 8], post=[], steps=20) == 0.5


def test_traces_are_set_not_added(protocol):
    """Three pre spikes leave the trace of the last one; two post spikes likewise."""
    thrice = protocol(RULE).run(pre=[20, 22, 24], post=[10, 30], steps=40)
    depressions = 1e-4 * sum(np.exp(-k * 0.5 / 20) for k in (10, 12, 14))
    potentiation = 1e-2 * np.exp(-6 * 0.5 / 20) * np.exp(-20 * 0.5 / 40)
    assert thrice == pytest.approx(0.5 - depressions + potentiation, abs=1e-14)


def test_both_at_once(protocol):
    """Pre first (it meets the trace of step 5), then post, which sees the pre spike of its own step."""
    together = protocol(RULE).run(pre=[25], post=[5, 25], steps=30)
    assert together == pytest.approx(0.5 - 1e-4 * np.exp(-0.5) + 1e-2 * np.exp(-0.25), abs=1e-14)


def test_weights_stop_at_their_bounds(protocol):
    up = protocol(DiehlCookStdp(rate_post=0.4, rate_pre=0.0)).run(pre=[9, 19, 29], post=[5, 10, 20, 30], steps=40)
    assert up == 1.0
    down = protocol(DiehlCookStdp(rate_post=0.0, rate_pre=0.4)).run(pre=[6, 8, 10], post=[5], steps=20)
    assert down == 0.0


def test_a_call_may_end_between_any_two_spikes(protocol):
    whole = protocol(RULE).run(pre=[7, 30, 61], post=[5, 40, 70], steps=90)
    parts = protocol(RULE)
    parts.run(pre=[7], post=[5], steps=20)
    parts.run(pre=[10], post=[20], steps=30)
    assert parts.run(pre=[11], post=[20], steps=40) == whole
