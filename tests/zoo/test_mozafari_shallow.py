"""Oriented edges: which orientation fires, how early, and that at each place only one does."""

import numpy as np

from spikesight.encoding.contrast import gabor
from spikesight.first_spike.pooling import Pooling
from spikesight.zoo.mozafari_shallow import DEGREES, OrientedEdges


def test_the_kernel_of_the_sheet():
    kernel = gabor(5, 67.5)
    np.testing.assert_allclose(kernel[2], [-0.004898, -0.551499, 1.0, -0.551499, -0.004898], atol=1e-6)
    assert abs(kernel.sum()) < 1e-12


def test_at_each_place_one_orientation_fires_at_most():
    images = np.random.default_rng(0).integers(0, 256, (5, 40, 45))
    latencies = OrientedEdges()(images)
    assert latencies.shape == (4, 6, 7)
    assert latencies.steps == 15
    assert latencies.fired.sum(axis=1).max() == 1


def test_a_flat_image_has_no_edges():
    assert not OrientedEdges(pooling=Pooling((3, 3)))(np.full((2, 20, 20), 77)).fired.any()


def test_an_edge_excites_the_orientation_along_it():
    """Lines under each of the four angles: the earliest spike is of the kernel that lies along the line."""
    rows, columns = np.mgrid[-15:16, -15:16]
    for number, degrees in enumerate(DEGREES):
        angle = np.deg2rad(degrees)
        across = rows * np.cos(angle) + columns * np.sin(angle)
        image = 255.0 * (np.abs(across) < 0.7)
        times = OrientedEdges(pooling=Pooling((5, 5)))(image[None]).times[0]
        assert np.unravel_index(times.argmin(), times.shape)[0] == number


def test_neighbours_are_left_alone_without_inhibition():
    images = np.random.default_rng(1).integers(0, 256, (3, 30, 30))
    edges = [OrientedEdges(pooling=Pooling((3, 3)), inhibition=one) for one in (OrientedEdges().inhibition, None)]
    held, free = (one(images).times for one in edges)
    assert (held != free).any()
