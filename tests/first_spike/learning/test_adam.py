"""Adam: how far it goes, and going on."""

import numpy as np
import pytest

from spikesight.base.randomness import generator
from spikesight.first_spike.learning.adam import Adam


def made():
    random = generator(0, "adam")
    return [random.normal(size=shape).astype(np.float32) for shape in ((3, 4), (5,))]


def test_the_first_change_is_the_rate_times_the_size_of_the_weights():
    arrays, gradients = made(), made()
    before = [array.copy() for array in arrays]
    Adam(arrays).change(arrays, gradients, 0.01)
    for array, old, gradient in zip(arrays, before, gradients, strict=True):
        expected = -0.01 * np.sqrt(np.mean(old**2)) * np.sign(gradient)
        np.testing.assert_allclose(array - old, expected, rtol=1e-3)


def test_it_finds_the_bottom_of_a_bowl():
    at, goal = [np.full(2, 5.0, np.float32)], np.array([1.0, -2.0], np.float32)
    adam = Adam(at)
    for k in range(1000):
        adam.change(at, [at[0] - goal], 0.05 * (1 - k / 1000))
    np.testing.assert_allclose(at[0], goal, atol=0.02)


def test_without_a_gradient_nothing_moves():
    arrays = made()
    before = arrays[0].copy()
    Adam(arrays).change(arrays, [np.zeros_like(array) for array in arrays], 0.1)
    np.testing.assert_array_equal(arrays[0], before)


def test_it_goes_on_where_it_was():
    whole, parts = made(), made()
    one, first = Adam(whole), Adam(parts)
    for number in range(4):
        one.change(whole, [array * number for array in made()], 0.01)
    for number in range(2):
        first.change(parts, [array * number for array in made()], 0.01)
    second = Adam(parts).go_on(first.snapshot())
    assert second.changes == 2
    for number in range(2, 4):
        second.change(parts, [array * number for array in made()], 0.01)
    for array, expected in zip(parts, whole, strict=True):
        np.testing.assert_array_equal(array, expected)
    assert one.snapshot().keys() == second.snapshot().keys()


def test_means_are_kept_apart_from_those_of_a_snapshot():
    arrays = made()
    adam = Adam(arrays)
    kept = adam.snapshot()
    adam.change(arrays, made(), 0.1)
    assert kept["mean0"] == pytest.approx(0.0)
