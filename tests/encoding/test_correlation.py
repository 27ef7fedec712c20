from __future__ import annotations

import numpy as np
import pytest

from spikesight.encoding.correlation import correlate


def test_taps_lie_over_the_image_without_a_flip() -> None:
    image = np.arange(12, dtype=np.uint8).reshape(1, 3, 4)
    kernel = np.array([[1.0, 0.0], [0.0, 10.0]])
    np.testing.assert_array_equal(correlate(image, kernel[None]), [[[[50, 61, 72], [94, 105, 116]]]])


@pytest.mark.parametrize("cores", ["1", "2"])
def test_cores_change_nothing(cores: str, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    images, kernels = random.random((5, 8, 8)), random.random((3, 3, 3)) - 0.5
    monkeypatch.setenv("SPIKESIGHT_CORES", cores)
    windows = np.lib.stride_tricks.sliding_window_view(images, (3, 3), axis=(1, 2))
    expected = np.einsum("byxij,kij->bkyx", windows, kernels)
    np.testing.assert_allclose(correlate(images, kernels), expected, atol=1e-6)


def test_rounding_is_no_response_but_the_faintest_grey_level_is() -> None:
    kernel = np.array([[0.1, 0.2, -0.3]])
    image = np.full((1, 1, 5), 0.7)
    assert not correlate(image, kernel[None]).any()
    image[0, 0, 4] += 1e-9
    assert correlate(image, kernel[None])[0, 0, 0, 2] < 0
