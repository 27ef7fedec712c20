"""Convolution of spikes that are few: each adds its weights where it arrives, and what did not fire costs a glance.

Maps lie last in memory, (B, rows, columns, maps), and kernels are mirrored along columns, so that with a stride of 1 a
spike adds one run of numbers for each row of the kernel: as many side by side as the kernel has columns times maps.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.spread import spread
from spikesight.executors.reused_memory import STORE


class Taps(NamedTuple):
    """A kernel as the loop reads it: w (maps in, kernel rows, kernel columns mirrored, maps out), bias (maps out)."""

    w: NDArray[Any]
    bias: NDArray[Any]


class Steps(NamedTuple):
    """Stride, padding and dilation, down and across."""

    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)

    def shape(self, rows: int, columns: int, kernel: tuple[int, int]) -> tuple[int, int]:
        """Return rows and columns of what comes out."""
        down, across = (
            (n + 2 * self.padding[k] - self.dilation[k] * (kernel[k] - 1) - 1) // self.stride[k] + 1
            for k, n in enumerate((rows, columns))
        )
        return down, across


def taps(w: NDArray[Any], bias: NDArray[Any] | None) -> Taps:
    """Return kernels (maps out, maps in, rows, columns) and biases (maps out,) as the loop reads them."""
    mirrored = np.ascontiguousarray(np.transpose(w[:, :, :, ::-1], (1, 2, 3, 0)))
    return Taps(mirrored, np.zeros(len(w), w.dtype) if bias is None else np.ascontiguousarray(bias))


def convolve(x: NDArray[Any], kernel: Taps, steps: Steps) -> NDArray[Any]:
    """Return the convolution of x (B, rows, columns, maps in), mostly zeros, as (B, rows, columns, maps out).

    Values other than 0 and 1 count for what they are. An item's result does not depend on the others of its batch.
    """
    (rows, columns), taps_of = x.shape[1:3], kernel.w.shape[1:3]
    shape = steps.shape(rows, columns, (taps_of[0], taps_of[1]))
    out = STORE.empty((len(x), *shape, len(kernel.bias)), kernel.w.dtype)
    compact = steps.stride == (1, 1) and steps.dilation == (1, 1)
    loop = _add_runs if compact else _add_taps

    def part(first: int, last: int) -> None:
        loop(x[first:last], kernel.w, kernel.bias, *steps, out[first:last])

    spread(part, len(x))
    return out


def fewer(x: NDArray[Any], share: float) -> bool:
    """Whether less than such a share of the numbers of x, of any shape, are not 0; it stops looking once there are."""
    return bool(_fewer(x.ravel(order="K"), share * x.size))


@njit(cache=True, nogil=True)
def _fewer(values, most):  # type: ignore[no-untyped-def]
    found = 0
    for first in range(0, len(values), 4096):
        for value in values[first : first + 4096]:
            found += value != 0
        if found >= most:
            return False
    return True


@njit(cache=True, nogil=True)
def _add_runs(x, w, bias, stride, padding, dilation, out):  # type: ignore[no-untyped-def]
    items, rows, columns, maps = x.shape
    _, down, across, made = w.shape
    last_row, last_column = out.shape[1] - 1, out.shape[2] - 1
    flat, width = w.ravel(), across * made
    for b in range(items):
        out[b] = bias
        sums = out[b].ravel()
        for row in range(rows):
            for column in range(columns):
                begin = column + padding[1] - (across - 1)
                first, last = max(0, begin), min(last_column, column + padding[1])
                length = (last - first + 1) * made
                here = x[b, row, column]
                if length <= 0 or not _anybody(here):
                    continue
                for m in range(maps):
                    value = here[m]
                    if value != 0:
                        for k in range(down):
                            to = row + padding[0] - k
                            if 0 <= to <= last_row:
                                place = (to * out.shape[2] + first) * made
                                tap = (m * down + k) * width + (first - begin) * made
                                _add(sums[place : place + length], flat[tap : tap + length], value)


@njit(cache=True, nogil=True, inline="always")
def _anybody(values):  # type: ignore[no-untyped-def]
    found = 0
    for m in range(len(values)):  # without a way out, so that it looks at many at once
        found |= values[m] != 0
    return found


@njit(cache=True, nogil=True, inline="always")
def _add(sums, weights, value):  # type: ignore[no-untyped-def]
    for j in range(len(sums)):
        sums[j] += value * weights[j]


@njit(cache=True, nogil=True)
def _add_taps(x, w, bias, stride, padding, dilation, out):  # type: ignore[no-untyped-def]
    items, rows, columns, maps = x.shape
    _, down, across, _ = w.shape
    for b in range(items):
        out[b] = bias
        for row in range(rows):
            for column in range(columns):
                here = x[b, row, column]
                if not _anybody(here):
                    continue
                for m in range(maps):
                    value = here[m]
                    if value != 0:
                        for k in range(down):
                            to_row, rest = divmod(row + padding[0] - k * dilation[0], stride[0])
                            if rest == 0 and 0 <= to_row < out.shape[1]:
                                for j in range(across):
                                    to, left = divmod(column + padding[1] - j * dilation[1], stride[1])
                                    if left == 0 and 0 <= to < out.shape[2]:
                                        _add(out[b, to_row, to], w[m, k, across - 1 - j], value)
