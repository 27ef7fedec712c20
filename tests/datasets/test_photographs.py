"""The photographs are there, in grey, and are photographs."""

import numpy as np

from spikesight.datasets.photographs import photographs


def test_two_grey_photographs():
    found = photographs()
    assert list(found) == ["china", "flower"]
    for image in found.values():
        assert image.shape == (427, 640)
        assert image.dtype == np.uint8
        assert np.unique(image).size > 200
        neighbours = np.corrcoef(image[:, 1:].ravel(), image[:, :-1].ravel())[0, 1]
        assert neighbours > 0.9
