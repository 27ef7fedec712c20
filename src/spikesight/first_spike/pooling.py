"""Pooling: of a window the earliest spike, or the largest potential.

A pooling neuron fires once, with the first of its window. On cumulative waves that is a maximum; on latencies it is a
minimum, so it commutes with the axis of time that we do not store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.geometry import Pair, check, outcome
from spikesight.first_spike.layer import checked_maps, checked_potentials


@dataclass(frozen=True)
class Pooling:
    """Windows of `window` (rows, columns); without a stride they lie side by side. Padding never fires.

    Rows and columns that fill no window are left out.   Errors: InputError for sizes below 1, negative padding, and
    padding of more than half a window.
    """

    window: Pair
    stride: Pair | None = None
    padding: Pair = (0, 0)

    def __post_init__(self) -> None:
        check(self.window, self.moves, self.padding)
        if any(2 * pad > extent for pad, extent in zip(self.padding, self.window, strict=True)):
            raise InputError(f"padding is half of a window at most, got padding {self.padding} for {self.window}")

    @property
    def moves(self) -> Pair:
        """How far one window lies from the next, rows and columns."""
        return self.window if self.stride is None else self.stride

    def shape(self, shape_in: Sequence[int]) -> tuple[int, int, int]:
        """Return maps, rows and columns behind an input of maps, rows and columns.   Errors: InputError: no window
        fits.
        """
        return shape_in[0], *outcome(shape_in[1:], self.window, self.moves, self.padding)

    def earliest(self, latencies: Latencies) -> Latencies:
        """Return the earliest spike of each window of maps (B, C, H, W).   Errors: InputError where they are none."""
        checked_maps(latencies, "pooling")
        return Latencies(self._pooled(latencies.times, np.minimum, latencies.never), latencies.steps)

    def largest(self, potentials: NDArray[Any]) -> NDArray[Any]:
        """Return the largest potential of each window of maps (B, C, H, W).   Errors: InputError: no maps."""
        return self._pooled(checked_potentials(potentials, "pooling"), np.maximum, -np.inf)

    def _pooled(self, values: NDArray[Any], better: np.ufunc, worst: float) -> NDArray[Any]:
        """Return the best of each window; maps last in memory, as convolutions keep them."""
        inside = np.moveaxis(values, 1, -1)
        (down, across), moves = self.padding, self.moves
        if down or across:
            inside = np.pad(inside, ((0, 0), (down, down), (across, across), (0, 0)), constant_values=worst)
        rows, columns = outcome(inside.shape[1:3], self.window, moves)
        found: NDArray[Any] | None = None
        for row in range(self.window[0]):
            for column in range(self.window[1]):
                seen = inside[
                    :,
                    row : row + (rows - 1) * moves[0] + 1 : moves[0],
                    column : column + (columns - 1) * moves[1] + 1 : moves[1],
                ]
                found = seen.copy() if found is None else better(found, seen, out=found)
        assert found is not None
        return np.moveaxis(found, -1, 1)


def earliest_of_each_map(latencies: Latencies) -> Latencies:
    """Return when the first neuron of each map (B, C, H, W) fires, (B, C).   Errors: InputError: no maps."""
    checked_maps(latencies, "pooling")
    return Latencies(latencies.times.min(axis=(2, 3)), latencies.steps)


def largest_of_each_map(potentials: NDArray[Any]) -> NDArray[Any]:
    """Return the largest potential of each map (B, C, H, W), (B, C).   Errors: InputError: no maps."""
    largest: NDArray[Any] = checked_potentials(potentials, "pooling").max(axis=(2, 3))
    return largest


def grid(potentials: NDArray[Any], n: int) -> NDArray[Any]:
    """Cut each map (B, C, H, W) into n x n fields and return the largest potential of each, (B, C, n, n).

    Fields are as equal as rows and columns allow.   Errors: InputError for more fields than rows or columns, and where
    there are no maps.
    """
    v = checked_potentials(potentials, "pooling")
    rows, columns = v.shape[2:]
    if not 1 <= n <= min(rows, columns):
        most = min(rows, columns)
        raise InputError(
            f"maps of {rows} x {columns} have 1 x 1 to {most} x {most} fields, asked for {n} x {n}: take fewer"
        )
    down = np.maximum.reduceat(v, np.arange(n) * rows // n, axis=2)
    fields: NDArray[Any] = np.maximum.reduceat(down, np.arange(n) * columns // n, axis=3)
    return fields
