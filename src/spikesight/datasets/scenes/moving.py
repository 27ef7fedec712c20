"""Where what a pixel sees is seen later; compiled."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def move(first, last, turn, step, part, depth, focal, column, row, out):  # type: ignore[no-untyped-def]
    """Write pixels moved to the right and down, and the depth then, `out` (H, W, 3), for some rows.

    `turn` (P + 1, 3, 3) and `step` (P + 1, 3) bring each part from the camera's axes then to those later; the last is
    the sky's, of which only directions move. NaN where it comes to lie behind the camera.
    """
    for v in range(first, last):
        b = (v - row) / focal
        for u in range(depth.shape[1]):
            a = (u - column) / focal
            k = part[v, u]
            sky = k < 0
            m, s = turn[k], step[k]
            far = 1.0 if sky else depth[v, u]
            x = far * (m[0, 0] * a + m[0, 1] * b + m[0, 2]) + s[0]
            y = far * (m[1, 0] * a + m[1, 1] * b + m[1, 2]) + s[1]
            z = far * (m[2, 0] * a + m[2, 1] * b + m[2, 2]) + s[2]
            if z <= 0.0:
                out[v, u, :] = np.nan
                continue
            out[v, u, 0] = focal * (x / z - a)
            out[v, u, 1] = focal * (y / z - b)
            out[v, u, 2] = np.inf if sky else z
