"""ON and OFF contrasts of small images."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.contrast import difference_of_unit_gaussians
from spikesight.encoding.on_off_contrast import OnOffContrast


def test_a_bright_pixel_shows_the_kernel():
    image = np.zeros((1, 15, 15))
    image[0, 7, 7] = 1.0
    on, off = OnOffContrast()(image)[0]
    np.testing.assert_allclose((on - off)[7, 4:11], difference_of_unit_gaussians(7, 1.0, 4.0)[3], atol=1e-7)
    np.testing.assert_allclose((on - off)[7, 4:8], [-0.017785, -0.001310, 0.071477, 0.133336], atol=5e-7)
    assert min(on.min(), off.min()) == 0.0


def test_bright_on_dark_is_as_strong_as_dark_on_bright():
    image = np.random.default_rng(0).integers(0, 256, (2, 12, 9))
    one, other = OnOffContrast()(image), OnOffContrast()(255 - image)
    np.testing.assert_allclose(one[:, 0], other[:, 1], atol=1e-4)


def test_a_flat_image_has_no_contrast():
    assert not OnOffContrast(5, 1.0, 2.0)(np.full((1, 8, 8), 77)).any()


def test_a_kernel_without_a_middle_is_refused_when_it_is_used():
    with pytest.raises(InputError, match="odd size"):
        OnOffContrast(6)(np.zeros((1, 8, 8)))
