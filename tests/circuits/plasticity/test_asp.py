"""Adaptive synaptic plasticity against the closed forms of its sheet."""

import math

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.circuits.plasticity.asp import AdaptiveStdp, Leak, leak, leak_times
from spikesight.circuits.plasticity.pair import PairStdp

PLAIN = Leak(k_theta=0.0)


def test_a_post_spike_moves_by_the_trace_less_its_offset(protocol):
    """Pre 10 ms before: exp(-1/2) - 0.4; without a pre spike -0.4; a recent own spike halves the step once."""
    rule = AdaptiveStdp()
    assert protocol(rule).run([10], [30], 40) == pytest.approx(0.5 + 0.01 * (math.exp(-0.5) - 0.4), abs=1e-14)
    assert protocol(rule).run([], [30], 40) == pytest.approx(0.5 - 0.004, abs=1e-14)
    twice = protocol(rule).run([], [20, 30], 40)
    assert twice == pytest.approx(0.5 - 0.004 - 0.004 * 2 ** -math.exp(-0.25), abs=1e-14)


def test_weights_leak_to_their_base(protocol):
    one = protocol(AdaptiveStdp(), w=0.8)
    leak(one.engine, "learned", Leak(base=0.1, tau=100.0, k_theta=0.0), 100.0)
    assert one.w == pytest.approx(0.357516, abs=5e-7)
    leak(one.engine, "learned", Leak(base=0.1, tau=100.0, k_theta=0.0), 1e6)
    assert one.w == pytest.approx(0.1)


def test_an_infinite_time_constant_changes_no_bit(protocol):
    one, other = (protocol(AdaptiveStdp(), w=1 / 3, dtype=np.float32) for _ in range(2))
    for circuit in (one, other):
        circuit.run([10, 14], [20], 40)
    leak(one.engine, "learned", Leak(tau=math.inf, k_theta=0.0), 1e9)
    assert one.engine.arrays["learned.w"].tobytes() == other.engine.arrays["learned.w"].tobytes()


def test_recent_input_and_grown_thresholds_slow_the_leak(lattice):
    engine, _ = lattice(AdaptiveStdp())
    engine.arrays["learned.pre"][1] = [1.0, 0.0, 0.0]  # input 0 has just fired
    engine.arrays["exc.theta"][:] = [0.0, 20e-3, 40e-3, 0.0]
    tau = leak_times(engine, "learned", Leak(tau=10.0, k_recency=1.5, k_theta=2.0))
    assert tau[0, 0] / tau[1, 0] == 2.5
    np.testing.assert_allclose(tau[1], [10.0, 30.0, 50.0, 10.0], rtol=1e-12)


def test_a_steady_drift_rests_where_the_leak_balances_it(lattice):
    """w* = base + drift tau, seen with steps that are short against tau."""
    engine, _ = lattice(AdaptiveStdp(), masked=False)
    for _ in range(4000):
        leak(engine, "learned", Leak(base=0.1, tau=2.0, k_theta=0.0), 0.005)
        engine.arrays["learned.w"] += 0.1 * 0.005
    np.testing.assert_allclose(engine.arrays["learned.w"], 0.3, atol=1e-3)


def test_masked_synapses_stay_away(lattice):
    engine, mask = lattice(AdaptiveStdp())
    leak(engine, "learned", PLAIN, 1e9)
    np.testing.assert_allclose(engine.arrays["learned.w"], np.where(mask, 0.1, 0.0))


def test_it_answers_what_it_cannot_do(protocol):
    with pytest.raises(InputError, match="PairStdp"):
        leak(protocol(PairStdp()).engine, "learned", PLAIN, 1.0)
    with pytest.raises(InputError, match="theta"):
        leak(protocol(AdaptiveStdp()).engine, "learned", Leak(), 1.0)
    for seconds in (-1.0, math.nan):
        with pytest.raises(InputError, match="seconds"):
            leak(protocol(AdaptiveStdp()).engine, "learned", PLAIN, seconds)
