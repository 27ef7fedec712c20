"""Who is strongest fires first: how strong it is does not matter.

Ties go to the lower index, so that the order is the same everywhere. An input of 0 never fires.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.base.spread import spread
from spikesight.encoding.latencies import Latencies, smallest


def checked_intensities(values: ArrayLike) -> NDArray[Any]:
    """Return intensities (B, ...), floating ones as float32 or float64.

    Errors: InputError for NaN, infinite and negative ones, what is no number, and without items.
    """
    x = np.asarray(values)
    if x.ndim < 1:
        raise InputError("intensities are (B, ...), items first; got a single number")
    if x.dtype.kind not in "buif":
        raise InputError(f"intensities are real numbers, got {x.dtype}")
    x = x.astype(
        np.float64 if x.dtype.kind == "f" and x.itemsize not in (4, 8) else x.dtype.newbyteorder("="), copy=False
    )
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        raise InputError(f"intensities hold {int((~np.isfinite(x)).sum())} NaN or infinite values; clean the input")
    if x.size and x.min() < 0:
        raise InputError(f"intensities are >= 0, the lowest is {x.min():g}: code either sign with a channel of its own")
    return x


@dataclass(frozen=True)
class EqualCount:
    """The non-zero inputs of an item, strongest first, in `steps` bins of (almost) as many each.

    Where the bins do not divide their number, the first bins take one more; where there are fewer than bins, each has
    a bin of its own. No spike is lost.
    Errors: InputError for fewer than one step.   Source: the code of SpykeTorch (Intensity2Latency), less its losses.
    """

    steps: int

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise InputError(f"a stimulus lasts a step at least, got {self.steps}")

    def __call__(self, intensities: ArrayLike) -> Latencies:
        """Return the latencies of intensities (B, ...).   Errors: InputError for negative or NaN ones."""
        return _binned(checked_intensities(intensities), self.steps, keep_all=True)

    def rebin(self, latencies: Latencies) -> Latencies:
        """Return latencies of any unit in bins: the earliest first. Those that never fire still never do."""
        known, place = np.unique(latencies.times, return_inverse=True)
        return _binned(np.where(latencies.fired, len(known) - place, 0), self.steps, keep_all=True)


@dataclass(frozen=True)
class DroppingEqualCount:
    """Equal bins as SpykeTorch fills them: what is left over after the last bin never fires.

    For comparisons with it. Of n non-zero inputs the n mod `steps` weakest are lost.
    Errors: InputError for fewer than one step.
    """

    steps: int

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise InputError(f"a stimulus lasts a step at least, got {self.steps}")

    def __call__(self, intensities: ArrayLike) -> Latencies:
        """Return the latencies of intensities (B, ...).

        Errors: InputError for negative or NaN ones, and for an item with fewer non-zero inputs than bins.
        """
        x = checked_intensities(intensities)
        least = int(np.count_nonzero(x, axis=tuple(range(1, x.ndim))).min(initial=self.steps))
        if least < self.steps:
            raise InputError(
                f"an item has {least} non-zero inputs, fewer than {self.steps} bins, which this form cannot fill: "
                "EqualCount can"
            )
        return _binned(x, self.steps, keep_all=False)


@dataclass(frozen=True)
class RankOrder:
    """The k-th strongest input fires at step k, from 0: as many steps as inputs.

    Source: Thorpe & Gautrais 1998.
    """

    def __call__(self, intensities: ArrayLike) -> Latencies:
        """Return the latencies of intensities (B, ...).   Errors: InputError for negative or NaN ones."""
        x = checked_intensities(intensities)
        return _binned(x, max(1, math.prod(x.shape[1:])), keep_all=True)


def decode_rank(latencies: Latencies, factor: float = 0.9) -> NDArray[np.float64]:
    """Return ``factor^k`` for what fired at step k, 0 for what never did: (B, ...).

    Errors: InputError for latencies in seconds, and a factor outside 0 to 1.   Source: Thorpe & Gautrais 1998.
    """
    if not 0.0 < factor < 1.0:
        raise InputError(f"each rank counts less than the one before: a factor between 0 and 1, got {factor}")
    return np.where(latencies.times < latencies.in_steps, factor ** latencies.times.astype(np.float64), 0.0)


def _binned(x: NDArray[Any], steps: int, keep_all: bool) -> Latencies:
    """Return the bin of each non-zero input by its rank; items are spread over the cores."""
    rows = x.reshape(len(x), math.prod(x.shape[1:]))
    times = np.full(rows.shape, steps, smallest(steps))

    def part(first: int, last: int) -> None:
        _place(np.ascontiguousarray(rows[first:last]), steps, keep_all, times[first:last])

    spread(part, len(x))
    return Latencies(times.reshape(x.shape), steps)


@njit(cache=True, nogil=True)
def _place(rows, steps, keep_all, times):  # type: ignore[no-untyped-def]
    for item in range(len(rows)):
        active = np.flatnonzero(rows[item])
        order = np.argsort(-rows[item][active].astype(np.float64), kind="mergesort")
        each = len(active) // steps
        more = len(active) - each * steps if keep_all else 0
        early = more * (each + 1)
        for rank in range(len(active)):
            when = rank // (each + 1) if rank < early else min(more + (rank - early) // max(each, 1), steps)
            times[item, active[order[rank]]] = when
