"""Alike is 1, independent is what statistics says."""

import numpy as np
import pytest

from spikesight.analysis import chi, fano_factor, pairwise_correlation
from spikesight.base.errors import InputError


@pytest.fixture
def random():
    return np.random.default_rng(5)


def test_chi_of_signals_that_are_alike_is_1(random):
    assert chi(np.repeat(random.normal(size=(500, 1)), 30, axis=1)) == pytest.approx(1)


@pytest.mark.parametrize("n", [4, 25, 400])
def test_chi_of_independent_signals_falls_with_their_number(random, n):
    assert chi(random.normal(size=(4000, n))) == pytest.approx(n**-0.5, rel=0.05)


def test_chi_of_a_shared_and_a_private_part(random):
    """Variance 1 shared, 3 private: chi^2 = (1 + 3 / n) / 4."""
    shared, private = random.normal(size=(20_000, 1)), random.normal(size=(20_000, 50))
    assert chi(shared + np.sqrt(3) * private) == pytest.approx(np.sqrt((1 + 3 / 50) / 4), rel=0.02)


def test_chi_knows_neither_scale_nor_offset(random):
    signals = random.normal(size=(100, 8))
    assert chi(3 - 7 * signals) == pytest.approx(chi(signals))


def test_fano_factor_of_poisson_counts_is_1(random):
    assert fano_factor(random.poisson(0.3, (10_000, 20))) == pytest.approx(1, abs=0.05)


def test_fano_factor_of_neurons_in_step_is_their_number(random):
    counts = np.repeat(random.poisson(0.3, (20_000, 1)), 20, axis=1)
    assert fano_factor(counts) == pytest.approx(20, rel=0.05)
    assert fano_factor(counts.sum(axis=1)) == fano_factor(counts)


def test_fano_factor_of_a_clock_is_0():
    assert fano_factor(np.full(10, 3)) == 0


def test_correlation_by_hand():
    counts = np.array([[0, 0, 1], [1, 1, 0], [0, 0, 1], [2, 2, -1]])
    assert pairwise_correlation(counts, np.random.default_rng(0)) == pytest.approx((1 - 1 - 1) / 3)


def test_correlation_is_that_of_numpy(random):
    counts = random.poisson(0.5, (300, 12)) + random.poisson(0.5, (300, 1))
    expected = np.corrcoef(counts.T)[np.triu_indices(12, 1)].mean()
    assert pairwise_correlation(counts, random) == pytest.approx(expected, rel=1e-9)
    assert expected == pytest.approx(0.5, abs=0.1)


def test_a_sample_of_many_neurons_is_like_all_of_them(random):
    counts = random.poisson(0.5, (2000, 400)) + random.poisson(0.5, (2000, 1))
    assert pairwise_correlation(counts, random, most=50) == pytest.approx(0.5, abs=0.05)
    assert pairwise_correlation(counts, np.random.default_rng(1), 50) == pairwise_correlation(
        counts, np.random.default_rng(1), 50
    )


def test_silent_neurons_are_left_out(random):
    counts = random.poisson(0.5, (100, 3))
    with_silent = np.concatenate([counts, np.zeros((100, 4), int)], axis=1)
    assert pairwise_correlation(with_silent, random) == pytest.approx(pairwise_correlation(counts, random))


def test_silence_has_no_answer(random):
    silence = np.zeros((10, 3))
    assert np.isnan([chi(silence), fano_factor(silence), pairwise_correlation(silence, random)]).all()


def test_what_has_no_time_is_refused(random):
    for measure in (chi, fano_factor):
        with pytest.raises(InputError, match=r"two or more points of time.*got shape \(1, 3\)"):
            measure(np.zeros((1, 3)))
    with pytest.raises(InputError, match="pairs need two"):
        pairwise_correlation(np.zeros((5, 5)), random, most=1)
