"""Pictures: each pixel is the mean of what it sees, also where it sees several surfaces."""

from __future__ import annotations

import numpy as np
from numba import njit

from spikesight.datasets.scenes.casting import FACES, NEAR, SKY, hit
from spikesight.datasets.scenes.shading import WAVES, brightness

SAMPLES = 8
"""Rays of a pixel that sees an edge, no two of them in one column or row: an edge's share is known to 1/8."""
_ACROSS = (np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5
_DOWN = (np.array([2, 5, 0, 7, 4, 1, 6, 3]) + 0.5) / SAMPLES - 0.5
_MOST = 12  # surfaces of one pixel


@njit(cache=True, nogil=True, error_model="numpy")
def draw(  # type: ignore[no-untyped-def]
    first,
    last,
    kind,
    half,
    toward,
    origin,
    light,
    texture,
    direction,
    phase,
    weight,
    sky,
    ambient,
    diffuse,
    focal,
    column,
    row,
    surface,
    picture,
):
    """Write rows `first` up to, not including, `last` of the `picture` (H, W) of what `casting.cast` has found.

    Bodies as there; `light` (P, 3) points to the light in their axes, `texture` (P, 14) and the waves are those of
    `shading`. A surface has `ambient` + `diffuse` * max(0, cosine to the light) of its brightness; the sky has `sky`.
    Every pixel is drawn as if it saw one surface, and `smooth` draws those on edges again: a loop without branches
    around arrays does not count who holds them, and takes half of the time.
    """
    p, n, across, down, terms = np.empty(3), np.empty(3), np.empty(3), np.empty(3), np.empty(WAVES)
    for v in range(first, last):
        b = (v - row) / focal
        for u in range(surface.shape[1]):
            code = surface[v, u]
            seen = max(0, code)
            part = seen // FACES
            _place(kind[part], seen % FACES, half[part], toward[part], origin[part], (u - column) / focal, b, focal,
                   p, n, across, down)  # fmt: skip
            lit = n[0] * light[part, 0] + n[1] * light[part, 1] + n[2] * light[part, 2]
            bright = brightness(texture[part], p, across, down, direction, phase, weight, terms)
            shown = (ambient + diffuse * max(0.0, lit)) * bright
            picture[v, u] = min(1.0, max(0.0, sky if code == SKY else shown))


@njit(cache=True, nogil=True, error_model="numpy")
def smooth(  # type: ignore[no-untyped-def]
    first,
    last,
    kind,
    half,
    toward,
    origin,
    light,
    texture,
    direction,
    phase,
    weight,
    sky,
    ambient,
    diffuse,
    focal,
    column,
    row,
    surface,
    picture,
):
    """Draw the pixels again that see an edge, each as the mean of `SAMPLES` rays.   Arguments as of `draw`."""
    p, n, across, down, terms = np.empty(3), np.empty(3), np.empty(3), np.empty(3), np.empty(WAVES)
    codes, counts, parts = np.empty(_MOST, np.int64), np.empty(_MOST, np.int64), np.empty(_MOST, np.int64)
    us, vs = np.empty(_MOST), np.empty(_MOST)
    height, width = surface.shape
    for v in range(first, last):
        for u in range(width):
            n_codes = _around(surface, u, v, height, width, codes)
            if n_codes == 1:
                continue
            n_codes = _sampled(kind, half, toward, origin, focal, u - column, v - row, codes, n_codes, parts,
                               counts, us, vs)  # fmt: skip
            total, rays = 0.0, 0
            for c in range(n_codes):
                if counts[c] == 0:
                    continue
                rays += counts[c]
                if codes[c] == SKY:
                    total += counts[c] * sky
                    continue
                part = codes[c] // FACES
                a, b = (u + us[c] / counts[c] - column) / focal, (v + vs[c] / counts[c] - row) / focal
                _place(kind[part], codes[c] % FACES, half[part], toward[part], origin[part], a, b, focal,
                       p, n, across, down)  # fmt: skip
                lit = n[0] * light[part, 0] + n[1] * light[part, 1] + n[2] * light[part, 2]
                bright = brightness(texture[part], p, across, down, direction, phase, weight, terms)
                total += counts[c] * (ambient + diffuse * max(0.0, lit)) * bright
            picture[v, u] = min(1.0, max(0.0, total / rays))


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def _around(surface, u, v, height, width, codes):  # type: ignore[no-untyped-def]
    """Find which surfaces the pixels around see, that of the pixel first."""
    codes[0] = surface[v, u]
    found = 1
    for j in range(max(0, v - 1), min(height, v + 2)):
        for i in range(max(0, u - 1), min(width, u + 2)):
            code = surface[j, i]
            if code == codes[0]:
                continue
            c = 1
            while c < found and codes[c] != code:
                c += 1
            if c == found:
                codes[found] = code
                found += 1
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _sampled(kind, half, toward, origin, focal, u, v, codes, n_codes, parts, counts, us, vs):  # type: ignore[no-untyped-def]
    """Count the rays of the pixel at (u, v) from the middle that see each of `codes`, and sum up where they are.

    Rays may see faces that no middle of a pixel around does: these are added.   Returns how many codes there are.
    """
    n_parts = 0
    for c in range(n_codes):
        counts[c], us[c], vs[c] = 0, 0.0, 0.0
        n_parts = _once(codes[c], parts, n_parts)
    for k in range(SAMPLES):
        x, y = _ACROSS[k], _DOWN[k]
        code = _nearest(kind, half, toward, origin, parts, n_parts, (u + x) / focal, (v + y) / focal)
        c = 0
        while c < n_codes and codes[c] != code:
            c += 1
        if c == n_codes:
            if n_codes == _MOST:
                continue
            codes[c], counts[c], us[c], vs[c] = code, 0, 0.0, 0.0
            n_codes += 1
        counts[c] += 1
        us[c] += x
        vs[c] += y
    return n_codes


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def _once(code, parts, n_parts):  # type: ignore[no-untyped-def]
    if code == SKY:
        return n_parts
    for c in range(n_parts):
        if parts[c] == code // FACES:
            return n_parts
    parts[n_parts] = code // FACES
    return n_parts + 1


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def _nearest(kind, half, toward, origin, parts, n_parts, a, b):  # type: ignore[no-untyped-def]
    nearest, found = np.inf, SKY
    for c in range(n_parts):
        part = parts[c]
        m = toward[part]
        x = m[0, 0] * a + m[0, 1] * b + m[0, 2]
        y = m[1, 0] * a + m[1, 1] * b + m[1, 2]
        z = m[2, 0] * a + m[2, 1] * b + m[2, 2]
        s, face = hit(kind[part], half[part], origin[part], x, y, z)
        if s < nearest:
            nearest, found = s, FACES * part + face
    return found


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def _place(kind, face, half, m, o, a, b, focal, p, n, across, down):  # type: ignore[no-untyped-def]
    """Write the place `p` of a face that the ray (a, b, 1) meets, its normal, and how `p` moves with the pixel.

    The face goes on for ever here: its share of the pixel is known, and the ray may just miss what is within it.
    """
    d0 = m[0, 0] * a + m[0, 1] * b + m[0, 2]
    d1 = m[1, 0] * a + m[1, 1] * b + m[1, 2]
    d2 = m[2, 0] * a + m[2, 1] * b + m[2, 2]
    if kind == 3:
        square, middle = d0 * d0 + d1 * d1 + d2 * d2, o[0] * d0 + o[1] * d1 + o[2] * d2
        beyond = o[0] * o[0] + o[1] * o[1] + o[2] * o[2] - half[0] * half[0]
        s = (-middle - np.sqrt(max(0.0, middle * middle - square * beyond))) / square
        n[0], n[1], n[2] = (o[0] + s * d0) / half[0], (o[1] + s * d1) / half[0], (o[2] + s * d2) / half[0]
    else:
        n[0], n[1], n[2] = 0.0, 0.0, 0.0
        axis = 2 if kind == 0 else face // 2
        along = d0 if axis == 0 else (d1 if axis == 1 else d2)
        plane = 0.0 if kind == 0 else (half[axis] if face % 2 else -half[axis])
        n[axis] = -1.0 if along > 0.0 else 1.0
        s = max(NEAR, (plane - o[axis]) / along)
    p[0], p[1], p[2] = o[0] + s * d0, o[1] + s * d1, o[2] + s * d2
    facing = n[0] * d0 + n[1] * d1 + n[2] * d2
    facing = min(facing, -1e-3 * np.sqrt(d0 * d0 + d1 * d1 + d2 * d2))  # along the rim of a ball a pixel sees very much
    pixel, toward = 1.0 / focal, 1.0 / facing
    for step, out in ((0, across), (1, down)):
        e0, e1, e2 = m[0, step] * pixel, m[1, step] * pixel, m[2, step] * pixel
        slip = (n[0] * e0 + n[1] * e1 + n[2] * e2) * toward
        out[0], out[1], out[2] = s * (e0 - slip * d0), s * (e1 - slip * d1), s * (e2 - slip * d2)
