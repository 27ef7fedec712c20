"""Edges at several scales: what light, size and place do to them, and how rates grow."""

import numpy as np
import pytest

from spikesight.encoding.rescaling import rescaled
from spikesight.first_spike.convolution import Convolution, fire
from spikesight.first_spike.pooling import earliest_of_each_map, largest_of_each_map
from spikesight.zoo.kheradpisheh_2015 import RULE, LocalEdges, bands


def pictures(count=4, side=64, seed=0):
    """Smooth blobs, dark on bright, away from the border."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side] / side
    images = np.full((count, side, side), 200.0)
    for image in images:
        for _ in range(4):
            down, across = random.uniform(0.35, 0.65, 2)
            tall, wide = random.uniform(0.04, 0.12, 2)
            image[((y - down) / tall) ** 2 + ((x - across) / wide) ** 2 < 1] = random.uniform(20, 150)
    return images


def test_rates_double_four_times_in_1600_images():
    assert [RULE.rates(image)[0] for image in (1, 399, 400, 800, 1200, 1599)] == [
        2.0**-6, 2.0**-6, 2.0**-5, 2.0**-4, 2.0**-3, 2.0**-3,
    ]  # fmt: skip
    assert RULE.rates(1600) == RULE.rates(100_000) == (2.0**-2, -0.75 * 2.0**-2)


def test_light_does_not_matter():
    images = pictures()
    bright, dim = (LocalEdges()(images * share).times for share in (1.0, 0.25))
    np.testing.assert_array_equal(bright, dim)


def test_one_orientation_at_each_place_and_none_where_nothing_is():
    edges = LocalEdges()(pictures())
    assert edges.fired.sum(axis=1).max() == 1
    assert not LocalEdges()(np.full((2, 64, 64), 99.0)).fired.any()
    assert not edges.fired[:, :, 0].any()
    assert edges.fired.mean() > 0.02


def test_a_smaller_picture_at_full_scale_is_the_picture_at_a_smaller_scale():
    images = pictures()
    small = LocalEdges(1.0)(rescaled(images, 0.71))
    np.testing.assert_array_equal(small.times, LocalEdges(0.71)(images).times)


def test_a_smaller_picture_at_one_scale_looks_as_the_picture_at_the_next():
    """Up to interpolation: 71 % of 71 % is 50 %; most edges are where they were, in the same orientation."""
    images = pictures(20)
    here, there = LocalEdges(0.71)(rescaled(images, 0.71)), LocalEdges(0.5)(images)
    assert here.shape == there.shape
    same = (here.fired & there.fired).sum() / there.fired.sum()
    by_chance = (here.fired & np.roll(there.fired, 1, axis=0)).sum() / there.fired.sum()
    assert same > 0.6
    assert by_chance < same - 0.25


def test_a_picture_moved_by_a_step_of_c1_gives_the_same_best_of_each_map():
    images = pictures()
    moved = np.roll(images, (3, 6), axis=(1, 2))  # one place down, two across
    w = np.random.default_rng(0).random((10, 4, 5, 5)).astype(np.float32)
    for threshold in (np.inf, 2.0):
        one, other = (fire(Convolution(10, (5, 5), threshold), w, LocalEdges()(x)) for x in (images, moved))
        if threshold == np.inf:
            np.testing.assert_allclose(*map(largest_of_each_map, (one.potentials, other.potentials)), rtol=1e-5)
        else:
            assert one.latencies.fired.any()
            np.testing.assert_array_equal(*(earliest_of_each_map(x.latencies).times for x in (one, other)))


def test_bands_are_scales_with_windows_and_thresholds_of_their_own():
    found = bands(maps=7, windows=(10, 6), share=0.5, scales=(1.0, 0.5))
    assert [band.stage.name for band in found] == ["s2_100", "s2_50"]
    assert [band.stage.convolution.threshold for band in found] == [50.0, 18.0]
    assert [band.stage.radius for band in found] == [5, 3]
    assert [band.edges(np.zeros((1, 64, 64))).shape for band in bands()] == [(4, 20, 20), (4, 14, 14), (4, 10, 10)]


def test_a_window_for_each_scale():
    with pytest.raises(ValueError, match="zip"):
        bands(windows=(10, 6))
