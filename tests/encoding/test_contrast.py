from __future__ import annotations

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.contrast import (
    Bank,
    by_norm,
    difference_of_gaussians,
    difference_of_unit_gaussians,
    gabor,
    on_off,
)

ON = difference_of_gaussians(7, 1, 2)


def test_the_difference_of_gaussians_of_spyketorch() -> None:
    half = [-0.121689, -0.048160, 0.501984, 1.0]
    np.testing.assert_allclose(ON[3], [*half, *half[-2::-1]], atol=1e-6)
    assert ON[0, 0] == pytest.approx(-0.061741, abs=1e-6)
    assert ON.sum() == pytest.approx(0, abs=1e-12)
    assert ON.min() == pytest.approx(-0.126614, abs=1e-6)


@pytest.mark.parametrize(("size", "sizes", "ratio"), [(7, (1, 2), 7.898), (3, (3 / 9, 6 / 9), 6.41)])
def test_its_off_kernel_is_larger_and_ours_is_not(size: int, sizes: tuple[float, float], ratio: float) -> None:
    theirs = difference_of_gaussians(size, *sizes[::-1])
    assert theirs.min() == pytest.approx(-ratio, abs=5e-3)
    on, off = on_off([difference_of_gaussians(size, *sizes)])
    np.testing.assert_array_equal(off, -on)
    np.testing.assert_allclose(theirs, ratio * off, rtol=2e-3)


def test_that_of_sdnn_python() -> None:
    kernel = difference_of_gaussians(7, 1, 2, power=1.0)
    np.testing.assert_allclose(kernel[3, :4], [-0.103131, -0.131441, 0.433004, 1.0], atol=1e-6)


def test_that_of_falez() -> None:
    kernel = difference_of_unit_gaussians(7, 1.0, 4.0)
    np.testing.assert_allclose(kernel[3, :4], [-0.017785, -0.001310, 0.071477, 0.133336], atol=1e-6)
    assert kernel.sum() == pytest.approx(0, abs=1e-15)


def test_the_gabor_kernel() -> None:
    kernel = gabor(5, 67.5)
    np.testing.assert_allclose(kernel[2], [-0.004898, -0.551499, 1, -0.551499, -0.004898], atol=1e-6)
    np.testing.assert_allclose(kernel[:, 2], [-0.259560, 0.573072, 1, 0.573072, -0.259560], atol=1e-6)
    assert kernel.sum() == pytest.approx(0, abs=1e-12)


def test_a_gabor_kernel_of_unit_length_in_a_circle() -> None:
    kernel = gabor(5, 22.5, normalise=by_norm, circular=True)
    assert np.linalg.norm(kernel) == pytest.approx(1)
    assert kernel.sum() == pytest.approx(0, abs=1e-12)
    assert kernel[0, 0] == kernel[4, 0] == 0.0
    assert kernel[0, 2] != 0.0


def test_a_bank_correlates_and_centres_smaller_kernels() -> None:
    random = np.random.default_rng(0)
    image = random.random((2, 9, 8))
    small, large = random.random((3, 3)) - 0.5, random.random((5, 5)) - 0.5
    maps = Bank([small, large], threshold=None, zeros=True)(image)
    assert maps.shape == (2, 2, 9, 8)
    for k, kernel in enumerate([small, large]):
        edge = len(kernel) // 2
        windows = np.lib.stride_tricks.sliding_window_view(
            np.pad(image, ((0, 0), (edge, edge), (edge, edge))), kernel.shape, axis=(1, 2)
        )
        np.testing.assert_allclose(maps[:, k], (windows * kernel).sum(axis=(3, 4)), atol=1e-6)


def test_padding_changes_the_size_of_maps() -> None:
    assert Bank([ON], padding=0)(np.zeros((1, 10, 9))).shape == (1, 1, 4, 3)
    assert Bank([ON], padding=4)(np.zeros((1, 10, 9))).shape == (1, 1, 12, 11)
    valid, same = (Bank([ON], padding=padding)(np.eye(12)[None])[0, 0] for padding in (0, None))
    np.testing.assert_array_equal(valid, same[3:-3, 3:-3])


def test_on_and_off_are_each_others_negative() -> None:
    image = np.random.default_rng(1).integers(0, 256, (3, 12, 12), np.uint8)
    raw = Bank(on_off([ON]), threshold=None)(image)
    np.testing.assert_array_equal(raw[:, 0], -raw[:, 1])
    kept = Bank(on_off([ON]), threshold=50.0)(image)
    np.testing.assert_array_equal(kept, np.where(raw >= 50, raw, 0))
    inverted = Bank(on_off([ON]), threshold=50.0)(255 - image)
    np.testing.assert_allclose(inverted, kept[:, ::-1], rtol=1e-5)


def test_a_sign_is_lost_before_the_threshold_is_applied() -> None:
    image = np.zeros((1, 9, 9))
    image[0, 4, 4] = -2.0
    maps = Bank([ON], threshold=1.0, absolute=True)(image)
    assert maps[0, 0, 4, 4] == pytest.approx(2.0)


def test_each_kernel_may_have_its_threshold() -> None:
    image = np.random.default_rng(2).random((1, 9, 9))
    one, other = (Bank(on_off([ON]), threshold)(image) for threshold in ([0.1, np.inf], 0.1))
    np.testing.assert_array_equal(one[:, 0], other[:, 0])
    assert not one[:, 1].any()


@pytest.mark.parametrize("value", [0, 37, 255])
def test_a_flat_image_has_no_contrast(value: int) -> None:
    bank = Bank(on_off([ON, difference_of_gaussians(13, 13 / 9, 26 / 9), gabor(5, 22.5)]))
    assert not bank(np.full((1, 20, 20), value, np.uint8)).any()


def test_a_flat_region_has_none_either() -> None:
    image = np.full((1, 30, 30), 85, np.uint8)
    image[0, :4, :4] = 200
    assert not Bank(on_off([ON]))(image)[..., 8:, 8:].any()


def test_images_do_not_depend_on_each_other() -> None:
    images = np.random.default_rng(3).random((5, 9, 9))
    bank = Bank(on_off([ON]))
    np.testing.assert_array_equal(bank(images), np.concatenate([bank(image[None]) for image in images]))
    assert bank(images[:0]).shape == (0, 2, 9, 9)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Bank([]), "one kernel at least"),
        (lambda: Bank([np.ones((2, 2))]), "odd size"),
        (lambda: Bank([np.ones((3, 5))]), "square"),
        (lambda: Bank([ON], (1.0, 2.0)), "1 kernels have 2 thresholds"),
        (lambda: Bank([ON], padding=-1), "padding is 0 or more"),
        (lambda: Bank([ON])(np.ones((3, 3))), "reshape"),
        (lambda: Bank([ON])(np.full((1, 9, 9), np.nan)), "81 NaN"),
        (lambda: Bank([ON], padding=0)(np.ones((1, 6, 9))), "smaller than kernels of 7"),
        (lambda: difference_of_gaussians(4, 1, 2), "odd size"),
        (lambda: difference_of_gaussians(7, 1, 1), "two different widths"),
        (lambda: difference_of_unit_gaussians(7, 0, 1), "above 0"),
        (lambda: gabor(0, 0), "odd size"),
        (lambda: gabor(1, 0), "flat"),
        (lambda: gabor(1, 0, normalise=by_norm), "flat"),
        (lambda: gabor(5, 0, div=0), "div is above 0"),
        (lambda: difference_of_gaussians(1, 1, 2), "flat"),
        (lambda: Bank([ON], [1.0, 2.0]), "1 kernels have 2 thresholds"),
        (lambda: Bank([ON], np.nan), "threshold is NaN"),
        (lambda: Bank([np.full((3, 3), np.nan)]), "kernel holds NaN"),
        (lambda: Bank([ON])(np.full((1, 9, 9), "a")), "real numbers"),
    ],
)
def test_what_is_no_bank(make: object, says: str) -> None:
    with pytest.raises(InputError, match=says):
        make()  # type: ignore[operator]
