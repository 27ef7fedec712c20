"""Permutations keep values and neighbours, and tails are those of the distribution."""

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import gumbel_r, norm

from spikesight.analysis.chance import block_length, lattice, reordered, tail_of_largest


def test_independent_values_are_blocks_of_their_own():
    lengths = [block_length(np.random.default_rng(seed).normal(size=1000)) for seed in range(40)]
    assert np.median(lengths) == 1
    assert sum(length == 1 for length in lengths) >= 36


@pytest.mark.parametrize("strength", [0.5, 0.9])
def test_a_block_outlasts_the_resemblance(strength):
    """The autocorrelation of a first-order process is strength^lag: below 5 % at log 0.05 / log strength."""
    values = lfilter([1], [1, -strength], np.random.default_rng(0).normal(size=20_000))
    gone = np.log(0.05) / np.log(strength)
    assert 3 * gone <= block_length(values) <= 8 * gone


def test_a_step_does_not_pass_for_resemblance():
    values = np.random.default_rng(1).normal(size=1000)
    values[500:] += 10
    assert block_length(values) == 1


def test_constant_and_short_series():
    assert block_length(np.zeros(100)) == 1
    assert block_length(np.arange(10.0)) == 1


@pytest.mark.parametrize("block", [1, 7, 50])
def test_every_copy_has_the_same_values(block):
    series = np.arange(100.0)
    copies = reordered(series, block, 20, np.random.default_rng(0))
    assert copies.shape == (20, 100)
    np.testing.assert_array_equal(np.sort(copies, axis=1), np.tile(series, (20, 1)))
    assert len(np.unique(copies, axis=0)) >= 15  # two blocks of 50 are the same circle from 100 places


def test_blocks_stay_together():
    copies = reordered(np.arange(100.0), 10, 50, np.random.default_rng(0))
    follows = (np.diff(copies, axis=1) % 100 == 1).mean()
    assert follows >= 0.9  # nine of ten neighbours lie within a block


def test_the_tail_is_that_of_the_distribution():
    squares = gumbel_r.rvs(20.0, 2.0, size=200_000, random_state=0)
    seen = np.array([20.0, 26.0, 34.0])
    found = tail_of_largest(np.sqrt(seen), np.sqrt(squares), 1.0)
    np.testing.assert_allclose(found, gumbel_r.sf(seen, 20.0, 2.0), rtol=0.05)


def test_the_largest_of_normal_numbers():
    """199 times the largest of 1000, and the exact probability of one in a thousand: told to within a factor of 2.5."""
    largest = np.abs(np.random.default_rng(0).normal(size=(199, 1000))).max(axis=1)
    seen = norm.isf((1 - 0.999**0.001) / 2)
    assert 0.4 < tail_of_largest(np.array(seen), largest, 1.0) / 0.001 < 2.5


def test_the_largest_of_one_number_is_not_promised_too_much():
    """The tail of the normal distribution, of which 199 numbers tell little: never below, at most 6 times."""
    alone = np.abs(np.random.default_rng(0).normal(size=199))
    for exact in (1e-2, 1e-4, 1e-6):
        assert 1 <= tail_of_largest(np.array(norm.isf(exact / 2)), alone, 1.0) / exact < 6


def test_maxima_that_are_all_alike():
    """Without a step between values nothing above them is by chance; with one, the next step up may be."""
    alike = np.full(100, 5.0)
    assert tail_of_largest(np.array([5.5, 5.0]), alike, 0.0).tolist() == [0, 1]
    assert tail_of_largest(np.array([6.0]), alike, 0.0, step=1.0)[0] > 0.05


def test_lattice():
    assert lattice(np.array([0.0, 1.0, 1.0])) == 1
    assert lattice(np.array([3.0, 0.5, 1.0])) == 0.5
    assert lattice(np.zeros(5)) == 0
    assert lattice(np.random.default_rng(0).normal(size=100)) == 0
