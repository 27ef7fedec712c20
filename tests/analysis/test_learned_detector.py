"""What a detector sees of a frozen pattern: near the theory for its subset, exact where there is nothing to see."""

import numpy as np
import pytest

from spikesight.analysis.detection import Task, detection, optimum, selected_afferents
from spikesight.analysis.learned_detector import seen, window_of
from spikesight.base.errors import InputError
from spikesight.encoding.patterns import Pattern, frozen

TASK = Task()


@pytest.mark.parametrize("patterns", [1, 5])
def test_the_window_of_a_subset_is_the_inverse(patterns):
    task = Task(patterns=patterns)
    assert window_of(task, selected_afferents(task, 17e-3)) == pytest.approx(17e-3)


@pytest.mark.parametrize("selected", [0, 10_000])
def test_no_subset_has_no_window(selected):
    with pytest.raises(InputError, match="selected"):
        window_of(TASK, selected)


def test_the_best_subset_reaches_the_signal_to_noise_ratio_of_the_theory():
    best, ratios = optimum(TASK), []
    for seed in range(6):
        pattern = frozen(TASK.afferents, TASK.rate, 0.1, np.random.default_rng(seed))
        w = np.zeros(TASK.afferents)
        w[pattern.units[(pattern.times > 0.05) & (pattern.times < 0.05 + best.window)]] = 1.0
        found = seen(TASK, best.tau, w, pattern, 0.1)
        assert found.selected == w.sum()
        ratios.append(found.snr / best.detection.snr)
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.03)


def test_a_jittered_volley_by_hand():
    """All weights at once: the membrane grows for 2 jitter towards its plateau."""
    task, tau = Task(afferents=100, rate=1e-6, jitter=4e-3), 10e-3
    volley = Pattern(np.full(50, 0.03), np.arange(50, dtype=np.int32))
    found = seen(task, tau, np.ones(100), volley, 0.1, dt=1e-5)
    assert found.peak == pytest.approx(50 * tau / 8e-3 * (1 - np.exp(-0.8)), rel=2e-3)
    exact = seen(Task(afferents=100, rate=1e-6, jitter=0.0), tau, np.ones(100), volley, 0.1)
    assert exact.peak == pytest.approx(50.0, rel=1e-2)


def test_an_empty_pattern_is_a_gap_in_the_noise():
    nothing = Pattern(np.zeros(0), np.zeros(0, np.int32))
    found = seen(Task(jitter=0.0), 18e-3, np.full(10_000, 0.3), nothing, 0.1)
    assert found.mean == pytest.approx(18e-3 * 3.2 * 3000)
    assert found.peak == pytest.approx(found.mean * np.exp(-1e-4 / 18e-3))
    assert found.sigma == pytest.approx(0.3 * np.sqrt(18e-3 * 3.2 * 10_000 / 2))


@pytest.mark.parametrize("w", [np.zeros(10_000), np.ones(7)], ids=["silent", "short"])
def test_weights_that_see_nothing_are_refused(w):
    with pytest.raises(InputError, match="weights"):
        seen(TASK, 18e-3, w, frozen(10, 3.2, 0.1, np.random.default_rng(0)), 0.1)


def test_the_theory_falls_to_both_sides():
    best = optimum(TASK).detection.snr
    shares = [detection(TASK, 18e-3, window_of(TASK, size)).snr / best for size in (400, 700, 1500)]
    assert shares[1] > shares[0] > shares[2]
