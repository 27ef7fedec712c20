"""Filters by spatial frequency, in cycles per image: sharp and Gaussian."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def frequencies(shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return the frequency of each coefficient of `numpy.fft.rfft2`, in cycles per image."""
    rows, columns = shape
    down = np.fft.fftfreq(rows, 1.0 / rows).round()
    across = np.fft.rfftfreq(columns, 1.0 / columns).round()
    found: NDArray[np.float64] = np.hypot(down[:, None], across)
    return found


def band(image: NDArray[Any], low: float | None, high: float) -> NDArray[np.float64]:
    """Return the frequencies f of an image (rows, columns) with ``low < f <= high``; None keeps the mean too."""
    f = frequencies(image.shape)
    return _filtered(image, (f <= high) & (f > (-1.0 if low is None else low)))


def gaussian_low(image: NDArray[Any], half: float) -> NDArray[np.float64]:
    """Return an image with each frequency multiplied by a Gaussian that is 1/2 at `half`."""
    return _filtered(image, np.exp(-math.log(2.0) * (frequencies(image.shape) / half) ** 2))


def gaussian_high(image: NDArray[Any], half: float) -> NDArray[np.float64]:
    """Return what `gaussian_low` takes away; its mean is 0."""
    left: NDArray[np.float64] = np.asarray(image, np.float64) - gaussian_low(image, half)
    return left


def restored(filtered: NDArray[np.float64], image: NDArray[Any]) -> NDArray[np.float64]:
    """Return a filtered image with the mean and the root mean square contrast that the original has.

    Where the filter left nothing, only the mean is given back.
    """
    rest, spread = filtered - filtered.mean(), float(np.std(image))
    left = float(rest.std())
    scale = spread / left if left > 1e-9 * spread and left > 0 else 0.0
    given: NDArray[np.float64] = rest * scale + float(np.mean(image))
    return given


def _filtered(image: NDArray[Any], gain: NDArray[Any]) -> NDArray[np.float64]:
    values = np.asarray(image, np.float64)
    passed: NDArray[np.float64] = np.fft.irfft2(np.fft.rfft2(values) * gain, values.shape)
    return passed
