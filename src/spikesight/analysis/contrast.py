"""Whether a series changed near a certain time, measured by how much it usually changes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

MIDDLE = (0.16, 0.84)
"""Between these quantiles lie two standard deviations of normal numbers, whatever a sixth on either side is like."""

EFFICIENCY = 0.54
"""They tell as much about a spread as this part of the numbers would by their standard deviation: asymptotically
z^2 phi^2 / (q (1 - 2 q)) with q = 0.16, z = 1, phi = 0.242."""

INDEPENDENT = 1.5
"""Differences of windows at every place of a series of length L are worth L / width times this of independent ones: the
sum over lags of their squared autocorrelation is width / 1.5."""

TRIED = 4
"""The largest of the differences at every place counts as that of so many independent ones per width: with this the
probabilities of series without changes come out right, as the tests hold."""

OFTEN = 5
"""What happened so many times elsewhere is usual, however narrow the middle is. Two silences have four edges."""

LEAST_USUAL = 6
"""From fewer independent differences elsewhere it cannot be said what is usual."""


@dataclass(frozen=True)
class Contrast:
    """The mean of `width` values from number `at` on, `after`, against that of as many right before, `before`.

    `z` is by how much their difference is out of the ordinary: less the median of such differences everywhere else, in
    standard deviations (those of the middle two thirds). So a series that always grows does not change by growing, and
    one that always jumps does not by jumping. `p` is two-sided, of Student's t with as many degrees of freedom as the
    windows elsewhere give, and not below the share of these that differ as much, if they do often; times the number of
    places and of widths (Bonferroni): `comparisons` were made in all.
    """

    at: int
    width: int
    before: float
    after: float
    z: float
    p: float
    comparisons: int

    @property
    def difference(self) -> float:
        """How much higher the level is than before."""
        return self.after - self.before


def contrast(values: NDArray[Any], near: tuple[int, int], widest: int) -> Contrast | None:
    """Return the most unusual change of `values` (N,) at one of the places near[0] <= at <= near[1].

    Windows of 2, 4, 8, ... up to `widest` values are tried, as long as enough of the series lies elsewhere. None where
    none can be judged, or where nothing changes near. A series that is constant everywhere else has z infinite, p 0.
    """
    series = np.asarray(values, np.float64)
    widths = [1 << k for k in range(1, max(2, widest).bit_length())]
    judged = [one for one in (_judged(series, near, width) for width in widths) if one is not None]
    if not judged:
        return None
    best = min(judged, key=lambda one: (one.p * one.comparisons, -abs(one.z)))
    p = min(1.0, best.p * best.comparisons * len(judged))
    return replace(best, p=p, comparisons=sum(one.comparisons for one in judged))


def _judged(series: Numbers, near: tuple[int, int], width: int) -> Contrast | None:
    """Return the most unusual change for one width, `p` as if one place had been tried; None if none can be judged."""
    places = np.arange(width, len(series) - width + 1)
    sums = np.concatenate([[0.0], np.cumsum(series)])
    before = (sums[places] - sums[places - width]) / width
    after = (sums[places + width] - sums[places]) / width
    apart = after - before
    asked = (places >= near[0]) & (places <= near[1])
    elsewhere = apart[(places <= near[0] - width) | (places >= near[1] + width)]
    independent = INDEPENDENT * len(elsewhere) / width
    if not asked.any() or independent < LEAST_USUAL:
        return None
    usual = float(np.median(elsewhere))
    low, high = np.quantile(elsewhere, MIDDLE)
    spread = float(high - low) / 2.0
    excess = np.where(asked, np.abs(apart - usual), -1.0)
    k = int(excess.argmax())
    rounding = 8.0 * np.finfo(np.float64).eps * float(np.abs(series).sum()) / width
    if excess[k] <= rounding:
        return None
    if spread <= rounding:  # nearly always the same: then what is rare elsewhere says how large changes may be
        spread = float(elsewhere.std())
    z = float(apart[k] - usual) / spread if spread > rounding else math.copysign(math.inf, apart[k] - usual)
    p = max(_repeated(np.abs(elsewhere - usual) >= excess[k] - rounding), _two_sided(z, EFFICIENCY * independent))
    tried = max(1, math.ceil(TRIED * int(asked.sum()) / width))
    return Contrast(int(places[k]), width, float(before[k]), float(after[k]), z, p, tried)


def _two_sided(z: float, freedom: float) -> float:
    """Return how often Student's t with `freedom` degrees of freedom, at least one, is as far from 0 as `z`."""
    from scipy.special import stdtr  # here: it takes half a second to load, which the first page would wait for

    return 2.0 * float(stdtr(max(1.0, freedom), -abs(z)))


def _repeated(as_large: NDArray[np.bool_]) -> float:
    """Return the share of places elsewhere where a change was as large; 0 where that was a few times only."""
    times = int(as_large[:1].sum() + (as_large[1:] & ~as_large[:-1]).sum())
    return float(as_large.mean()) if times >= OFTEN else 0.0


def false_discovery(p: NDArray[Any]) -> Numbers:
    """Return, for each of the probabilities `p` (N,), the share of false ones among those at most as large (N,).

    Source: Benjamini & Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300; their adjusted probabilities.
    """
    p = np.asarray(p, np.float64)
    order = np.argsort(p)[::-1]
    rank = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum.accumulate(np.minimum(1.0, p[order] * len(p) / rank))
    return adjusted
