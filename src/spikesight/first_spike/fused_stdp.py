"""Competitive learning of a stage, compiled: images are followed only until the last winner has fired.

The image after must see what was learned from the one before, so this runs on one core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.first_spike.fused_winners import find_winners
from spikesight.first_spike.room import room
from spikesight.first_spike.runs_of_taps import kernels, plan, taps

if TYPE_CHECKING:
    from spikesight.first_spike.stage import Stage


def train(
    stage: Stage, w: NDArray[Any], times: NDArray[Any], steps: int, seen: int
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Do as `stdp_training.train` says; weights and shapes are as they should be."""
    layer, rule = stage.convolution, stage.rule
    rates = np.array([rule.rates(seen + 1 + item) for item in range(len(times))], w.dtype).reshape(len(times), 2)
    bounds = np.array([rule.low, rule.high], w.dtype)
    learned, wins = taps(w), np.zeros(layer.maps, np.int64)
    given = np.ascontiguousarray(np.moveaxis(times, 1, -1))
    place = np.array([layer.stride, layer.padding, layer.dilation], np.int64)
    space = room(layer, times.shape[1:], steps, w.dtype)
    runs = plan(layer, times.shape[1:])
    threshold = w.dtype.type(layer.threshold)
    _train(
        given, steps, learned, threshold, runs, stage.winners, stage.radius, space, place, rates, bounds,
        rule.stabilised, wins,
    )  # fmt: skip
    return kernels(learned), wins


@njit(cache=True, nogil=True)
def _train(given, steps, w, threshold, runs, k, radius, space, place, rates, bounds, stabilised, wins):  # type: ignore[no-untyped-def]
    flat = w.ravel()  # shares the memory of w
    winners, potentials = np.empty((k, 4), np.int64), np.empty(k, w.dtype)
    for item in range(len(given)):
        found = find_winners(
            given[item], steps, flat, threshold, runs, k, radius, True, space, winners, potentials
        )  # fmt: skip
        for i in range(found):
            change(w, given[item], winners[i], place, rates[item], bounds, stabilised)
            wins[winners[i, 0]] += 1


@njit(cache=True, nogil=True)
def change(w, times, winner, place, rates, bounds, stabilised):  # type: ignore[no-untyped-def]
    """Let the kernel of a winner's map learn from what the winner saw: `Stdp.changed`, in place.

    Shapes: w (maps of the input, rows, columns, maps); times (rows, columns, maps of the input) in steps; winner (4,):
    map, row, column, step; place (3, 2): stride, padding and dilation; rates and bounds (2,), of the type of w.
    """
    best, row, column, step = winner
    rows, columns = times.shape[0], times.shape[1]
    low, high = bounds[0], bounds[1]
    for a in range(w.shape[1]):
        y = row * place[0, 0] - place[1, 0] + a * place[2, 0]
        for b in range(w.shape[2]):
            x = column * place[0, 1] - place[1, 1] + b * place[2, 1]
            inside = 0 <= y < rows and 0 <= x < columns
            for c in range(w.shape[0]):
                before = inside and times[y, x, c] <= step
                rate = rates[0] if before else rates[1]
                old = w[c, a, b, best]
                new = old + (rate * (old - low) * (high - old) if stabilised else rate)
                w[c, a, b, best] = min(max(new, low), high)
