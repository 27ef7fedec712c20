"""The neuron as a quantiser: the table of its levels, the limits, and the same counts from the equations executed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import brentq

from spikesight.base.errors import InputError
from spikesight.encoding.quantize import (
    ClockedLifQuantizer,
    LifQuantizer,
    OnOff,
    clocked_count,
    count,
    dead_zone,
    delay,
    inverse,
    level,
    uniform_step,
)
from spikesight.equations import leaky
from spikesight.equations.leaky import Capacitor, Charge, Params, Resistor
from spikesight.equations.reset import Subtract, ToValue
from spikesight.executors import FusedCpu, Reference

NEURON = Params(tau=20e-3, threshold=10.0)
WINDOW = 100e-3
GREYS = np.arange(256.0)

# value, delay in ms, count, lower level of its cell, reconstruction, upper level
TABLE = [
    (10.0, math.inf, 0, None, None, 10.0678),
    (10.07, 99.3764, 1, 10.0678, 10.3699, 10.8943),
    (12.0, 35.8352, 2, 10.8943, 11.5652, 12.3286),
    (20.0, 13.8629, 7, 19.5902, 20.5515, 21.5175),
    (50.0, 4.4629, 22, 49.1892, 50.1850, 51.1810),
    (100.0, 2.1072, 47, 99.0886, 100.0877, 101.0868),
    (255.0, 0.8001, 124, 253.0336, 254.0335, 255.0333),
]

values = st.just(0.0) | st.floats(1e-9, 1000.0)
neurons = st.builds(
    Params,
    tau=st.floats(1e-3, 1.0) | st.just(math.inf),
    threshold=st.floats(0.1, 100.0),
    refractory=st.just(0.0) | st.floats(1e-3, 0.05),
    drive=st.builds(Capacitor, st.floats(1e-3, 0.1)),
)


@pytest.mark.parametrize(("value", "milliseconds", "n", "low", "mid", "high"), TABLE)
def test_the_table(value: float, milliseconds: float, n: int, low: float, mid: float, high: float) -> None:
    one = np.array([value])
    assert delay(one, NEURON)[0] * 1e3 == pytest.approx(milliseconds, abs=5e-5)
    assert count(one, NEURON, WINDOW)[0] == n
    found = level(np.array([n, n + 0.5, n + 1]), NEURON, WINDOW)
    assert found[2] == pytest.approx(high, abs=5e-5)
    if n:
        np.testing.assert_allclose(found[:2], [low, mid], atol=5e-5)


def test_the_first_level_lies_beyond_the_dead_zone() -> None:
    assert dead_zone(NEURON) == pytest.approx(10.0)
    first = level(np.array([1]), NEURON, WINDOW)[0]
    assert first == pytest.approx(10.0 / (1.0 - math.exp(-5.0)))
    assert first > dead_zone(NEURON)


def test_cells_are_uniform_where_intervals_are_short() -> None:
    assert uniform_step(NEURON, WINDOW) == pytest.approx(2.0)
    assert level(np.array([20]), NEURON, WINDOW)[0] == pytest.approx(45.2081, abs=5e-5)
    widths = np.diff(level(np.arange(1, 2000), NEURON, WINDOW))
    assert (widths < 2.0).all()
    assert (np.diff(widths) > 0.0).all()
    assert widths[-1] == pytest.approx(2.0, rel=1e-5)


@pytest.mark.parametrize("threshold", [0.5, 10.0])
def test_without_leak_cells_are_uniform_and_there_is_no_dead_zone(threshold: float) -> None:
    neuron = Params(tau=math.inf, threshold=threshold, drive=Capacitor(0.02))
    assert dead_zone(neuron) == 0.0
    expected = np.floor(WINDOW * GREYS / (threshold * 0.02) + 1e-9)
    np.testing.assert_array_equal(count(GREYS, neuron, WINDOW), expected)
    np.testing.assert_allclose(np.diff(level(np.arange(50), neuron, WINDOW)), uniform_step(neuron, WINDOW))
    leaking = Params(tau=1e4, threshold=threshold, drive=Capacitor(0.02))
    np.testing.assert_allclose(delay(GREYS[1:], leaking), delay(GREYS[1:], neuron), rtol=1e-3)


@given(u=values, neuron=neurons)
def test_a_value_lies_in_its_cell(u: float, neuron: Params) -> None:
    n = int(count(np.array([u]), neuron, WINDOW)[0])
    low, high = level(np.array([n, n + 1]), neuron, WINDOW)
    assert low * (1.0 - 1e-6) <= u <= high * (1.0 + 1e-6)


@given(u=values, neuron=neurons)
def test_the_inverse_of_the_delay_is_the_value(u: float, neuron: Params) -> None:
    d = delay(np.array([u]), neuron)
    if d[0] < 5.0 * neuron.tau:  # later the membrane hardly moves, and the value is known as badly as the delay
        assert inverse(d, neuron)[0] == pytest.approx(u, rel=1e-9)
    if math.isinf(d[0]):
        assert u <= dead_zone(neuron) * (1.0 + 1e-12)


@given(neuron=neurons, window=st.floats(0.01, 1.0))
def test_brighter_never_fires_less_and_twice_the_window_doubles_counts_within_one(
    neuron: Params, window: float
) -> None:
    counts = count(GREYS, replace(neuron, refractory=0.0), window)
    assert (np.diff(counts) >= 0).all()
    twice = count(GREYS, replace(neuron, refractory=0.0), 2.0 * window)
    assert ((twice - 2 * counts >= 0) & (twice - 2 * counts <= 1)).all()


@given(neuron=neurons, factor=st.sampled_from([0.25, 2.0, 64.0]))
def test_scaling_value_and_threshold_together_changes_nothing(neuron: Params, factor: float) -> None:
    scaled = replace(neuron, threshold=factor * neuron.threshold)
    np.testing.assert_array_equal(count(GREYS, neuron, WINDOW), count(factor * GREYS, scaled, WINDOW))


def test_resistance_and_capacitance_say_the_same() -> None:
    farads = Params(tau=20e-3, threshold=10.0, drive=Capacitor(20e-3 / 3.0))
    ohms = replace(NEURON, drive=Resistor(3.0))
    np.testing.assert_allclose(delay(GREYS, farads), delay(GREYS, ohms), rtol=1e-12)
    assert dead_zone(ohms) == pytest.approx(10.0 / 3.0)


def test_a_refractory_time_lengthens_all_intervals_but_the_first_and_saturates_the_count() -> None:
    slow = replace(NEURON, refractory=2e-3)
    d = delay(GREYS, NEURON)
    np.testing.assert_array_equal(delay(GREYS, slow), d)
    expected = [0 if math.isinf(x) else math.floor((WINDOW + 2e-3) / (x + 2e-3)) for x in d]
    np.testing.assert_array_equal(count(GREYS, slow, WINDOW), expected)
    assert count(np.array([1e9]), slow, WINDOW)[0] == 50
    assert math.isinf(level(np.array([51]), slow, WINDOW)[0])


def test_a_spike_at_the_last_instant_counts() -> None:
    numbers = np.arange(1, 500)
    edges = level(numbers, NEURON, WINDOW)
    np.testing.assert_array_equal(count(edges, NEURON, WINDOW), numbers)
    np.testing.assert_array_equal(count(edges * (1 - 1e-6), NEURON, WINDOW), numbers - 1)


def test_the_faintest_values_are_silent() -> None:
    without_leak = Params(tau=math.inf, threshold=1.0, drive=Capacitor(1.0))
    for neuron in (NEURON, without_leak):
        assert count(np.array([0.0, 5e-324, -1.0]), neuron, WINDOW).tolist() == [0, 0, 0]


def spikes_by_events(value: float, neuron: Params, window: float) -> int:
    """Go from crossing to crossing, each found as a root of the executed equation's own membrane."""

    def away(seconds: float) -> float:
        return float(leaky.constants(neuron, seconds).gain) * value - neuron.threshold

    n, now = 0, 0.0
    while away(window) >= 0.0:
        now += brentq(away, 1e-9, window, xtol=1e-15)
        if now > window * (1 + 1e-9):
            break
        n, now = n + 1, now + neuron.refractory
    return n


@pytest.mark.parametrize("refractory", [0.0, 1.7e-3])
def test_an_event_driven_simulation_counts_the_same_for_every_grey(refractory: float) -> None:
    neuron = replace(NEURON, refractory=refractory)
    simulated = [spikes_by_events(value, neuron, WINDOW) for value in GREYS]
    np.testing.assert_array_equal(count(GREYS, neuron, WINDOW), simulated)


def executed(executor: Any, neuron: Params, dt: float) -> NDArray[Any]:
    steps = round(WINDOW / dt)
    drive = np.broadcast_to(GREYS, (steps, GREYS.size))
    spikes, _ = executor.run(leaky.EQUATION, neuron, {"current": drive}, dt, dtype=np.float64)
    counted: NDArray[Any] = spikes.sum(axis=0)
    return counted


@pytest.mark.parametrize("executor", [Reference(), FusedCpu()], ids=lambda executor: executor.name)
@pytest.mark.parametrize("refractory", [0.0, 1.5e-3])
def test_executors_count_what_the_clocked_form_says(executor: Any, refractory: float) -> None:
    neuron = replace(NEURON, refractory=refractory)
    np.testing.assert_array_equal(executed(executor, neuron, 0.1e-3), clocked_count(GREYS, neuron, WINDOW, 0.1e-3))


@pytest.mark.parametrize(("dt", "differing"), [(0.1e-3, 155), (0.01e-3, 24)])
def test_a_clock_costs_spikes(dt: float, differing: int) -> None:
    exact, clocked = count(GREYS, NEURON, WINDOW), clocked_count(GREYS, NEURON, WINDOW, dt)
    assert (clocked <= exact).all()
    assert (clocked != exact).sum() == differing
    if dt == 0.1e-3:
        assert (clocked[255], exact[255]) == (111, 124)


def test_the_objects_are_the_functions() -> None:
    np.testing.assert_array_equal(LifQuantizer(NEURON, WINDOW)(GREYS), count(GREYS, NEURON, WINDOW))
    clocked = ClockedLifQuantizer(NEURON, WINDOW, 0.1e-3)
    np.testing.assert_array_equal(clocked(GREYS), clocked_count(GREYS, NEURON, WINDOW, 0.1e-3))
    numbers = np.arange(5)
    np.testing.assert_array_equal(clocked.level(numbers), LifQuantizer(NEURON, WINDOW).level(numbers))
    assert LifQuantizer()(np.array([[255, 0]], np.uint8)).tolist() == [[124, 0]]


def test_values_of_either_sign_go_to_two_neurons() -> None:
    quantizer = LifQuantizer(NEURON, WINDOW)
    counts = OnOff(quantizer)(np.array([[-100.0, 5.0], [100.0, 255.0]]))
    assert counts.tolist() == [[[0, 0], [47, 124]], [[47, 0], [0, 0]]]


@pytest.mark.parametrize(
    ("neuron", "message"),
    [
        (replace(NEURON, rest=1.0), "starts from 0"),
        (replace(NEURON, reset=Subtract()), "reset to 0"),
        (replace(NEURON, reset=ToValue(1.0)), "reset to 0"),
        (replace(NEURON, drive=Charge()), "constant current"),
        (replace(NEURON, threshold=0.0), "threshold above 0"),
        (replace(NEURON, refractory=-1.0), "refractory"),
    ],
)
def test_neurons_that_are_no_quantisers(neuron: Params, message: str) -> None:
    with pytest.raises(InputError, match=message):
        LifQuantizer(neuron, WINDOW)
    with pytest.raises(InputError, match=message):
        delay(GREYS, neuron)


def test_what_cannot_be_quantised() -> None:
    with pytest.raises(InputError, match="1 of 2 values are NaN"):
        LifQuantizer()(np.array([1.0, np.nan]))
    for window in (0.0, math.inf, -1.0):
        with pytest.raises(InputError, match="positive number of seconds"):
            LifQuantizer(window=window)
    with pytest.raises(InputError, match="a step lasts"):
        ClockedLifQuantizer(dt=1.0)
    with pytest.raises(InputError, match="delays are seconds >= 0"):
        inverse(np.array([-1.0]), NEURON)
    with pytest.raises(InputError, match="counted from 0"):
        level(np.array([-1]), NEURON, WINDOW)
