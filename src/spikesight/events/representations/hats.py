"""What an event finds around it on the average, cell by cell: histograms of averaged time surfaces (HATS)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class AveragedSurface:
    """`averaged_surface` as a value."""

    cell: int = 10
    radius: int = 3
    tau: float = 50e-3
    memory: float = 100e-3

    def __call__(self, events: EventStream) -> NDArray[np.float32]:
        """Return (cells down, cells across, 2, 2 radius + 1, 2 radius + 1).   Errors: those of `averaged_surface`."""
        return averaged_surface(events, self.cell, self.radius, self.tau, self.memory)


def averaged_surface(
    events: EventStream, cell: int = 10, radius: int = 3, tau: float = 50e-3, memory: float = 100e-3
) -> NDArray[np.float32]:
    """Return what events of each cell found around them, by the number of events in the cell.

    An event finds at each pixel not further than `radius` down and across, if it is of the same cell, the sum of
    ``exp(-age / tau)`` over earlier events of its polarity that are at most `memory` seconds old; those of its very
    time are not earlier. Cells of `cell` x `cell` pixels; what is left at the right and below are smaller ones.
    Shape: (cells down, cells across, 2, 2 radius + 1, 2 radius + 1): OFF and ON, then down and across.
    Errors: InputError for sizes and times not above 0 (a radius may be 0), or events not in order of time.
    Source: Sironi et al., HATS, CVPR 2018. tonic divides by the events of the polarity alone, and an event there also
    finds itself, which adds 1 in the middle; but for these it finds the same.
    """
    if cell < 1 or radius < 0 or not tau > 0.0 or not memory > 0.0:
        raise InputError(
            f"a cell has a pixel or more, a radius is not below 0, and times are above 0; got cell = {cell}, "
            f"radius = {radius}, tau = {tau} s, memory = {memory} s"
        )
    events.in_order()
    down, across = -(-events.height // cell), -(-events.width // cell)
    sums = np.zeros((down, across, 2, 2 * radius + 1, 2 * radius + 1))
    numbers = np.zeros((down, across), np.int64)
    left = np.zeros((2, events.height, events.width))
    _find(events.t, events.x, events.y, events.p.view(np.uint8), cell, 1e6 * tau, 1e6 * memory, left, sums, numbers)
    return (sums / np.maximum(numbers, 1)[..., None, None, None]).astype(np.float32)


_MOST = 300.0
"""Taus after which what is left is written down anew: exp(300) is still a number."""


@njit(cache=True, nogil=True)
def _find(t, x, y, p, cell, tau, memory, left, sums, numbers):  # type: ignore[no-untyped-def]
    # What is left of earlier events is kept as of time `zero`, before them all: a common factor makes it of now.
    height, width = left.shape[1:]
    radius = sums.shape[3] // 2
    zero, new, old = t[0] if len(t) else 0, 0, 0
    for k in range(len(t)):
        while t[new] < t[k]:
            left[p[new], y[new], x[new]] += np.exp((t[new] - zero) / tau)
            new += 1
        while old < new and t[k] - t[old] > memory:
            here = left[p[old], y[old], x[old]] - np.exp((t[old] - zero) / tau)
            left[p[old], y[old], x[old]] = max(here, 0.0)
            old += 1
        factor = np.exp(-(t[k] - zero) / tau)
        row, column = y[k] // cell, x[k] // cell
        numbers[row, column] += 1
        for i in range(max(y[k] - radius, row * cell), min(y[k] + radius + 1, (row + 1) * cell, height)):
            for j in range(max(x[k] - radius, column * cell), min(x[k] + radius + 1, (column + 1) * cell, width)):
                found = left[p[k], i, j] * factor
                sums[row, column, p[k], i - y[k] + radius, j - x[k] + radius] += found
        if (t[k] - zero) / tau > _MOST:
            left *= factor
            zero = t[k]
