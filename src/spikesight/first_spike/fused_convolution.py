"""Convolution of spikes, compiled: each spike adds its weights where it arrives, and only there is looked for firing.

Maps lie last in memory, (B, rows, columns, maps): what comes out of one layer goes into the next as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.spread import spread
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.layer import Fired
from spikesight.first_spike.reference_convolution import windows
from spikesight.first_spike.room import room
from spikesight.first_spike.runs_of_taps import plan
from spikesight.first_spike.spike_order import COLUMN, MASK, ROW, fired_ones, order_seconds, order_steps

if TYPE_CHECKING:
    from spikesight.first_spike.convolution import Convolution

CROWDED = 0.5
"""Part of inputs that fire from which, behind an infinite threshold, a product of matrices beats adding each spike."""

BYTES_AT_ONCE = 1 << 25
"""Of windows that are laid out for such a product."""


def fire(
    layer: Convolution, w: NDArray[Any], thresholds: NDArray[Any], latencies: Latencies, one_map_per_place: bool
) -> Fired:
    """Do as `convolution.fire` says; weights, thresholds and shapes are as they should be."""
    ever = bool(np.isfinite(thresholds).any())
    size = len(latencies), *layer.shape(latencies.shape)[1:], layer.maps
    times, v = np.full(size, latencies.never, latencies.times.dtype), np.empty(size, w.dtype)
    # Each item by itself, so that its answer is the same in any batch.
    crowded = latencies.fired.mean(axis=(1, 2, 3)) > CROWDED if not ever else np.zeros(len(latencies), np.bool_)
    if not crowded.any():
        _in_order(layer, w, thresholds, latencies, one_map_per_place, times, v)
    elif crowded.all():
        _all_at_once(layer, w, latencies, v)
    else:
        few, v_crowded = latencies[~crowded], np.empty((crowded.sum(), *size[1:]), w.dtype)
        times_few, v_few = times[~crowded], np.empty((len(few), *size[1:]), w.dtype)
        _all_at_once(layer, w, latencies[crowded], v_crowded)
        _in_order(layer, w, thresholds, few, one_map_per_place, times_few, v_few)
        v[crowded], v[~crowded] = v_crowded, v_few
    return Fired(Latencies(np.moveaxis(times, -1, 1), latencies.steps), np.moveaxis(v, -1, 1))


def _in_order(
    layer: Convolution,
    w: NDArray[Any],
    thresholds: NDArray[Any],
    latencies: Latencies,
    one_map_per_place: bool,
    times: NDArray[Any],
    v: NDArray[Any],
) -> None:
    """Fill times and potentials (B, rows, columns, maps), one spike after the other."""
    ever, never = bool(np.isfinite(thresholds).any()), latencies.times.dtype.type(latencies.never)
    bounded = replace(layer, maps=layer.maps + 1) if ever else layer
    runs, flat = plan(bounded, latencies.shape, mirrored=True), mirrored_taps(w, bound=ever).ravel()

    def part(first: int, last: int) -> None:
        given = np.ascontiguousarray(np.moveaxis(latencies.times[first:last], 1, -1))
        space = room(bounded, latencies.shape, latencies.steps, w.dtype, given.dtype)
        fire_items(
            given, latencies.steps or 0, never, flat, ever, thresholds, one_map_per_place, runs, space,
            times[first:last], v[first:last],
        )  # fmt: skip

    spread(part, len(latencies))


def _all_at_once(layer: Convolution, w: NDArray[Any], latencies: Latencies, v: NDArray[Any]) -> None:
    """Fill final potentials (B, rows, columns, maps): when a spike came does not matter, so each item is a product.

    Windows of several items are laid out together, but multiplied item by item: the order of a sum may depend on the
    size of a product, and would on the batch.
    """
    places = v[0].size // layer.maps
    together = max(1, BYTES_AT_ONCE // (w[0].size * places * w.itemsize))
    columns = np.ascontiguousarray(w.reshape(layer.maps, -1).T)
    for first in range(0, len(latencies), together):
        here = slice(first, first + together)
        seen = np.moveaxis(windows(layer, latencies.fired[here], w.dtype), 1, 3)
        rows = np.ascontiguousarray(seen).reshape(len(seen), places, -1)
        v[here] = np.matmul(rows, columns).reshape(v[here].shape)


def mirrored_taps(w: NDArray[Any], bound: bool) -> NDArray[Any]:
    """Return weights (maps, C, rows, columns) as they are added, (C, rows, columns from right to left, maps).

    With a `bound` there is a map more, whose weights are the largest of all maps. No map's potential is ever above its
    own, not even by rounding, since all are added up in the same order. So where it is not above the lowest threshold
    nobody fires, and one number tells what maps were asked for.
    """
    maps, *rest = w.shape
    laid_out = np.empty((*rest, maps + bound), w.dtype)
    laid_out[..., :maps] = np.moveaxis(w[..., ::-1], 0, -1)
    if bound:
        laid_out[..., maps] = laid_out[..., :maps].max(axis=-1)
    return laid_out


@njit(cache=True, nogil=True)
def fire_items(given, steps, never, w, ever, limits, one_map_per_place, runs, room, times, potentials):  # type: ignore[no-untyped-def]
    """Fill times and potentials (B, rows, columns, maps) of the items `given` (B, rows, columns, maps of the input).

    `steps` is 0 for times in seconds. `ever` says whether any threshold (maps,) is finite; then `runs`, `room` and `w`
    have a map more, the bound. A potential of -inf says that a neuron has fired, or cannot.
    """
    order, starts, when, low, high = room.order, room.starts, room.when, room.low, room.high
    v = room.v.reshape(room.closed.size, runs.maps)
    least = limits.min()
    for item in range(len(given)):
        groups = steps
        if not ever:
            starts[0], starts[1], groups = 0, fired_ones(given[item], never, order), 1
        elif steps:
            order_steps(given[item], steps, room.found, order, starts)
        else:
            groups = order_seconds(given[item], room.found, order, starts, when)
        v[:] = 0
        at, out = times[item].reshape(len(v), limits.size), potentials[item].reshape(len(v), limits.size)
        at[:] = never
        for g in range(groups):
            add(room.v, w, order, starts[g], starts[g + 1], runs, low, high)
            if ever:
                places = room.candidates[: _look(v, least, limits, low, high, runs.columns, room.candidates)]
                if one_map_per_place:
                    _fire_strongest(v, limits, when[g], places, at, out)
                else:
                    _fire_all(v, limits, when[g], places, at, out)
        for place in range(len(v)):
            for m in range(limits.size):
                out[place, m] = v[place, m] if v[place, m] > -np.inf else out[place, m]


@njit(cache=True, nogil=True)
def add(v, w, order, first, last, runs, low, high):  # type: ignore[no-untyped-def]
    """Add the weights of spikes to the potentials; widen low and high of each row to the places that were reached."""
    maps, wide = runs.maps, runs.columns * runs.maps
    row_to, row_n, row_w = runs.row_to, runs.row_n, runs.row_w
    col_first, col_to, col_n, col_w = runs.col_first, runs.col_to, runs.col_n, runs.col_w
    for i in range(first, last):
        spike = order[i]
        y, x, c = spike >> ROW, (spike >> COLUMN) & MASK, spike & MASK
        to, rows = row_to[y], row_n[y]
        for col in range(col_first[x], col_first[x + 1]):
            begin, end = col_to[col], col_to[col] + col_n[col] - 1
            n, v_at, w_at = col_n[col] * maps, to * wide + begin * maps, c * runs.tap + row_w[y] + col_w[col]
            for _ in range(rows):
                target, weights = v[v_at : v_at + n], w[w_at : w_at + n]
                for j in range(n):
                    target[j] += weights[j]
                v_at += runs.row_step * wide
                w_at += runs.w_step
            for row in range(to, to + rows * runs.row_step, runs.row_step):
                low[row], high[row] = min(low[row], begin), max(high[row], end)


@njit(cache=True, nogil=True)
def look(v, limits, runs, low, high, closed, candidates):  # type: ignore[no-untyped-def]
    """Write the open places with a potential above its threshold to `candidates`; return how many there are.

    Only places from low to high of each row are looked at; then low and high are none. Nothing branches on a
    potential: the loop over maps is one of vectors so, 3 times as fast.
    """
    found, maps = 0, runs.maps
    for row in range(runs.rows):
        first = row * runs.columns
        for place in range(first + low[row], first + high[row] + 1):
            here = v[place * maps : (place + 1) * maps]
            above = np.int32(0)
            for m in range(limits.size):
                above += np.int32(here[m] > limits[m])
            candidates[found] = place
            found += int((above > 0) & (not closed[place]))
        low[row], high[row] = runs.columns, -1
    return found


@njit(cache=True, nogil=True)
def strongest(here, limits):  # type: ignore[no-untyped-def]
    """Return the map with the largest potential of those above their thresholds; the lower of equals; -1 for none."""
    best = -1
    for m in range(limits.size):
        if here[m] > limits[m] and (best < 0 or here[m] > here[best]):
            best = m
    return best


@njit(cache=True, nogil=True)
def _look(v, least, limits, low, high, columns, candidates):  # type: ignore[no-untyped-def]
    """Do as `look`: first ask the bound of each place, then the maps of those that are left."""
    perhaps = 0
    for row in range(len(low)):
        for place in range(row * columns + low[row], row * columns + high[row] + 1):
            candidates[perhaps] = place
            perhaps += int(v[place, limits.size] > least)
        low[row], high[row] = columns, -1
    found = 0
    for i in range(perhaps):
        place = candidates[i]
        above = np.int32(0)
        for m in range(limits.size):
            above += np.int32(v[place, m] > limits[m])
        candidates[found] = place
        found += int(above > 0)
    return found


@njit(cache=True, nogil=True)
def _fire_all(v, limits, now, places, at, out):  # type: ignore[no-untyped-def]
    """Let all neurons of some places that are above their thresholds fire; -inf keeps them from firing again.

    Shapes: v (all places, maps and the bound); at and out (all places, maps). One loop over places: a call for each
    costs more than its work.
    """
    for place in places:
        for m in range(limits.size):
            if v[place, m] > limits[m]:
                at[place, m], out[place, m], v[place, m] = now, v[place, m], -np.inf


@njit(cache=True, nogil=True)
def _fire_strongest(v, limits, now, places, at, out):  # type: ignore[no-untyped-def]
    """Let one neuron of each of some places fire, as `strongest` chooses; the others there never will.

    Shapes: as `_fire_all`.
    """
    for place in places:
        best = -1
        for m in range(limits.size):
            if v[place, m] > limits[m] and (best < 0 or v[place, m] > v[place, best]):
                best = m
        most = v[place, best]
        for m in range(limits.size):
            out[place, m], v[place, m] = 0, -np.inf
        v[place, limits.size] = -np.inf
        at[place, best], out[place, best] = now, most
