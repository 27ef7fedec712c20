"""Where a sensor would look that follows the regions that win: a square window, moved to where they were lately, or the
regions themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.engine import Fired
from spikesight.equations.time_constants import steps
from spikesight.events.regions_of_interest import RegionsOfInterest
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


def regions_of_interest(
    regions: Regions, fired: Fired, latency: int, factor: int = 1, begin: int = 0
) -> RegionsOfInterest:
    """Return the blocks that fired as regions of interest, each for `latency` microseconds from its spike on.

    A pixel of the network is a cell of `factor` x `factor` pixels of the camera, step 0 begins at `begin`
    (microseconds). A spike of step k answers events up to the end of step k - 1, so that nothing is seen beforehand.
    Errors: InputError where a latency is negative or a cell has no pixel.
    """
    if latency < 0 or factor < 1:
        raise InputError(f"a region is of interest for 0 us or more, in cells of a pixel or more: {latency}, {factor}")
    row, column = np.divmod(fired.unit.astype(np.int64), regions.shape[1])
    corner = np.stack([column, row], axis=-1) * regions.block
    far = np.minimum(corner + regions.block, (regions.width, regions.height))
    since = begin + np.ceil(np.round(fired.step * (regions.dt * 1e6), 6)).astype(np.int64)
    return RegionsOfInterest(since, since + latency, np.concatenate([corner, far], axis=-1) * factor)


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
