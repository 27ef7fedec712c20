"""Neighbours hold each other back: inside a map those that come later, and at one place all maps but one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.rank import checked_intensities

NEAR_TO_FAR = (0.15, 0.12, 0.10, 0.07, 0.05)
"""By how much an earlier neighbour delays, at distance 1 to 5: the published percentages."""


@dataclass(frozen=True)
class DelayLater:
    """Each cell is delayed for every earlier one of its map: ``t' = t (1 + sum of p_d)``, d their distance.

    `shares` holds p_1, p_2 ...; distance is the larger of rows and columns apart. Every comparison is between the
    times before any delay; neighbours beyond the border, and those that never fire, delay nobody.
    Errors: InputError for negative shares, or none.   Source: Mozafari et al. 2018 (the C# code).
    """

    shares: tuple[float, ...] = NEAR_TO_FAR

    def __post_init__(self) -> None:
        _check_shares(self.shares)

    def __call__(self, latencies: Latencies) -> Latencies:
        """Return the delayed latencies (B, C, H, W), in seconds.   Errors: InputError for steps and other shapes."""
        if latencies.steps is not None:
            raise InputError("delays are no whole steps: inhibit latencies in seconds, then rank them into steps")
        t = _maps(latencies.times).astype(np.float64)
        return Latencies(np.where(np.isfinite(t), t * _factors(-t, np.asarray(self.shares), False), np.inf))

    def intensities(self, maps: ArrayLike) -> NDArray[np.float32]:
        """Return intensities (B, C, H, W) whose reciprocals are the delayed latencies: stronger neighbours weaken."""
        x = _maps(checked_intensities(maps))
        return np.asarray(x / _factors(x.astype(np.float64), np.asarray(self.shares), False), np.float32)


@dataclass(frozen=True)
class BoostStronger:
    """Each cell gains for every weaker one of its map: ``x' = x (1 + sum of p_d)``, as SpykeTorch has it.

    For comparisons with it: what is meant to hold weaker cells back raises the stronger ones, and cells beyond the
    border count as weaker.   Errors: InputError for negative shares, or none.
    """

    shares: tuple[float, ...] = NEAR_TO_FAR

    def __post_init__(self) -> None:
        _check_shares(self.shares)

    def intensities(self, maps: ArrayLike) -> NDArray[np.float32]:
        """Return intensities (B, C, H, W).   Errors: InputError for negative or NaN ones and other shapes."""
        x = _maps(checked_intensities(maps))
        return np.asarray(x * _factors(-x.astype(np.float64), np.asarray(self.shares), True), np.float32)


def inhibition_kernel(shares: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the share of each neighbour by its place, (2n + 1, 2n + 1) for n shares, 0 in the middle."""
    n = len(shares)
    place = np.abs(np.arange(-n, n + 1))
    kernel: NDArray[np.float64] = np.array([0.0, *shares])[np.maximum(place[:, None], place[None, :])]
    return kernel


def strongest_map_per_place(maps: ArrayLike) -> NDArray[Any]:
    """Return intensities (B, C, H, W) in which only the strongest map of each place is left; the first on ties.

    Errors: InputError for negative or NaN intensities and other shapes.
    """
    x = _maps(checked_intensities(maps))
    alone = np.arange(x.shape[1])[:, None, None] == x.argmax(axis=1)[:, None]
    return np.where(alone, x, x.dtype.type(0))


def earliest_map_per_place(latencies: Latencies) -> Latencies:
    """Return latencies (B, C, H, W) in which only the earliest map of each place fires; the first on ties.

    Errors: InputError for other shapes.
    """
    t = _maps(latencies.times)
    alone = np.arange(t.shape[1])[:, None, None] == t.argmin(axis=1)[:, None]
    return Latencies(np.where(alone, t, t.dtype.type(latencies.never)), latencies.steps)


def _factors(x: NDArray[np.float64], shares: NDArray[np.float64], beyond: bool) -> NDArray[np.float64]:
    """Return 1 and the shares of all larger neighbours; with `beyond`, those outside the map count as larger."""
    found = np.empty(x.shape)
    flat = (-1, *x.shape[2:])
    _sum_larger(np.ascontiguousarray(x).reshape(flat), shares, beyond, found.reshape(flat))
    return found


@njit(cache=True, nogil=True)
def _sum_larger(x, shares, beyond, found):  # type: ignore[no-untyped-def]
    radius = len(shares)
    _, rows, columns = x.shape
    for m in range(len(x)):
        for r in range(rows):
            for c in range(columns):
                total = 1.0
                for i in range(-radius, radius + 1):
                    for j in range(-radius, radius + 1):
                        distance = max(abs(i), abs(j))
                        if distance == 0:
                            continue
                        inside = 0 <= r + i < rows and 0 <= c + j < columns
                        if (inside and x[m, r + i, c + j] > x[m, r, c]) or (beyond and not inside):
                            total += shares[distance - 1]
                found[m, r, c] = total


def _maps(x: NDArray[Any]) -> NDArray[Any]:
    if x.ndim != 4:
        raise InputError(f"maps are (B, C, H, W), got shape {x.shape}")
    return x


def _check_shares(shares: tuple[float, ...]) -> None:
    if not len(shares) or not all(0.0 <= share < np.inf for share in shares):
        raise InputError(f"shares are 0 or more, one for each distance from 1, got {shares}")
