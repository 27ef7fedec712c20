"""The theory against its published optimum, against a numerical convolution, and against a simulated membrane."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.analysis.detection import (
    Task,
    convergence,
    detection,
    lag_without_drift,
    noise,
    optimum,
    reach,
    score,
    selected_afferents,
    selected_weights,
)
from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.equations import leaky
from spikesight.equations.leaky import Charge, Params
from spikesight.executors import FusedCpu

# patterns, tau in ms, window in ms, signal-to-noise ratio
OPTIMA = [
    (1, 18.20, 23.36, 80.95),
    (2, 13.19, 16.92, 54.60),
    (5, 8.86, 11.12, 31.34),
    (10, 6.83, 8.07, 19.78),
    (20, 5.63, 5.68, 11.88),
    (40, 5.10, 3.70, 6.72),
]


@pytest.mark.parametrize(("patterns", "tau", "window", "snr"), OPTIMA)
def test_the_optima(patterns: int, tau: float, window: float, snr: float) -> None:
    found = optimum(Task(patterns=patterns))
    assert found.tau * 1e3 == pytest.approx(tau, rel=0.01)
    assert found.window * 1e3 == pytest.approx(window, rel=0.01)
    assert found.detection.snr == pytest.approx(snr, rel=0.001)


@pytest.mark.parametrize(
    ("patterns", "selected", "mean", "sigma", "peak"), [(1, 720, 41.9, 4.58, 412.7), (5, 1630, 46.2, 4.81, 196.9)]
)
def test_what_the_best_detector_sees(patterns: int, selected: int, mean: float, sigma: float, peak: float) -> None:
    seen = optimum(Task(patterns=patterns)).detection
    assert seen.selected == pytest.approx(selected, rel=0.002)
    np.testing.assert_allclose(seen[1:4], [mean, sigma, peak], rtol=0.002)


def test_thresholds_of_the_published_simulations() -> None:
    assert 1.1**-5 * detection(Task(), 18e-3, 23e-3).peak == pytest.approx(252.6, abs=0.05)
    assert 1.1**-1 * detection(Task(patterns=5), 8.9e-3, 11e-3).peak == pytest.approx(178.0, rel=0.005)


def test_nothing_nearby_is_better() -> None:
    task = Task(patterns=5)
    best = optimum(task)
    for tau in (0.97, 1.0, 1.03):
        for window in (0.97, 1.0, 1.03):
            assert detection(task, tau * best.tau, window * best.window).snr <= best.detection.snr


def test_without_jitter_the_best_detector_has_no_memory() -> None:
    task = Task(jitter=0.0)
    found = {
        ratio: detection(task, 1e-8, ratio * 1e-8).snr for ratio in np.arange(1.0, 1.6, 0.001)
    }  # all of them larger than with any longer memory
    best = max(found, key=lambda ratio: found[ratio])
    assert best == pytest.approx(1.256, abs=0.002)
    assert found[best] == pytest.approx(90.25, abs=0.01)
    assert found[best] == pytest.approx(0.638 * math.sqrt(2 * 10_000), rel=1e-3)
    assert detection(task, 1e-3, 1.256e-3).snr < found[best]
    with pytest.raises(InputError, match="without jitter"):
        optimum(task)


@pytest.mark.parametrize(
    ("tau", "window", "jitter"),
    [(18.2, 23.4, 3.2), (5.1, 3.7, 3.2), (10.0, 6.4, 3.2), (20.0, 5.0, 10.0), (2.0, 50.0, 1.0), (30.0, 1.0, 1e-3)],
)
def test_the_reach_is_the_peak_of_the_filtered_trapezium(tau: float, window: float, jitter: float) -> None:
    dt = 1e-3  # ms
    box = np.ones(round(window / dt))
    spread = np.ones(max(round(2 * jitter / dt), 1))
    course = np.convolve(box, spread / spread.size)
    membrane, peak = 0.0, 0.0
    decay = math.exp(-dt / tau)
    for drive in course:
        membrane = drive + decay * (membrane - drive)
        peak = max(peak, membrane)
    assert reach(tau * 1e-3, window * 1e-3, jitter * 1e-3) == pytest.approx(peak, rel=2e-3)


@given(tau=st.floats(1e-3, 0.1), window=st.floats(1e-3, 0.1))
def test_little_jitter_is_none_and_more_reaches_less(tau: float, window: float) -> None:
    none = reach(tau, window, 0.0)
    assert reach(tau, window, 1e-7) == pytest.approx(none, rel=1e-3)
    reached = [reach(tau, window, jitter) for jitter in (1e-3, 5e-3, 20e-3, 100e-3)]
    assert all(0.0 < one <= none * (1 + 1e-9) for one in reached)
    assert (np.diff(reached) <= 1e-9).all()


def test_selected_afferents_by_drawing() -> None:
    task = Task(afferents=200_000, patterns=3)
    draws = generator(0, "windows").poisson(task.rate * 20e-3, (task.patterns, task.afferents))
    found = (draws.sum(axis=0) > 0).sum()
    expected = selected_afferents(task, 20e-3)
    assert abs(found - expected) < 5.0 * math.sqrt(expected * (1.0 - expected / task.afferents))


def test_a_simulated_membrane_has_the_noise_of_the_theory() -> None:
    neurons, dt, tau, rate, m = 3000, 0.1e-3, 18.2e-3, 3.2, 720
    arriving = generator(0, "campbell").poisson(rate * m * dt, (round(10 * tau / dt), neurons))
    neuron = Params(tau=tau, threshold=1e9, drive=Charge())
    _, state = FusedCpu().run(leaky.EQUATION, neuron, {"current": arriving}, dt, dtype=np.float64)
    mean, sigma = noise(tau, rate, m)
    found = state["v"]
    # The membrane is read after the kicks of a step: half a step more of them on average, a whole one in variance.
    assert abs(found.mean() - mean * (1 + dt / tau / 2)) < 5.0 * sigma / math.sqrt(neurons)
    assert found.var() == pytest.approx(sigma**2 * (1 + dt / tau), rel=5.0 * math.sqrt(2.0 / neurons))


def test_the_lag_at_which_a_weight_stays() -> None:
    assert lag_without_drift(0.162) * 1e3 == pytest.approx(36.4, abs=0.05)
    assert lag_without_drift(0.348) * 1e3 == pytest.approx(21.1, abs=0.05)
    lag = lag_without_drift(0.5, tau=10e-3)
    assert math.exp(-lag / 10e-3) == pytest.approx(0.5)
    for ratio in (0.0, 1.0, -1.0):
        with pytest.raises(InputError, match="share of potentiation"):
            lag_without_drift(ratio)


def test_weights_that_were_chosen() -> None:
    w = np.array([0.0, 1.0, 0.9, 0.5, 0.25])
    assert selected_weights(w) == 2
    assert convergence(w) == pytest.approx((0.1 + 0.5 + 0.25) / 5)
    assert convergence(np.array([0.0, 1.0])) == 0.0


def test_hits_and_false_alarms_by_hand() -> None:
    #        in 0   in 0  between     in 1 (start)  after 1 (its end)  between
    times = [0.150, 0.199, 0.210, 0.300, 0.4000001, 0.420, 0.05]
    result = score(np.array(times), np.array([0.1, 0.3, 0.6]), np.array([0, 1, 0]), 0.1, patterns=3)
    assert result.shown.tolist() == [2, 1, 0]
    assert result.hits.tolist() == [1, 1, 0]
    assert result.inside.tolist() == [2, 1, 0]
    assert (result.outside, result.false_alarms) == (4, 3)
    assert result.hit_rate[:2].tolist() == [0.5, 1.0]
    assert math.isnan(result.hit_rate[2])


def test_silence_hits_nothing() -> None:
    result = score(np.array([]), np.array([0.0, 1.0]), np.array([0, 0]), 0.1)
    assert (result.hits.tolist(), result.outside, result.false_alarms) == ([0], 0, 0)
    empty = score(np.array([1.0]), np.array([]), np.array([]), 0.1)
    assert (empty.shown.tolist(), empty.outside) == ([0], 1)


@given(times=st.lists(st.floats(0.0, 10.0)), period=st.floats(0.2, 1.0))
def test_every_spike_is_inside_or_outside(times: list[float], period: float) -> None:
    starts = np.arange(0.1, 10.0, period)
    result = score(np.array(times), starts, np.arange(starts.size) % 2, 0.1, patterns=2)
    assert result.inside.sum() + result.outside == len(times)
    assert (result.hits <= np.minimum(result.shown, result.inside)).all()
    assert result.false_alarms <= result.outside


def test_what_cannot_be_scored_or_asked() -> None:
    with pytest.raises(InputError, match="one after the other"):
        score(np.array([]), np.array([0.0, 0.05]), np.array([0, 0]), 0.1)
    with pytest.raises(InputError, match="numbered from 0"):
        score(np.array([]), np.array([0.0]), np.array([1]), 0.1)
    with pytest.raises(InputError, match="a start and a pattern"):
        score(np.array([]), np.array([0.0]), np.array([0, 0]), 0.1)
    for change in ({"afferents": 0}, {"rate": 0.0}, {"patterns": 0}, {"jitter": -1.0}):
        with pytest.raises(InputError, match="are needed"):
            replace(Task(), **change)
    with pytest.raises(InputError, match="window is 0"):
        reach(1e-2, 0.0, 1e-3)
    with pytest.raises(InputError, match="jitter is a time"):
        reach(1e-2, 1e-2, -1e-3)
