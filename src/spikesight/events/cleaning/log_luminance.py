"""Fewer pixels by light: the level of each pixel is a curve through its events, a cell speaks as their mean moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.events.cleaning.cells import in_cells
from spikesight.events.cleaning.checks import check_counts
from spikesight.events.stream import EventStream

_EXACT = 9
"""Decimals of a level that are told apart: a sum that should be whole is."""


class Curve(Protocol):
    """How a level goes from one event to the next."""

    def through(
        self, t: NDArray[np.float64], level: NDArray[np.float64], at: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the level at times (S,) of a curve through knots (K,), ascending; constant after the last."""


@dataclass(frozen=True)
class Straight:
    """Straight lines between events."""

    def through(
        self, t: NDArray[np.float64], level: NDArray[np.float64], at: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """See `Curve.through`."""
        return np.interp(at, t, level)


@dataclass(frozen=True)
class Cubic:
    """Cubic curves that never overshoot (PCHIP).   Source: Fritsch & Butland, 1984."""

    def through(
        self, t: NDArray[np.float64], level: NDArray[np.float64], at: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """See `Curve.through`."""
        from scipy.interpolate import PchipInterpolator

        found: NDArray[np.float64] = PchipInterpolator(t, level)(np.minimum(at, t[-1]))
        return found


STRAIGHT = Straight()


def log_luminance(events: EventStream, factor: int, curve: Curve = STRAIGHT, samples: int = 500) -> EventStream:
    """Return events of cells of `factor` x `factor` pixels, each when its mean level passes a whole number.

    Levels begin at 0 a microsecond before the first event and go up or down by 1 to each event. Their mean is taken at
    `samples` times, evenly from then to the last event, and goes straight between them; a pass is told in the first
    whole microsecond after it. The first pass after a change of direction is swallowed, as in `event_count`.
    Errors: InputError where events are not in order of time, and for fewer than 2 samples.
    Source: Gruel et al., VISAPP 2022 (log-luminance, linear and cubic).
    """
    check_counts(factor=factor, samples_less_one=samples - 1)
    small = in_cells(events.in_order(), factor)
    if not len(events):
        return small
    begin = int(events.t[0]) - 1
    at = np.linspace(0.0, int(events.t[-1]) - begin, samples)
    found = []
    by_cell = np.argsort(small.pixel, kind="stable")
    for members in np.split(by_cell, np.flatnonzero(np.diff(small.pixel[by_cell])) + 1):
        level = _level_of_cell(events.of(members), begin, curve, at) / factor**2
        when, up = _passes(np.round(level, _EXACT), at)
        found.append((when, np.full(len(when), small.x[members[0]]), np.full(len(when), small.y[members[0]]), up))
    t, x, y, p = (np.concatenate(columns) for columns in zip(*found, strict=True))
    order = np.argsort(t, kind="stable")
    return replace(small, t=begin + t[order], x=x[order], y=y[order], p=p[order])


@dataclass(frozen=True)
class LogLuminance:
    """See `log_luminance`. It knows the whole recording before it tells its first event: not for live streams."""

    factor: int = 4
    curve: Curve = STRAIGHT
    samples: int = 500

    def __post_init__(self) -> None:
        check_counts(factor=self.factor, samples_less_one=self.samples - 1)

    def __call__(self, events: EventStream) -> EventStream:
        """Return events of the smaller sensor.   Errors: InputError where they are not in order of time."""
        return log_luminance(events, self.factor, self.curve, self.samples).after(repr(self))


def _level_of_cell(events: EventStream, begin: int, curve: Curve, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum (samples,) of the levels of all pixels that have events."""
    total = np.zeros_like(at)
    for pixel in np.unique(events.pixel):
        own = events.pixel == pixel
        t, level = (events.t[own] - begin).astype(np.float64), np.cumsum(np.where(events.p[own], 1.0, -1.0))
        last = np.append(np.diff(t) > 0, True)  # of several events at one time, the level after all of them
        total += curve.through(np.append(0.0, t[last]), np.append(0.0, level[last]), at)
    return total


def _passes(level: NDArray[np.float64], at: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return when whole numbers are passed and whether upwards, (passes,) each, without the first after turning."""
    before, after = level[:-1], level[1:]
    up = after > before
    first = np.where(up, np.floor(before) + 1, np.ceil(before) - 1)
    many = np.maximum(np.where(up, np.floor(after) - first, first - np.ceil(after)) + 1, 0).astype(np.int64)
    part = np.repeat(np.arange(len(many)), many)
    step = np.arange(len(part)) - np.repeat(np.cumsum(many) - many, many)
    passed, upwards = first[part] + np.where(up[part], step, -step), up[part]
    share = (passed - before[part]) / (after[part] - before[part])
    when = np.ceil(np.round(at[part] + share * (at[part + 1] - at[part]), 6)).astype(np.int64)
    told = np.append(True, upwards[1:] == upwards[:-1])[: len(part)]
    return when[told], upwards[told]
