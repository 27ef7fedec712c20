"""Weights as they are used."""

import numpy as np

from spikesight.base.randomness import generator
from spikesight.first_spike.learning.weight_form import Real, Signs


def test_signs_have_one_size_the_mean():
    w = np.array([[0.5, -1.5], [0.0, 2.0]], np.float32)
    np.testing.assert_array_equal(Signs()(w), np.array([[1, -1], [1, 1]], np.float32))
    assert Signs()(w).dtype == np.float32


def test_real_weights_are_the_same_array():
    w = generator(0, "form").normal(size=(3, 4))
    assert Real()(w) is w
