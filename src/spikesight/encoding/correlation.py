"""Images compared with small kernels at every place, in double precision: what every bank of filters stands on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.spread import spread

NEGLIGIBLE = 1e-12
"""Responses this far below the largest that an image of such pixels could give are rounding, and are set to 0."""


def correlate(padded: NDArray[Any], kernels: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return what each kernel gives at each place: (B, H, W) and (K, h, w) to (B, K, H - h + 1, W - w + 1).

    The sum is taken in double precision, tap by tap in the order of the kernel; no flip, no padding. A flat region
    gives exactly 0 under a kernel that sums to 0. Images are spread over the cores; the result does not depend on how.
    """
    images = np.asarray(padded)
    B, H, W = images.shape
    K, h, w = kernels.shape
    found = np.empty((B, K, H - h + 1, W - w + 1), np.float32)
    floor = NEGLIGIBLE * np.abs(kernels).sum(axis=(1, 2))

    def part(first: int, last: int) -> None:
        _correlate(images[first:last].astype(np.float64), kernels, floor, found[first:last])

    spread(part, B)
    return found


@njit(cache=True, nogil=True)
def _correlate(images, kernels, floor, found):  # type: ignore[no-untyped-def]
    K, h, w = kernels.shape
    rows, columns = found.shape[2], found.shape[3]
    total = np.empty((rows, columns), np.float64)
    for b in range(images.shape[0]):
        largest = np.abs(images[b]).max()
        for k in range(K):
            total[:] = 0.0
            for i in range(h):
                for j in range(w):
                    weight = kernels[k, i, j]
                    if weight == 0.0:
                        continue
                    for y in range(rows):
                        for x in range(columns):
                            total[y, x] += weight * images[b, y + i, x + j]
            for y in range(rows):
                for x in range(columns):
                    value = total[y, x]
                    found[b, k, y, x] = 0.0 if abs(value) <= floor[k] * largest else value
