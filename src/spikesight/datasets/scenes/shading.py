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


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def brightness(texture, p, across, down, direction, phase, weight, terms):  # type: ignore[no-untyped-def]
    """Return the brightness at `p` (3,) of a surface, a pixel of which goes by `across` and `down` (3,) of it.

    `texture` (14,) is a `Row`, with 1 / period and 1 / size, and the place (3,) where its noise begins; the others are
    `Waves`, and `terms` (W,) to work in.
    """
    checks = texture[2] > 0.0
    pattern = _along(texture[3], texture[6], checks, p[0], abs(across[0]) + abs(down[0]))
    pattern *= _along(texture[4], texture[7], checks, p[1], abs(across[1]) + abs(down[1]))
    pattern *= _along(texture[5], texture[8], checks, p[2], abs(across[2]) + abs(down[2]))
    pattern = 0.5 + 0.5 * pattern if checks else pattern
    # Noise of no amount is computed too: a branch around arrays makes the compiler count who holds them.
    noise = _noise(texture, p, across, down, direction, phase, weight, terms)
    return texture[0] + (texture[1] - texture[0]) * pattern + texture[9] * noise


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def _along(rate, share, checks, place, width):  # type: ignore[no-untyped-def]
    if rate <= 0.0:
        return 1.0
    mean = _pulse(place * rate, width * rate, share)
    return 2.0 * mean - 1.0 if checks else mean


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def _noise(texture, p, across, down, direction, phase, weight, terms):  # type: ignore[no-untyped-def]
    rate = texture[10]
    x, y, z = (p[0] + texture[11]) * rate, (p[1] + texture[12]) * rate, (p[2] + texture[13]) * rate
    ax, ay, az = across[0] * rate, across[1] * rate, across[2] * rate
    bx, by, bz = down[0] * rate, down[1] * rate, down[2] * rate
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


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def _pulse(x, width, share):  # type: ignore[no-untyped-def]
    """Return the mean over `width` around `x` of what is 1 on `share` of each whole number, around it, else 0."""
    x += 0.5 * share
    if width < 1e-9:
        return 1.0 if x - np.floor(x) < share else 0.0
    return (_filled(x + 0.5 * width, share) - _filled(x - 0.5 * width, share)) / width


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def _filled(x, share):  # type: ignore[no-untyped-def]
    whole = np.floor(x)
    return whole * share + min(x - whole, share)
