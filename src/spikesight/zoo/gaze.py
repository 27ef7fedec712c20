"""Where a sensor would look that follows the regions that win: a square window, moved to where they were lately."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.engine import Fired
from spikesight.equations.time_constants import steps
from spikesight.zoo.saliency import Regions


def centres(regions: Regions) -> NDArray[np.float64]:
    """Return the middle of each region, (regions, 2): x and y in pixels."""
    y, x = np.divmod(np.arange(regions.shape[0] * regions.shape[1]), regions.shape[1])
    begin = np.stack([x, y], axis=-1) * regions.block
    middle: NDArray[np.float64] = (begin + np.minimum(begin + regions.block, (regions.width, regions.height)) - 1) / 2
    return middle


def fixation(regions: Regions, fired: Fired) -> NDArray[np.float64]:
    """Return one place for all wins: the median of the winners' middles, x and y; of the sensor where nothing won."""
    if not len(fired.unit):
        return np.array([(regions.width - 1) / 2, (regions.height - 1) / 2])
    place: NDArray[np.float64] = np.median(centres(regions)[fired.unit], axis=0)
    return place


@dataclass(frozen=True)
class Window:
    """A window of `side` x `side` pixels around the median of the winners of the last `memory` seconds; it stays where
    it is while nothing wins, and sees nothing before the first win.   Errors: InputError where it has no pixel.
    """

    side: int = 20
    memory: float = 20e-3

    def __post_init__(self) -> None:
        if self.side < 1 or not self.memory > 0.0:
            raise InputError(f"a window has a pixel or more and remembers for some time, got {self}")

    def path(self, regions: Regions, fired: Fired, length: int) -> NDArray[np.float64]:
        """Return the middle of the window in each of `length` steps, (length, 2); NaN before the first win."""
        places, lasting = centres(regions)[fired.unit], steps(self.memory, regions.dt)
        path = np.full((length, 2), np.nan)
        for k in range(int(fired.step[0]) if len(fired.step) else length, length):
            first, last = np.searchsorted(fired.step, (k - lasting + 1, k + 1))
            path[k] = np.median(places[first:last], axis=0) if last > first else path[k - 1]
        return path

    def sees(self, path: NDArray[np.float64], step: NDArray[np.int64], pixel: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return whether events at `step` (N,) and `pixel` (N, 2) lie within the window of that step, (N,)."""
        with np.errstate(invalid="ignore"):
            away: NDArray[np.float64] = np.abs(pixel - path[step])
            inside: NDArray[np.bool_] = np.all(away <= self.side / 2, axis=1)
        return inside
