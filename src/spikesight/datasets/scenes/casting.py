"""Where the ray of each pixel meets bodies first: closed forms, compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

NEAR = 1e-3
"""Metres before the camera from which on things are seen."""
SKY = -1
FACES = 8
"""A surface is numbered `FACES` * part + face; bodies have up to six faces."""


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def hit(kind, half, o, x, y, z):  # type: ignore[no-untyped-def]
    """Return how far along the ray from `o` (3,) in direction (x, y, z) a body is met, and which face, or (inf, 0).

    `half` (3,) is its extent, all in axes of the body. Sizes of directions are kept: with 1 along the optical axis,
    distances are depths.
    """
    if kind == 0:
        if z == 0.0:
            return np.inf, 0
        s = -o[2] / z
        inside = s > NEAR and abs(o[0] + s * x) <= half[0] and abs(o[1] + s * y) <= half[1]
        return (s, 0) if inside else (np.inf, 0)
    if kind == 3:
        a = x * x + y * y + z * z
        b = o[0] * x + o[1] * y + o[2] * z
        root = b * b - a * (o[0] * o[0] + o[1] * o[1] + o[2] * o[2] - half[0] * half[0])
        if root < 0.0:
            return np.inf, 0
        s = (-b - np.sqrt(root)) / a
        return (s, 0) if s > NEAR else (np.inf, 0)
    return _slabs(kind == 2, half, o, x, y, z)


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def _slabs(inside, half, o, x, y, z):  # type: ignore[no-untyped-def]
    enter, leave, first, last = -np.inf, np.inf, 0, 0
    for axis in range(3):
        along = x if axis == 0 else (y if axis == 1 else z)
        if along == 0.0:
            if abs(o[axis]) > half[axis]:
                return np.inf, 0
            continue
        inverse = 1.0 / along
        middle, reach = -o[axis] * inverse, half[axis] * abs(inverse)
        if middle - reach > enter:
            enter, first = middle - reach, 2 * axis + (along < 0.0)
        if middle + reach < leave:
            leave, last = middle + reach, 2 * axis + (along > 0.0)
    if enter > leave:
        return np.inf, 0
    if inside:
        return (leave, last) if leave > NEAR else (np.inf, 0)
    return (enter, first) if enter > NEAR else (np.inf, 0)


@njit(cache=True, nogil=True, error_model="numpy")
def cast(first, last, kind, half, toward, origin, window, focal, column, row, depth, surface):  # type: ignore[no-untyped-def]
    """Find the nearest surface in the middle of each pixel of rows `first` up to, not including, `last`.

    Bodies: `kind` (P,), `half` (P, 3), `toward` (P, 3, 3) from the camera's axes to theirs, `origin` (P, 3) the camera
    in theirs, `window` (P, 4) first and last + 1 column, then row, outside of which they are not seen.
    Written: `depth` (H, W), inf for the sky, and `surface` (H, W), `FACES` * body + face, `SKY` for the sky.
    """
    depth[first:last] = np.inf
    surface[first:last] = SKY
    for k in range(len(kind)):
        m, o, body, size = toward[k], origin[k], kind[k], half[k]
        for v in range(max(first, window[k, 2]), min(last, window[k, 3])):
            b = (v - row) / focal
            for u in range(window[k, 0], window[k, 1]):
                a = (u - column) / focal
                x = m[0, 0] * a + m[0, 1] * b + m[0, 2]
                y = m[1, 0] * a + m[1, 1] * b + m[1, 2]
                z = m[2, 0] * a + m[2, 1] * b + m[2, 2]
                s, face = hit(body, size, o, x, y, z)
                if s < depth[v, u]:
                    depth[v, u] = s
                    surface[v, u] = FACES * k + face
