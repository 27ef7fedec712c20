"""A voxel grid as seen by a camera without distortion: events are shared by the pixels they lie between, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.representations.voxel import ToLastBin, voxel_grid
from spikesight.events.stream import EventStream


@dataclass(frozen=True, eq=False)
class RectifiedVoxelGrid:
    """A voxel grid whose pixels lie at `positions` (H, W, 2), x and y, in the rectified picture.

    Source: DSEC (Gehrig et al., RA-L 2021), whose `rectify_map` is such an array.
    """

    positions: NDArray[Any]
    bins: int = 15

    def __call__(self, events: EventStream) -> NDArray[np.float32]:
        """Return sums of signs (B, H, W).   Errors: those of `voxel_grid` and `rectified`."""
        # All events of a pixel lie at one place: sharing out their sum is the same as sharing out each.
        return rectified(voxel_grid(events, self.bins, ToLastBin()), self.positions)


def rectified(values: NDArray[Any], positions: NDArray[Any]) -> NDArray[np.float32]:
    """Return values (..., H, W) where each pixel is shared by the four that its position (H, W, 2) lies between.

    `positions` are x and y in pixels, and may be outside: what falls outside is left out. Corners are found by rounding
    down: DSEC's code rounds toward 0, so that between -1 and 0 a corner gets a negative weight.
    Errors: InputError for positions of another size, or that are not finite.
    """
    if positions.shape != (*values.shape[-2:], 2):
        raise InputError(f"positions of {values.shape[-2:]} pixels are (H, W, 2), got shape {positions.shape}")
    if not np.isfinite(positions).all():
        raise InputError("positions of pixels hold NaN or infinite values")
    planes = np.ascontiguousarray(values, np.float32).reshape(-1, *values.shape[-2:])
    shared = np.zeros(planes.shape, np.float32)
    within = np.clip(positions, -2.0, max(values.shape[-2:]) + 1.0).astype(np.float64)  # beyond, nothing is seen
    for plane, out in zip(planes, shared, strict=True):
        sums = np.zeros(out.shape)
        _share(plane, within, sums)
        out[:] = sums
    return shared.reshape(values.shape)


@njit(cache=True, nogil=True)
def _share(values, positions, out):  # type: ignore[no-untyped-def]
    height, width = out.shape
    for row in range(height):
        for column in range(width):
            value = values[row, column]
            if value == 0:
                continue
            left, top = np.floor(positions[row, column, 0]), np.floor(positions[row, column, 1])
            right, down = positions[row, column, 0] - left, positions[row, column, 1] - top
            for i in range(2):
                for j in range(2):
                    y, x = int(top) + i, int(left) + j
                    if 0 <= y < height and 0 <= x < width:
                        out[y, x] += value * (down if i else 1.0 - down) * (right if j else 1.0 - right)
