"""What chance alone makes of a series: its pieces in another order, and how far out the largest of many lies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

PIECES = 10
"""The resemblance of neighbours is measured in so many pieces of a series; a step spoils one, and the median stands."""

FEW = 64
"""With no more different values than this, a series counts as one of steps (0 and 1, small counts)."""


def block_length(series: Numbers) -> int:
    """Return how many neighbours of `series` (N,) belong together: 1 where values do not resemble the next ones.

    Four times the lag at which the autocorrelation is gone, at most a tenth of the series.
    """
    n = len(series)
    size = n // PIECES
    if size < 4:
        return 1
    pieces = series[: size * PIECES].reshape(PIECES, size)
    pieces = pieces - pieces.mean(axis=1, keepdims=True)
    power = (pieces**2).mean(axis=1)
    if not np.median(power) > 0.0:
        return 1
    pieces, power = pieces[power > 0.0], power[power > 0.0]
    noise = 2.5 / math.sqrt(n)  # of the median of the pieces, a little over two standard deviations
    for lag in range(1, size // 2):
        # Within a piece the mean is taken out, which lowers every product by about one part in its length.
        alike = float(np.median((pieces[:, lag:] * pieces[:, :-lag]).mean(axis=1) / power)) + 1.0 / size
        if alike < max(noise, 0.05):
            return 1 if lag == 1 else min(4 * lag, size)
    return size


def reordered(series: Numbers, block: int, times: int, random: np.random.Generator) -> Numbers:
    """Return `times` copies of `series` (N,) with its blocks of `block` values in a random order: (times, N).

    Blocks start at a random place and wrap around the end, so that no place is always between two of them. Source:
    the circular block bootstrap of Politis & Romano 1992, without replacement.
    """
    n = len(series)
    if block == 1:
        return random.permuted(np.broadcast_to(series, (times, n)), axis=1)
    starts = np.arange(0, n, block)
    order = random.permuted(np.broadcast_to(starts, (times, len(starts))), axis=1)
    places = (order[:, :, None] + np.arange(block)).reshape(times, -1)
    places = places[places < n].reshape(times, n)  # the block at the end may be a short one
    return np.asarray(series[(places + random.integers(0, n, (times, 1))) % n])


def tail_of_largest(seen: NDArray[Any], largest: Numbers, power: float, step: float = 0.0) -> Numbers:
    """Return how probable it is that the largest of many numbers >= 0 is `seen` (...) or more, given `largest` (B,).

    Those were the largest by chance, and `power` the mean square of all. From the Gumbel distribution that has the mean
    and the variance of the largest squares: squares of normal numbers have an exponential tail, and the largest of such
    are distributed so. That tail falls by e in twice the `power`, and never sooner is allowed: the largest of a few
    numbers only would promise too much. Where numbers are multiples of `step`, they count as spread over it, and `seen`
    as its lower edge, for maxima that are all alike would do so too.
    """
    squares = largest**2
    spread = math.sqrt(float(squares.var(ddof=1)) + (2.0 * float(largest.mean()) * step) ** 2 / 12.0)
    beta = max(spread * math.sqrt(6.0) / math.pi, 2.0 * power)
    location = float(squares.mean()) - np.euler_gamma * beta
    height = np.maximum(np.asarray(seen) - step / 2.0, 0.0) ** 2 - location
    if beta == 0.0:
        return np.where(height > 0.0, 0.0, 1.0)
    tail: Numbers = -np.expm1(-np.exp(-np.clip(height / beta, -30.0, 600.0)))
    return tail


def lattice(series: Numbers) -> float:
    """Return the smallest difference between values of a series of few different ones, such as counts; otherwise 0."""
    values = np.unique(series)
    return float(np.diff(values).min()) if 1 < len(values) <= FEW else 0.0
