"""How like an image its copy is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.optional import require


def psnr(image: NDArray[Any], copy: NDArray[Any], peak: float = 255.0) -> float:
    """Return the peak signal-to-noise ratio in dB, infinite for equal images.

    Shapes: both (...).   Units: those of `peak`.   Errors: InputError where shapes differ.
    """
    _check(image, copy)
    error = float(np.mean((np.asarray(image, np.float64) - copy) ** 2))
    return math.inf if error == 0.0 else 10.0 * math.log10(peak**2 / error)


def ssim(image: NDArray[Any], copy: NDArray[Any], peak: float = 255.0) -> float:
    """Return the structural similarity: 1 for equal images, near 0 for unrelated ones.

    Shapes: both (H, W).   Units: those of `peak`.
    Errors: MissingExtra without scikit-image (`pip install "spikesight[vision]"`), InputError where shapes differ.
    Source: Wang, Bovik, Sheikh & Simoncelli 2004, with their Gaussian window of sigma 1.5, by scikit-image.
    """
    _check(image, copy)
    metrics = require("skimage.metrics", "vision")
    return float(
        metrics.structural_similarity(
            np.asarray(image, np.float64),
            np.asarray(copy, np.float64),
            data_range=peak,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
    )


def _check(image: NDArray[Any], copy: NDArray[Any]) -> None:
    if np.shape(image) != np.shape(copy):
        raise InputError(f"an image and its copy have one shape, got {np.shape(image)} and {np.shape(copy)}")
