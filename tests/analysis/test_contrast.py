"""A change counts by how unusual it is for the series; series that only vary, grow or level off have none."""

import numpy as np
import pytest
from scipy.signal import lfilter

from spikesight.analysis.contrast import contrast, false_discovery

USUAL = {
    "noise": lambda random, n: random.normal(size=n),
    "neighbours alike": lambda random, n: lfilter([1], [1, -0.7], random.normal(size=n + 99))[99:],
    "steady growth": lambda random, n: random.normal(size=n) + np.arange(n),
    "learning": lambda random, n: 0.2 * random.normal(size=n) + 20 * (1 - np.exp(-np.arange(n) / (n / 8))),
}


@pytest.mark.parametrize("usual", USUAL.values(), ids=USUAL)
@pytest.mark.parametrize(("n", "near", "widest"), [(60, (45, 55), 8), (240, (100, 140), 32), (2000, (900, 1100), 128)])
def test_what_is_usual_is_no_change(usual, n, near, widest):
    """Of 300 series, 5 % may have p < 0.05: that 27 or more do has a probability of 0.3 %."""
    found = [contrast(usual(np.random.default_rng(seed), n), near, widest) for seed in range(300)]
    assert sum(one is not None and one.p < 0.05 for one in found) < 27


@pytest.mark.parametrize("usual", [USUAL["noise"], USUAL["steady growth"]])
def test_a_step_is_found_where_it_is(usual):
    values = usual(np.random.default_rng(0), 240)
    values[117:] += 8
    found = contrast(values, (100, 140), 16)
    assert found.at == pytest.approx(117, abs=1)
    assert found.z > 5
    assert found.p < 1e-3


def test_by_hand():
    """Differences of neighbouring pairs are 0 but near the step, where everything else is constant."""
    values = np.zeros(60)
    values[30:] = 2
    values[31] = 3
    found = contrast(values, (25, 35), 2)
    assert (found.at, found.width, found.before, found.after) == (30, 2, 0, 2.5)
    assert (found.z, found.p) == (np.inf, 0)
    assert found.difference == 2.5


def test_a_step_elsewhere_is_not_one_near():
    values = np.random.default_rng(1).normal(size=240)
    values[200:] += 8
    assert contrast(values, (50, 90), 16).p > 0.05


@pytest.mark.parametrize("seed", range(5))
def test_what_always_jumps_does_not_change_by_jumping(seed):
    values = np.repeat(np.random.default_rng(seed).integers(0, 2, 60) * 10.0, 4)
    assert contrast(values, (100, 140), 16).p > 0.05


def test_a_share_that_is_nearly_always_the_same():
    """One value in forty is off: too few for the middle two thirds to have any width, and one more is nothing new."""
    values = np.full(400, 0.25)
    values[::40] = 0.26
    values[205] = 0.26
    assert contrast(values, (190, 210), 8).p > 0.05


def test_too_little_elsewhere_and_nothing_near():
    assert contrast(np.arange(12.0), (4, 8), 4) is None
    assert contrast(np.full(100, 0.3), (40, 60), 8) is None
    assert contrast(np.zeros(0), (0, 0), 8) is None
    assert contrast(np.random.default_rng(0).normal(size=100), (200, 210), 8) is None


def test_false_discovery_by_hand():
    """Of four: 0.01 x 4 / 1, 0.02 x 4 / 2, 0.04 x 4 / 3 and 0.5 x 4 / 4, none above the next."""
    np.testing.assert_allclose(false_discovery(np.array([0.5, 0.01, 0.04, 0.02])), [0.5, 0.04, 0.16 / 3, 0.04])
    assert false_discovery(np.zeros(0)).tolist() == []
