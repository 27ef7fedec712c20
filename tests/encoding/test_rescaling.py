"""Smaller copies of images."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.rescaling import rescaled


def test_the_whole_size_is_the_image_itself():
    images = np.random.default_rng(0).integers(0, 256, (2, 7, 9))
    np.testing.assert_array_equal(rescaled(images, 1.0), images)


def test_a_flat_image_stays_flat_and_brightness_stays():
    assert rescaled(np.full((1, 64, 64), 77), 0.71).shape == (1, 45, 45)
    np.testing.assert_allclose(rescaled(np.full((1, 64, 64), 77), 0.71), 77, rtol=1e-6)
    images = np.random.default_rng(0).random((3, 64, 64))
    np.testing.assert_allclose(rescaled(images, 0.5).mean(), images.mean(), rtol=0.01)


def test_rows_and_columns_keep_their_sides():
    image = np.zeros((1, 40, 20))
    image[0, :20] = 1.0
    small = rescaled(image, 0.5)[0]
    assert small.shape == (20, 10)
    assert small[:9].min() > 0.99
    assert small[11:].max() < 0.01


def test_no_images_are_no_images():
    assert rescaled(np.zeros((0, 10, 10)), 0.5).shape == (0, 5, 5)


@pytest.mark.parametrize("share", [0.0, 1.1, -1.0, float("nan"), 0.01])
def test_shares_that_are_none(share):
    with pytest.raises(InputError, match="a share of the size"):
        rescaled(np.zeros((1, 10, 10)), share)
