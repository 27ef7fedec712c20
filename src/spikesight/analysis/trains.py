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
    """Times between successive spikes of the same neuron: length (K,), unit (K,), by neuron and then by time.

    follows (K,): whether the interval begins with the spike that ended the one before it here. part (K,): that of both
    spikes, 0 where none was given.
    What they tell of each of `n` neurons is (n,), NaN where there are too few.
    """

    length: Numbers
    unit: NDArray[np.int64]
    follows: NDArray[np.bool_]
    part: NDArray[Any]

    def mean(self, n: int) -> Numbers:
        """Return the mean interval of each neuron, in the unit of `length`."""
        return _means(self.length, self.unit, n)

    def below(self, length: Numbers, n: int) -> Numbers:
        """Return the part of each neuron's intervals that are shorter than `length` (K,), which is for each its own."""
        return _means((self.length < length).astype(np.float64), self.unit, n)

    def spikes(self) -> NDArray[np.int64]:
        """Return how many spikes the neuron has, for each interval (K,); in the part that it lies in, where given."""
        train = np.cumsum(~self.follows) - 1
        spikes: NDArray[np.int64] = np.bincount(train)[train] + 1
        return spikes

    def cv(self, n: int) -> Numbers:
        """Return what `trains.cv` does."""
        mean = self.mean(n)
        squares = np.bincount(self.unit, (self.length - mean[self.unit]) ** 2, n)
        with np.errstate(invalid="ignore"):  # intervals of no length
            deviation: Numbers = np.sqrt(_over(squares, np.bincount(self.unit, minlength=n) - 1)) / mean
        return deviation

    def cv2(self, n: int) -> Numbers:
        """Return what `trains.cv2` does."""
        contrast, unit = _contrasts(self)
        return _means(2 * np.abs(contrast), unit, n)

    def local_variation(self, n: int) -> Numbers:
        """Return what `trains.local_variation` does."""
        contrast, unit = _contrasts(self)
        return _means(3 * contrast**2, unit, n)


def mean_rates(unit: NDArray[Any], n: int, seconds: float) -> Numbers:
    """Return the rate of each neuron over `seconds`: (n,) hertz.   Errors: InputError as `intervals`, or no time."""
    if not seconds > 0:
        raise InputError(f"a rate is over some time, got {seconds} s")
    return np.bincount(checked_units(unit, n), minlength=n) / seconds


def intervals(t: NDArray[Any], unit: NDArray[Any], n: int, part: NDArray[Any] | None = None) -> Intervals:
    """Return the inter-spike intervals, in the unit of `t`.

    Where `part` (N,) is given, such as the stimulus of every spike, those from one part to another are left out.
    Errors: InputError where `t` and `unit` differ in length, or a unit is not one of `n`.
    """
    t, unit = np.asarray(t, np.float64), checked_units(unit, n)
    if t.shape != unit.shape:
        raise InputError(f"one time per spike is needed, got {t.shape} times for {unit.shape} units")
    order = _by_unit(t, unit, n)
    t, unit = t[order], unit[order]
    same = unit[1:] == unit[:-1]
    parts = np.zeros(len(t), np.int64) if part is None else np.asarray(part)[order]
    same &= parts[1:] == parts[:-1]
    follows = same.copy()
    follows[1:] &= same[:-1]
    follows[:1] = False
    return Intervals(np.diff(t)[same], unit[1:][same], follows[same], parts[1:][same])


def cv(t: NDArray[Any], unit: NDArray[Any], n: int) -> Numbers:
    """Return the coefficient of variation of each neuron's intervals, std / mean (n,): 0 regular, 1 Poisson.

    The variance is the unbiased one. Needs three spikes.
    """
    return intervals(t, unit, n).cv(n)


def cv2(t: NDArray[Any], unit: NDArray[Any], n: int) -> Numbers:
    """Return the mean of 2 |I' - I| / (I' + I) over successive intervals I, I' of each neuron (n,).

    Local, so a slowly changing rate does not pass for irregularity: 0 regular, 1 Poisson. Needs three spikes.
    Source: Holt, Softky, Koch & Douglas, J. Neurophysiol. 75 (1996), eq. 2.
    """
    return intervals(t, unit, n).cv2(n)


def local_variation(t: NDArray[Any], unit: NDArray[Any], n: int) -> Numbers:
    """Return LV, the mean of 3 ((I - I') / (I + I'))^2 over successive intervals I, I' of each neuron (n,).

    0 regular, 1 Poisson. Needs three spikes.   Source: Shinomoto, Shima & Tanji, Neural Comput. 15 (2003), eq. 2.2.
    """
    return intervals(t, unit, n).local_variation(n)


def _by_unit(t: Numbers, unit: NDArray[np.int64], n: int) -> NDArray[np.intp]:
    """The order by neuron and then by time; spikes in the order of time, as traces give them, need only the first."""
    if not np.all(t[1:] >= t[:-1]):
        return np.lexsort((t, unit))
    # Numbers of two bytes are counted into place, not compared.
    return np.argsort(unit.astype(np.uint16) if n <= 1 << 16 else unit, kind="stable")


def _contrasts(between: Intervals) -> tuple[Numbers, NDArray[np.int64]]:
    """(I' - I) / (I' + I) of successive intervals of the same neuron, and that neuron."""
    same = between.follows[1:].copy()
    same &= between.length[1:] + between.length[:-1] > 0  # three spikes at one moment have nothing to compare
    before, after = between.length[:-1][same], between.length[1:][same]
    return (after - before) / (after + before), between.unit[1:][same]


def _means(values: Numbers, unit: NDArray[np.int64], n: int) -> Numbers:
    return _over(np.bincount(unit, values, n), np.bincount(unit, minlength=n))


def _over(sums: NDArray[Any], counts: NDArray[Any]) -> Numbers:
    means = np.full(len(sums), np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means
