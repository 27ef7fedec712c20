"""Rate coding: a stronger input fires more often, at random times.

Two definitions that are often mixed up. `bernoulli` draws each step on its own, at most one spike a step: what a
clocked simulator means by a Poisson input; above r dt = 0.1 it is visibly too regular (CV = sqrt(1 - r dt)). `poisson`
is the process itself: exponential intervals in continuous time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.spike_list import SpikeList
from spikesight.executors.generated import compiled

IMPOSSIBLE = 1e-300
"""Chances up to this are taken as none: the expected wait, their reciprocal, is hardly a number any more."""


def checked_rates(rates: NDArray[Any]) -> NDArray[np.float64]:
    """Return rates (Hz) as a flat float64 array.

    Errors: InputError where one is negative, NaN or infinite.
    """
    flat = np.asarray(rates, np.float64).reshape(-1)
    if not np.isfinite(flat).all():
        raise InputError(f"rates hold {int((~np.isfinite(flat)).sum())} NaN or infinite values; clean the input first")
    if flat.size and flat.min() < 0.0:
        raise InputError(
            f"rates must be >= 0 Hz, the lowest is {flat.min():g}; shift the input or code it with two channels"
        )
    return flat


ALMOST_CERTAIN = 1.0 - 2.0**-53
"""The largest probability whose logarithm of the rest is finite; a neuron misses a step once in 10^16."""


def bernoulli(rates: NDArray[Any], steps: int, dt: float, random: np.random.Generator) -> SpikeList:
    """Draw spikes with probability min(rate dt, 1) in each of `steps` steps, independently.

    Shapes: rates (n,) or any shape, flattened.   Units: Hz, seconds.   Errors: InputError on bad rates.
    Source: Diehl & Cook 2015, section 2.5. One random number a spike: gaps between successes
    are geometric, which is an exponential rounded down.
    """
    chances = np.minimum(checked_rates(rates) * dt, 1.0)
    active = np.flatnonzero(chances > IMPOSSIBLE)
    scales = -1.0 / np.log1p(-np.minimum(chances[active], ALMOST_CERTAIN))
    expected = chances.sum() * steps + active.size
    intervals = random.standard_exponential(int(expected + 6.0 * np.sqrt(expected)) + 1)
    while True:
        enough, starts, units = compiled(place)(active, scales, steps, intervals)
        if enough:
            return SpikeList(starts, units)
        intervals = np.concatenate([intervals, random.standard_exponential(intervals.size)])


def place(active, scales, steps, intervals):  # type: ignore[no-untyped-def]
    """Turn exponential intervals into geometric gaps, neuron by neuron, then sort by step.

    This text is compiled, and is its own reference. Returns whether the intervals sufficed, then starts and units.
    """
    starts = np.zeros(steps + 1, np.int64)
    times, units = np.empty(intervals.size, np.int32), np.empty(intervals.size, np.int32)
    found = used = 0
    for a in range(active.size):
        k = 0.0
        while True:
            if used == intervals.size:
                return False, starts, units
            k += np.floor(intervals[used] * scales[a])  # of NumPy: math's is an int64 once compiled, and overflows
            used += 1
            if k >= steps:
                break
            times[found], units[found] = int(k), active[a]
            starts[int(k) + 1] += 1
            found += 1
            k += 1.0
    for k in range(steps):
        starts[k + 1] += starts[k]
    next_place, ordered = starts[:-1].copy(), np.empty(found, np.int32)
    for q in range(found):
        ordered[next_place[times[q]]] = units[q]
        next_place[times[q]] += 1
    return True, starts, ordered


def poisson(
    rates: NDArray[Any], duration: float, random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Draw a Poisson process per neuron: returns spike times (seconds, ascending) and the neurons that fired.

    Shapes: rates (n,) or any shape, flattened; both results (number of spikes,).   Units: Hz, seconds.
    Errors: InputError on bad rates.
    Source: a Poisson count, then uniform times (equivalent to exponential intervals).
    """
    counts = random.poisson(checked_rates(rates) * duration)
    units = np.repeat(np.arange(counts.size, dtype=np.int32), counts)
    times = random.uniform(0.0, duration, units.size)
    order = np.argsort(times, kind="stable")
    return times[order], units[order]


@dataclass(frozen=True)
class Bernoulli:
    """Encode values (n,) as independent draws at `hertz` per unit of value: `duration` seconds in steps of `dt`."""

    hertz: float
    duration: float
    dt: float

    def __call__(self, values: NDArray[Any], random: np.random.Generator) -> SpikeList:
        """Return the spikes.   Errors: InputError on negative, NaN or infinite values."""
        return bernoulli(np.asarray(values, np.float64) * self.hertz, round(self.duration / self.dt), self.dt, random)


@dataclass(frozen=True)
class Poisson:
    """Encode values (n,) as Poisson processes at `hertz` per unit of value for `duration` seconds."""

    hertz: float
    duration: float

    def __call__(
        self, values: NDArray[Any], random: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Return spike times (seconds) and neurons.   Errors: InputError on negative, NaN or infinite values."""
        return poisson(np.asarray(values, np.float64) * self.hertz, self.duration, random)
