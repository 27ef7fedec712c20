"""Delay learning against its published steps, the ideal delays of a moving pixel, and a neuron that finds them."""

from dataclasses import replace

import numpy as np
import pytest

from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.delays import Interpolated
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.delay_learning import DelayStdp, excess_rate, keep_mean_delay
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.spike_list import SpikeList
from spikesight.equations import leaky
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

DT = 0.1e-3
RULE = DelayStdp(dt=DT, longest=30e-3, low=-9.0, high=9.0)


def changed(rule, x, w=0.5, delay=10e-3):
    """(dw, ddelay in seconds) of one input that arrived x seconds before the spike."""
    clock = 1.0 - (x + delay) / rule.span
    after = rule.at_post(np.float64(w), delay / DT, clock, np.where, np.exp, *rule.constants)
    return float(after[0]) - w, float(after[1]) * DT - delay


@pytest.mark.parametrize(("x", "expected"), [(0.0, -2.5), (1.0, -0.9197), (-1.0, 0.9197)])
def test_published_steps_of_the_delay(x, expected):
    assert changed(RULE, (x + 1e-12) * 1e-3)[1] * 1e3 == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("x", "expected"), [(0.0, 0.01), (1.0, 0.01 / np.e), (-1.0, -0.01 / np.e)])
def test_weights_grow_where_the_input_had_arrived(x, expected):
    assert changed(RULE, (x + 1e-12) * 1e-3)[0] == pytest.approx(expected)


def test_the_published_excess_of_a_rate():
    assert excess_rate(0.1, 0.003) == pytest.approx(-32.33, abs=5e-3)
    assert excess_rate(0.003, 0.003) == 0.0


def test_ideal_delays_bring_one_direction_together_and_spread_the_other():
    """Five pixels, one per millisecond."""
    delays, east = np.array([4, 3, 2, 1, 0]), np.arange(5)
    assert np.ptp(east + delays) == 0
    assert np.ptp(east[::-1] + delays) == 8


def test_bounds_and_inputs_that_never_fired():
    assert changed(replace(RULE, shortest=9e-3), 1e-12)[1] == pytest.approx(-1e-3)
    assert changed(replace(RULE, longest=10.5e-3), -0.1e-3)[1] == pytest.approx(0.5e-3)
    assert changed(replace(RULE, high=0.501), 1e-9)[0] == pytest.approx(0.001)
    assert changed(replace(RULE, low=0.495), -1e-9)[0] == pytest.approx(-0.005)
    silent = RULE.at_post(0.5, 100.0, 0.0, np.where, np.exp, *RULE.constants)
    assert (float(silent[0]), float(silent[1])) == (0.5, 100.0)


def test_the_mean_of_what_changed_is_kept():
    before = np.array([10.0, 20.0, 30.0, 40.0])
    delay = np.array([4.0, 18.0, 30.0, 40.0])
    keep_mean_delay(before, delay, 60.0)
    np.testing.assert_array_equal(delay, [8.0, 22.0, 30.0, 40.0])
    keep_mean_delay(delay.copy(), delay, 60.0)
    np.testing.assert_array_equal(delay, [8.0, 22.0, 30.0, 40.0])
    delay = np.array([0.5, 59.0])
    keep_mean_delay(np.array([0.5, 30.0]), delay, 40.0)
    assert delay.tolist() == [0.5, 30.0]


def neuron(executor, random, dtype=np.float64):
    """Five inputs with delays around 8 ms, one neuron that needs nearly all of them at once."""
    rule = replace(RULE, shift=0.2e-3, plus=0.0, longest=20e-3)
    params = leaky.Params(tau=2e-3, threshold=2.0, refractory=20e-3, drive=leaky.Charge())
    network = Network(
        DT,
        (Source("input", (5,)), Population("out", (1,), leaky.EQUATION, params)),
        (Projection("late", "input", "out", "current", Dense(), rule, Interpolated(200)),),
        dtype,
    )
    delay = random.normal(8e-3, 0.05e-3, (5, 1)) / DT
    return start(network, {"late.w": np.ones((5, 1)), "late.delay": delay}, executor)


def crossing(engine):
    """A pixel crosses the five inputs in 4 ms."""
    starts = np.repeat(np.arange(6), [1, 10, 10, 10, 10, 210])
    engine.advance({"input": SpikeList(starts, np.arange(5, dtype=np.int32))}, 250)


def test_a_neuron_finds_the_delays_of_what_it_sees():
    engine = neuron(FusedCpu(), np.random.default_rng(0))
    delay = engine.arrays["late.delay"]
    for _ in range(60):
        before = delay.copy()
        crossing(engine)
        keep_mean_delay(before, delay, 200.0)
    arrivals = (delay[:, 0] + 10 * np.arange(5)) * DT
    assert np.ptp(arrivals[:3]) < 0.4e-3
    assert np.ptp(delay[2::-1, 0] * DT + 1e-3 * np.arange(3)) > 3e-3, "the way back is spread"


def test_engines_agree():
    ends = []
    for executor in (Reference(), FusedCpu()):
        engine = neuron(executor, np.random.default_rng(1))
        for _ in range(4):
            crossing(engine)
        ends.append(engine.arrays["late.delay"].copy())
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-12)
