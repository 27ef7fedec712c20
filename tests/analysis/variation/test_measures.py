import numpy as np
import pytest

from spikesight.analysis.variation.measures import (
    confusion,
    confusion_correlation,
    dissimilarity,
    half_level,
    interval,
    invariance,
    kappa,
    representations_alike,
)
from spikesight.base.errors import InputError


def test_kappa_of_the_sheet():
    right = np.repeat([True, False], [90, 10])
    other = np.concatenate([np.repeat([True, False], [78, 12]), np.repeat([True, False], [2, 8])])
    assert (other.mean(), (right == other).mean()) == (0.8, 0.86)
    assert kappa(right, other) == pytest.approx(0.4615, abs=1e-4)


def test_kappa_of_independent_and_of_equal_errors():
    one, other = (np.random.default_rng(seed).random(200_000) < 0.8 for seed in (0, 1))
    assert kappa(one, other) == pytest.approx(0.0, abs=0.01)
    assert kappa(one, one) == 1.0
    assert np.isnan(kappa(np.ones(5, bool), np.ones(5, bool)))


def test_half_way_is_between_levels():
    assert half_level([0, 1, 2], [0.9, 0.7, 0.3], 0.1) == pytest.approx(1.5)
    assert half_level([0, 1], [0.9, 0.5], 0.1) == 1.0
    assert np.isnan(half_level([0, 1], [0.9, 0.6], 0.1))
    assert np.isnan(half_level([0, 1], [0.1, 0.1], 0.1))


def test_invariance_is_what_is_left_above_chance():
    assert invariance(0.5, 0.9, 0.1) == pytest.approx(0.5)
    assert np.isnan(invariance(0.1, 0.1, 0.1))
    assert np.isnan(invariance(0.11, 0.12, 0.1, error=0.05))


def test_the_interval_is_over_images():
    rng = np.random.default_rng(0)
    right = rng.random(1000) < 0.8
    low, high = interval(right, np.arange(1000))
    deviation = np.sqrt(0.8 * 0.2 / 1000)
    assert (high - low) / 2 == pytest.approx(1.96 * deviation, rel=0.15)
    assert low < right.mean() < high
    twice = interval(np.repeat(right, 5), np.repeat(np.arange(1000), 5))  # five times the same says nothing more
    np.testing.assert_allclose(twice, (low, high))
    with pytest.raises(InputError, match="no answers"):
        interval(np.zeros(0, bool), np.zeros(0))


def test_confusions_and_how_alike_they_are():
    found = confusion(np.array([0, 0, 1, 2]), np.array([0, 1, -1, 2]), 3)
    np.testing.assert_array_equal(found, [[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]])
    assert confusion_correlation(found, found) == pytest.approx(1.0)
    assert np.isnan(confusion_correlation(np.eye(3), found[:, :3]))


def test_equal_representations_are_alike():
    features = np.random.default_rng(0).random((20, 30))
    rdm = dissimilarity(features)
    np.testing.assert_allclose(rdm, 1 - np.corrcoef(features), atol=1e-12)
    assert representations_alike(rdm, dissimilarity(3 * features + 2)) == pytest.approx(1.0)
    assert np.isnan(representations_alike(np.zeros((4, 4)), rdm[:4, :4]))


def test_global_pooling_does_not_see_a_shift():
    image = np.zeros((24, 24))
    image[4:9, 4:9] = np.random.default_rng(0).random((5, 5))
    kernels = np.random.default_rng(1).random((12, 3, 3))

    def pooled(picture):
        windows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3))
        return np.einsum("xyij,mij->mxy", windows, kernels).max(axis=(1, 2))

    two = np.stack([pooled(image), pooled(np.roll(image, (7, 5), (0, 1)))])
    np.testing.assert_allclose(dissimilarity(two), 0.0, atol=1e-14)
