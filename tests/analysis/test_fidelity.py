"""Likeness of images: by hand, and at the ends of the scale."""

import math
import sys

import numpy as np
import pytest

from spikesight.analysis.fidelity import psnr, ssim
from spikesight.base.errors import InputError, MissingExtra

IMAGE = np.random.default_rng(0).integers(0, 256, (40, 50)).astype(np.uint8)


def test_noise_by_hand():
    assert psnr(np.zeros((2, 2)), np.array([[2.0, 0.0], [0.0, 0.0]])) == pytest.approx(10 * math.log10(255**2))
    assert psnr(np.zeros(3), np.ones(3), peak=1.0) == 0.0
    assert psnr(IMAGE, IMAGE) == math.inf
    assert psnr(np.zeros(4, np.uint8), np.full(4, 255, np.uint8)) == 0.0


def test_structure_at_the_ends_and_for_constant_images():
    pytest.importorskip("skimage")
    assert ssim(IMAGE, IMAGE) == 1.0
    assert abs(ssim(IMAGE, np.random.default_rng(1).integers(0, 256, IMAGE.shape))) < 0.1
    # Constant images: the structure term is 1, what is left is (2 a b + C) / (a^2 + b^2 + C) with C = (.01 peak)^2.
    flat = ssim(np.full((30, 30), 100.0), np.full((30, 30), 50.0))
    c = (0.01 * 255) ** 2
    assert flat == pytest.approx((2 * 100 * 50 + c) / (100**2 + 50**2 + c))


def test_other_shapes_and_no_scikit_image(monkeypatch):
    for measure in (psnr, ssim):
        with pytest.raises(InputError, match="one shape"):
            measure(IMAGE, IMAGE[:-1])
    monkeypatch.setitem(sys.modules, "skimage.metrics", None)
    with pytest.raises(MissingExtra, match=r"spikesight\[vision\]"):
        ssim(IMAGE, IMAGE)
