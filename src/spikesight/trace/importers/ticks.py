"""Which tick represents the times of a file: the coarsest one that does so exactly, where there is one."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers.contract import MS, Array

LADDER: Final = tuple(MS // 10**k for k in range(7))
"""Ticks that are tried, in nanoseconds: 1 ms, 0.1 ms, ... 1 ns."""

FINEST_NS: Final = 1e-3
"""A thousandth of a nanosecond is no difference: sums of decimal time steps are off by as much."""

ULPS: Final = 4
"""A time that was multiplied or added a few times may be off by as many units in the last place."""

SHARE: Final = 1e-2
"""Coarse floats must still tell a hundredth of a tick, or they cannot tell whether the tick fits."""

_MOST = float(2**62)


class Tick(NamedTuple):
    """A tick of `ns` nanoseconds, the largest rounding error it makes in seconds, and whether that counts as none."""

    ns: int
    error: float
    exact: bool


class Search:
    """Sees times, in units of `unit_ns`, and tells which tick fits them all.

    `given` is a tick that somebody demands; `declared` one that the file names, tried before the ladder.
    """

    def __init__(self, unit_ns: int, given: int | None = None, declared: int | None = None) -> None:
        candidates = [given] if given else [*([declared] if declared else []), *LADDER]
        self._unit_ns = unit_ns
        self._errors = dict.fromkeys(candidates, 0.0)
        self._failed: set[int] = set()
        self._last = candidates[-1]

    def see(self, t: Array) -> None:
        """Take in times (N,).   Errors: InputError for times that are not finite, or that no tick could count."""
        if not len(t):
            return
        t = checked(t)
        largest = float(np.abs(t).max())
        for tick in [tick for tick in self._errors if tick not in self._failed or tick == self._last]:
            error = float(
                np.abs(t.astype(np.float64) - _back(ticks(t, self._unit_ns, tick), self._unit_ns, tick)).max()
            )
            self._errors[tick] = max(self._errors[tick], error)
            if error > self._tolerance(t, largest, tick):
                self._failed.add(tick)

    def found(self) -> Tick:
        """Return the first candidate that fits; where none does, the last one."""
        chosen = next((tick for tick in self._errors if tick not in self._failed), self._last)
        return Tick(chosen, self._errors[chosen] * self._unit_ns / 1e9, chosen not in self._failed)

    def _tolerance(self, t: Array, largest: float, tick: int) -> float:
        ulp = float(np.spacing(t.dtype.type(largest))) if t.dtype.kind == "f" else 0.0
        return min(max(ULPS * ulp, FINEST_NS / self._unit_ns), SHARE * tick / self._unit_ns)


def checked(t: Array) -> Array:
    """Return times that are numbers and finite.   Errors: InputError."""
    if t.dtype.kind not in "iuf":
        raise InputError(f"times are numbers, got {t.dtype}")
    if t.dtype.kind == "f" and not np.isfinite(t).all():
        raise InputError("times are finite numbers, got NaN or infinity: the file is damaged, or has gaps")
    return t


def ticks(t: Array, unit_ns: int, tick_ns: int) -> Array:
    """Return times (N,) in units of `unit_ns` as whole ticks (N,) int64, rounded to the nearest.

    Errors: InputError for times too long to be counted.
    """
    if len(t) and float(np.abs(t.astype(np.float64)).max()) * unit_ns / tick_ns > _MOST:
        raise InputError(f"times are too long to be counted in ticks of {tick_ns} ns: give a longer tick")
    if t.dtype.kind in "iu" and unit_ns % tick_ns == 0:
        return t.astype(np.int64) * (unit_ns // tick_ns)
    wide = t.astype(np.float64)
    # One multiplication or division by a whole number rounds once; their product in floats would round twice.
    if unit_ns % tick_ns == 0:
        return np.rint(wide * (unit_ns // tick_ns)).astype(np.int64)
    if tick_ns % unit_ns == 0:
        return np.rint(wide / (tick_ns // unit_ns)).astype(np.int64)
    return np.rint(wide * unit_ns / tick_ns).astype(np.int64)


def as_tick_ns(seconds: float) -> int:
    """Return a tick given in seconds as whole nanoseconds.   Errors: InputError where it is none."""
    ns = round(seconds * 1e9) if np.isfinite(seconds) else 0
    if ns < 1 or abs(seconds * 1e9 - ns) > FINEST_NS * max(1.0, ns):
        raise InputError(f"a tick is a whole number of nanoseconds, given in seconds such as 0.0001, got {seconds!r}")
    return ns


def _back(whole: Array, unit_ns: int, tick_ns: int) -> Array:
    wide = whole.astype(np.float64)
    if tick_ns % unit_ns == 0:
        return wide * (tick_ns // unit_ns)
    return wide / (unit_ns // tick_ns) if unit_ns % tick_ns == 0 else wide * tick_ns / unit_ns
