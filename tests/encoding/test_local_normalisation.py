from __future__ import annotations

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.local_normalisation import by_local_mean, by_patch_norm


def test_each_value_is_divided_by_the_mean_around_it_with_zeros_beyond() -> None:
    x = np.random.default_rng(0).random((2, 3, 6, 5))
    found = by_local_mean(x, 1)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), (3, 3), axis=(2, 3))
    np.testing.assert_allclose(found, x / (windows.mean(axis=(4, 5)) + 1e-12), rtol=1e-6)


def test_maps_smaller_than_the_window() -> None:
    x = np.array([[1.0, 3.0]]).reshape(1, 1, 1, 2)
    np.testing.assert_allclose(by_local_mean(x, 8).ravel(), [1 / (4 / 289), 3 / (4 / 289)], rtol=1e-6)


def test_nothing_stays_nothing() -> None:
    x = np.zeros((1, 1, 20, 20))
    x[..., 0, 0] = 7.0
    found = by_local_mean(x, 2)
    assert np.count_nonzero(found) == 1
    assert found.dtype == np.float32


def test_the_length_of_a_patch() -> None:
    image = np.random.default_rng(1).random((2, 5, 6))
    found = by_patch_norm(np.ones((2, 4, 5, 6)), image, 3)
    patch = np.pad(image, ((0, 0), (1, 1), (1, 1)), mode="edge")[1, 2:5, 3:6]
    np.testing.assert_allclose(found[1, :, 2, 3], 1 / np.linalg.norm(patch), rtol=1e-6)
    assert not by_patch_norm(np.ones((1, 1, 4, 4)), np.zeros((1, 4, 4)), 3).any()


def test_light_does_not_matter_any_more() -> None:
    image = np.random.default_rng(2).random((1, 9, 9))
    response = np.random.default_rng(3).random((1, 2, 9, 9))
    np.testing.assert_allclose(by_patch_norm(response, image, 5), by_patch_norm(9 * response, 9 * image, 5), rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: by_local_mean(np.ones((3, 3)), 1), "maps are"),
        (lambda: by_local_mean(np.ones((1, 1, 3, 3)), -1), "radius is 0 or more"),
        (lambda: by_local_mean(np.full((1, 1, 3, 3), np.nan), 1), "NaN"),
        (lambda: by_patch_norm(np.ones((1, 1, 3, 3)), np.ones((1, 3, 4)), 3), "responses"),
        (lambda: by_patch_norm(np.ones((1, 1, 3, 3)), np.ones((1, 3, 3)), 2), "odd size"),
    ],
)
def test_what_cannot_be_normalised(call: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        call()  # type: ignore[operator]
