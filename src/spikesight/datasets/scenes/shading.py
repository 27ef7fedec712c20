"""How bright a place on a surface is, as the mean over what a pixel sees of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.randomness import generator

WAVES = 16
_FADE = 2.0  # waves shorter than sqrt(2) pixels are not seen at all


class Waves(NamedTuple):
    """What all noise is made of: `direction` (3, W) in waves per size, `phase` (W,) in waves, `weight` (W,)."""

    direction: NDArray[np.float64]
    phase: NDArray[np.float64]
    weight: NDArray[np.float64]


def waves(seed: int) -> Waves:
    """Draw waves in random directions, one to four of them in a size; longer ones are stronger."""
    random = generator(seed, "waves of textures")
    direction = random.standard_normal((3, WAVES))
    rate = 4.0 ** (np.arange(WAVES) / (WAVES - 1))
    direction *= rate / np.linalg.norm(direction, axis=0)
    weight = 1.0 / np.sqrt(rate)
    return Waves(direction, random.random(WAVES), weight * (1.2 / np.sqrt((weight**2).sum() * 8.0 / 15.0)))


@njit(cache=True, nogil=True, error_model="numpy")
def brightness(texture, p, across, down, direction, phase, weight, terms):  # type: ignore[no-untyped-def]
    """Return the brightness at `p` (3,) of a surface, a pixel of which goes by `across` and `down` (3,) of it.

    `texture` (14,) is a `Row` and the place (3,) at which its noise begins; the others are `Waves`,
    and `terms` (W,) to work in.
    """
    pattern = 1.0
    for axis in range(3):
        period = texture[3 + axis]
        if period < np.inf:
            width = (abs(across[axis]) + abs(down[axis])) / period
            mean = _pulse(p[axis] / period, width, texture[6 + axis])
            pattern *= 2.0 * mean - 1.0 if texture[2] > 0.0 else mean
    if texture[2] > 0.0:
        pattern = 0.5 + 0.5 * pattern
    found = texture[0] + (texture[1] - texture[0]) * pattern
    if texture[9] != 0.0:
        found += texture[9] * _noise(texture, p, across, down, direction, phase, weight, terms)
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _noise(texture, p, across, down, direction, phase, weight, terms):  # type: ignore[no-untyped-def]
    size = texture[10]
    x, y, z = (p[0] + texture[11]) / size, (p[1] + texture[12]) / size, (p[2] + texture[13]) / size
    ax, ay, az = across[0] / size, across[1] / size, across[2] / size
    bx, by, bz = down[0] / size, down[1] / size, down[2] / size
    for k in range(WAVES):  # one after another, without a branch: the compiler takes several at once
        i, j, m = direction[0, k], direction[1, k], direction[2, k]
        aside, below = i * ax + j * ay + m * az, i * bx + j * by + m * bz
        seen = max(0.0, 1.0 - _FADE * (aside * aside + below * below))
        turns = i * x + j * y + m * z + phase[k]
        half = 2.0 * (turns - np.floor(turns)) - 1.0
        terms[k] = weight[k] * seen * seen * 4.0 * half * (1.0 - abs(half))  # two parabolas, in place of a sine
    total = 0.0
    for k in range(WAVES):
        total += terms[k]
    return total / np.sqrt(1.0 + total * total)


@njit(cache=True, nogil=True, error_model="numpy")
def _pulse(x, width, share):  # type: ignore[no-untyped-def]
    """Return the mean over `width` around `x` of what is 1 on `share` of each whole number, around it, else 0."""
    x += 0.5 * share
    if width < 1e-9:
        return 1.0 if x - np.floor(x) < share else 0.0
    return (_filled(x + 0.5 * width, share) - _filled(x - 0.5 * width, share)) / width


@njit(cache=True, nogil=True, error_model="numpy")
def _filled(x, share):  # type: ignore[no-untyped-def]
    whole = np.floor(x)
    return whole * share + min(x - whole, share)
