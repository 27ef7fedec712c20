import numpy as np
import pytest

from spikesight.analysis.variation.frequency import band, gaussian_high, gaussian_low, restored

IMAGE = np.random.default_rng(0).random((40, 40))


def grating(cycles, size=40):
    return np.tile(np.cos(2 * np.pi * cycles * np.arange(size) / size), (size, 1))


def test_bands_that_touch_are_the_image():
    parts = band(IMAGE, None, 4.0), band(IMAGE, 4.0, 8.0), band(IMAGE, 8.0, np.inf)
    np.testing.assert_allclose(sum(parts), IMAGE, atol=1e-12)
    assert [part.mean() for part in parts[1:]] == pytest.approx([0.0, 0.0], abs=1e-14)
    assert parts[0].mean() == pytest.approx(IMAGE.mean())


def test_a_grating_passes_its_own_band_only():
    six = grating(6)
    np.testing.assert_allclose(band(six, 4.0, 8.0), six, atol=1e-12)
    np.testing.assert_allclose(band(six, 8.0, np.inf), 0.0, atol=1e-12)
    np.testing.assert_allclose(band(six, None, 6.0), six, atol=1e-12)  # the upper edge belongs to the band
    np.testing.assert_allclose(band(six, 6.0, np.inf), 0.0, atol=1e-12)


def test_a_gaussian_halves_the_amplitude_where_it_says():
    np.testing.assert_allclose(gaussian_low(grating(8), 8.0), grating(8) / 2, atol=1e-12)
    np.testing.assert_allclose(gaussian_high(grating(8), 8.0), grating(8) / 2, atol=1e-12)
    assert gaussian_high(IMAGE, 8.0).mean() == pytest.approx(0.0, abs=1e-14)


def test_mean_and_contrast_are_given_back():
    found = restored(band(IMAGE, 4.0, 8.0), IMAGE)
    assert (found.mean(), found.std()) == pytest.approx((IMAGE.mean(), IMAGE.std()))
    flat = np.full((8, 8), 5.0)
    np.testing.assert_allclose(restored(band(flat, 2.0, np.inf), flat), 5.0)


def test_images_need_not_be_square():
    image = np.random.default_rng(1).random((20, 31))
    np.testing.assert_allclose(band(image, None, 3.0) + band(image, 3.0, np.inf), image, atol=1e-12)
