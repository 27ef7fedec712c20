"""How regularly single neurons fire: rates, and what the intervals between spikes tell.

Spikes are given as times t (N,), in seconds or in steps, and neurons unit (N,), in any order; `n` is how many neurons
there are. A neuron with too few spikes for an answer has NaN.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.spike_units import checked_units
from spikesight.base.errors import InputError

Numbers = NDArray[np.float64]


class Intervals(NamedTuple):
    """Times between successive spikes of the same neuron: length (K,), unit (K,), by neuron and then by time."""

    length: Numbers
    unit: NDArray[np.int64]


def mean_rates(unit: NDArray[Any], n: int, seconds: float) -> Numbers:
    """Return the rate of each neuron over `seconds`: (n,) hertz.   Errors: InputError as `intervals`, or no time."""
    if not seconds > 0:
        raise InputError(f"a rate is over some time, got {seconds} s")
    return np.bincount(checked_units(unit, n), minlength=n) / seconds


def intervals(t: NDArray[Any], unit: NDArray[Any], n: int) -> Intervals:
    """Return the inter-spike intervals, in the unit of `t`.

    Errors: InputError where `t` and `unit` differ in length, or a unit is not one of `n`.
    """
    t, unit = np.asarray(t, np.float64), checked_units(unit, n)
    if t.shape != unit.shape:
        raise InputError(f"one time per spike is needed, got {t.shape} times for {unit.shape} units")
    order = np.lexsort((t, unit))
    t, unit = t[order], unit[order]
    same = unit[1:] == unit[:-1]
    return Intervals(np.diff(t)[same], unit[1:][same])


def cv(t: NDArray[Any], unit: NDArray[Any], n: int) -> Numbers:
    """Return the coefficient of variation of each neuron's intervals, std / mean (n,): 0 regular, 1 Poisson.

    The variance is the unbiased one. Needs three spikes.
    """
    between = intervals(t, unit, n)
    count = np.bincount(between.unit, minlength=n)
    mean = _means(between.length, between.unit, n)
    squares = np.bincount(between.unit, (between.length - mean[between.unit]) ** 2, n)
    deviation: Numbers = np.sqrt(_over(squares, count - 1)) / mean
    return deviation


def cv2(t: NDArray[Any], unit: NDArray[Any], n: int) -> Numbers:
    """Return the mean of 2 |I' - I| / (I' + I) over successive intervals I, I' of each neuron (n,).

    Local, so a slowly changing rate does not pass for irregularity: 0 regular, 1 Poisson. Needs three spikes.
    Source: Holt, Softky, Koch & Douglas, J. Neurophysiol. 75 (1996), eq. 2.
    """
    contrast, unit = _contrasts(intervals(t, unit, n))
    return _means(2 * np.abs(contrast), unit, n)


def local_variation(t: NDArray[Any], unit: NDArray[Any], n: int) -> Numbers:
    """Return LV, the mean of 3 ((I - I') / (I + I'))^2 over successive intervals I, I' of each neuron (n,).

    0 regular, 1 Poisson. Needs three spikes.   Source: Shinomoto, Shima & Tanji, Neural Comput. 15 (2003), eq. 2.2.
    """
    contrast, unit = _contrasts(intervals(t, unit, n))
    return _means(3 * contrast**2, unit, n)


def _contrasts(between: Intervals) -> tuple[Numbers, NDArray[np.int64]]:
    """(I' - I) / (I' + I) of successive intervals of the same neuron, and that neuron."""
    same = between.unit[1:] == between.unit[:-1]
    same &= between.length[1:] + between.length[:-1] > 0  # three spikes at one moment have nothing to compare
    before, after = between.length[:-1][same], between.length[1:][same]
    return (after - before) / (after + before), between.unit[1:][same]


def _means(values: Numbers, unit: NDArray[np.int64], n: int) -> Numbers:
    return _over(np.bincount(unit, values, n), np.bincount(unit, minlength=n))


def _over(sums: NDArray[Any], counts: NDArray[Any]) -> Numbers:
    means = np.full(len(sums), np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means
