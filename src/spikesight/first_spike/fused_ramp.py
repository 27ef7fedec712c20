"""Numba: layers of one spike per neuron whose postsynaptic potentials are ramps.

Between two steps every potential is a straight line, so an input spike changes only slopes: by `w / tau` when it
arrives, and by as much back when its ramp is full. Inputs that never fire cost nothing. A convolution keeps maps last,
and writes for each input spike and row of the kernel one contiguous run of slopes.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def in_order(times, steps, starts, order):  # type: ignore[no-untyped-def]
    """Sort the inputs of an item by their time: those of step s are order[starts[s] : starts[s + 1]]."""
    starts[:] = 0
    for i in range(times.size):
        if times[i] < steps:
            starts[times[i] + 1] += 1
    for s in range(steps):
        starts[s + 1] += starts[s]
    for i in range(times.size):
        if times[i] < steps:
            order[starts[times[i]]] = i
            starts[times[i]] += 1
    for s in range(steps, 0, -1):
        starts[s] = starts[s - 1]
    starts[0] = 0


@njit(cache=True, nogil=True)
def advance(potential, slope, when, rate, step, never, threshold):  # type: ignore[no-untyped-def]
    """Carry neurons on to `step`: those that reach the threshold fire, and keep the potential and slope they had."""
    for j in range(potential.size):
        waiting = when[j] == never
        v = potential[j] + slope[j]
        fires = waiting & (v >= threshold)
        potential[j] = v if waiting else potential[j]
        rate[j] = slope[j] if fires else rate[j]
        when[j] = step if fires else when[j]


@njit(cache=True, nogil=True)
def _dense_slopes(spikes, w, share, slope):  # type: ignore[no-untyped-def]
    for i in spikes:
        for j in range(slope.size):
            slope[j] += share * w[i, j]


@njit(cache=True, nogil=True)
def fire_dense(times, w, steps, tau, threshold, when, rate, potential):  # type: ignore[no-untyped-def]
    """Fire a dense layer. `times` (B, n_pre) int32, `w` (n_pre, n_post) float32; the last three (B, n_post) are filled:
    the step of the spike or `steps`, the slope then, and the potential then or at the last step.
    """
    n_pre, n_post = w.shape
    starts, order = np.empty(steps + 1, np.int64), np.empty(n_pre, np.int64)
    slope, share = np.empty(n_post, np.float32), np.float32(1.0 / tau)
    for item in range(len(times)):
        in_order(times[item], steps, starts, order)
        slope[:], when[item], rate[item], potential[item] = 0.0, steps, 0.0, 0.0
        for s in range(1, steps):
            _dense_slopes(order[starts[s - 1] : starts[s]], w, share, slope)
            if s > tau:
                _dense_slopes(order[starts[s - 1 - tau] : starts[s - tau]], w, -share, slope)
            advance(potential[item], slope, when[item], rate[item], s, steps, threshold)


@njit(cache=True, nogil=True)
def _convolved_slopes(spikes, w, share, shape, slope):  # type: ignore[no-untyped-def]
    """Add what spikes do to the slopes (rows, columns * maps). `w` (maps in, kh, kw * maps), kernel columns reversed:
    then the neurons that a spike reaches in one row follow each other as their weights do.
    """
    width, channels, columns, maps, padding = shape
    rows, kh, kw = len(slope), w.shape[1], w.shape[2] // maps
    for i in spikes:
        channel, place = i % channels, i // channels
        row, column = place // width + padding, place % width + padding
        first = max(0, column - kw + 1)
        begin, tap = first * maps, (first - column + kw - 1) * maps
        length = (min(columns - 1, column) + 1 - first) * maps
        for ky in range(max(0, row - rows + 1), min(kh, row + 1)):
            target, source = slope[row - ky], w[channel, ky]
            for k in range(length):
                target[begin + k] += share * source[tap + k]


@njit(cache=True, nogil=True)
def _pooled(when, rate, potential, shape, window, threshold, out):  # type: ignore[no-untyped-def]
    """Keep the earliest of each window: by its crossing of the threshold, then row by row; where none has fired, the
    largest potential.
    """
    columns, maps = shape
    out_when, out_time, out_rate, out_potential, out_place = out
    for py in range(out_when.shape[0]):
        for px in range(out_when.shape[1]):
            for m in range(maps):
                best, place, kept = np.float32(np.inf), -1, -1
                for y in range(py * window, (py + 1) * window):
                    for x in range(px * window, (px + 1) * window):
                        k = (y * columns + x) * maps + m
                        if rate[k] > 0.0:
                            crossing = np.float32(when[k]) - (potential[k] - threshold) / rate[k]
                            if crossing < best:
                                best, place, kept = crossing, y * columns + x, k
                        elif place < 0 and (kept < 0 or potential[k] > potential[kept]):
                            kept = k
                out_when[py, px, m], out_time[py, px, m], out_place[py, px, m] = when[kept], best, place
                out_rate[py, px, m], out_potential[py, px, m] = rate[kept], potential[kept]


@njit(cache=True, nogil=True)
def fire_convolution(times, w, steps, tau, threshold, padding, window, out):  # type: ignore[no-untyped-def]
    """Fire a convolution and pool it. `times` (B, rows, columns, maps in) int32, `w` (maps in, kh, kw * maps) float32.

    `out` are five arrays (B, rows, columns, maps), pooled, that are filled: step or `steps`, exact time of the crossing
    or infinity, slope there, potential, and which place (row by row, before pooling) was the earliest, or -1.
    """
    _, height, width, channels = times.shape
    out_when, out_time, out_rate, out_potential, out_place = out
    maps = out_when.shape[3]
    rows, columns = height + 2 * padding - w.shape[1] + 1, width + 2 * padding - w.shape[2] // maps + 1
    shape = (width, channels, columns, maps, padding)
    starts, order = np.empty(steps + 1, np.int64), np.empty(height * width * channels, np.int64)
    slope = np.empty((rows, columns * maps), np.float32)
    flat = slope.reshape(-1)
    potential, rate, when = np.empty_like(flat), np.empty_like(flat), np.empty(flat.size, np.int32)
    share = np.float32(1.0 / tau)
    for item in range(len(times)):
        in_order(times[item].reshape(-1), steps, starts, order)
        flat[:], potential[:], rate[:], when[:] = 0.0, 0.0, 0.0, steps
        for s in range(1, steps):
            _convolved_slopes(order[starts[s - 1] : starts[s]], w, share, shape, slope)
            if s > tau:
                _convolved_slopes(order[starts[s - 1 - tau] : starts[s - tau]], w, -share, shape, slope)
            advance(potential, flat, when, rate, s, steps, threshold)
        kept = (out_when[item], out_time[item], out_rate[item], out_potential[item], out_place[item])
        _pooled(when, rate, potential, (columns, maps), window, threshold, kept)
