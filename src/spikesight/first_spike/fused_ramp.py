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
def advance(potential, slope, time, rate, now, steps, threshold):  # type: ignore[no-untyped-def]
    """Carry neurons on from step `now` by so many `steps`, in which no slope changes. Those that reach the threshold
    meanwhile keep `now`, their potential at `now`, and the slope, from which `crossings` tells when they do.
    """
    for j in range(potential.size):
        v, v_slope, v_time, v_rate = potential[j], slope[j], time[j], rate[j]  # loads first: then there is no branch
        later = v + v_slope * steps
        waiting = v_rate == np.float32(0.0)
        fires = waiting & (later >= threshold)
        time[j] = now if fires else v_time
        rate[j] = v_slope if fires else v_rate
        potential[j] = v if fires else (later if waiting else v)


@njit(cache=True, nogil=True)
def crossings(potential, time, rate, threshold):  # type: ignore[no-untyped-def]
    """Turn what neurons that fired have kept into the time of their crossing and a potential at the threshold."""
    for j in range(potential.size):
        if rate[j] > 0.0:
            time[j] += (threshold - potential[j]) / rate[j]
            potential[j] = threshold


@njit(cache=True, nogil=True)
def _changes(starts, step, tau):  # type: ignore[no-untyped-def]
    """Whether ramps begin or end in a step."""
    return starts[step + 1] > starts[step] or (step >= tau and starts[step - tau + 1] > starts[step - tau])


@njit(cache=True, nogil=True)
def _dense_slopes(spikes, w, share, slope):  # type: ignore[no-untyped-def]
    for i in spikes:
        for j in range(slope.size):
            slope[j] += share * w[i, j]


@njit(cache=True, nogil=True)
def fire_dense(times, w, steps, tau, threshold, time, rate, potential):  # type: ignore[no-untyped-def]
    """Fire a dense layer. `times` (B, n_pre) int32, `w` (n_pre, n_post) float32; the last three (B, n_post) are filled:
    time of the crossing, or infinity; slope there, or 0; the last potential, or the threshold where it was crossed.
    """
    n_pre, n_post = w.shape
    starts, order = np.empty(steps + 1, np.int64), np.empty(n_pre, np.int64)
    slope, share = np.empty(n_post, np.float32), np.float32(1.0 / tau)
    for item in range(len(times)):
        in_order(times[item], steps, starts, order)
        slope[:], time[item], rate[item], potential[item], now = 0.0, np.inf, 0.0, 0.0, 0
        for s in range(steps - 1):
            if _changes(starts, s, tau):
                advance(potential[item], slope, time[item], rate[item], np.float32(now), np.float32(s - now), threshold)
                now = s
                _dense_slopes(order[starts[s] : starts[s + 1]], w, share, slope)
                if s >= tau:
                    _dense_slopes(order[starts[s - tau] : starts[s - tau + 1]], w, -share, slope)
        left = np.float32(steps - 1 - now)
        advance(potential[item], slope, time[item], rate[item], np.float32(now), left, threshold)
        crossings(potential[item], time[item], rate[item], threshold)


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
            target, source = slope[row - ky, begin : begin + length], w[channel, ky, tap : tap + length]
            for k in range(length):
                target[k] += share * source[k]


@njit(cache=True, nogil=True)
def _pooled(time, rate, potential, shape, window, out):  # type: ignore[no-untyped-def]
    """Keep the earliest of each window, row by row where several are; and the largest potential."""
    columns, maps = shape
    out_time, out_rate, out_potential, out_place = out
    out_time[:], out_rate[:], out_potential[:], out_place[:] = np.inf, 0.0, -np.inf, -1
    for y in range(out_time.shape[0] * window):
        for x in range(out_time.shape[1] * window):
            here, place = (y * columns + x) * maps, y * columns + x
            best, best_rate = out_time[y // window, x // window], out_rate[y // window, x // window]
            best_place, largest = out_place[y // window, x // window], out_potential[y // window, x // window]
            new, new_rate, v = time[here : here + maps], rate[here : here + maps], potential[here : here + maps]
            for m in range(maps):
                earlier = new[m] < best[m]
                best[m] = new[m] if earlier else best[m]
                best_rate[m] = new_rate[m] if earlier else best_rate[m]
                best_place[m] = place if earlier else best_place[m]
                largest[m] = v[m] if v[m] > largest[m] else largest[m]


@njit(cache=True, nogil=True)
def fire_convolution(times, w, steps, tau, threshold, padding, window, out):  # type: ignore[no-untyped-def]
    """Fire a convolution and pool it. `times` (B, rows, columns, maps in) int32, `w` (maps in, kh, kw * maps) float32.

    `out` are four arrays (B, rows, columns, maps), pooled, that are filled: time of the crossing, or infinity; slope
    there, or 0; the largest potential at the end; and which place (row by row, before pooling) was the earliest,
    or -1.
    """
    _, height, width, channels = times.shape
    out_time, out_rate, out_potential, out_place = out
    maps = out_time.shape[3]
    rows, columns = height + 2 * padding - w.shape[1] + 1, width + 2 * padding - w.shape[2] // maps + 1
    shape = (width, channels, columns, maps, padding)
    starts, order = np.empty(steps + 1, np.int64), np.empty(height * width * channels, np.int64)
    slope = np.empty((rows, columns * maps), np.float32)
    flat = slope.reshape(-1)
    potential, rate, time = np.empty_like(flat), np.empty_like(flat), np.empty_like(flat)
    share = np.float32(1.0 / tau)
    for item in range(len(times)):
        in_order(times[item].reshape(-1), steps, starts, order)
        flat[:], potential[:], rate[:], time[:], now = 0.0, 0.0, 0.0, np.inf, 0
        for s in range(steps - 1):
            if _changes(starts, s, tau):
                advance(potential, flat, time, rate, np.float32(now), np.float32(s - now), threshold)
                now = s
                _convolved_slopes(order[starts[s] : starts[s + 1]], w, share, shape, slope)
                if s >= tau:
                    _convolved_slopes(order[starts[s - tau] : starts[s - tau + 1]], w, -share, shape, slope)
        advance(potential, flat, time, rate, np.float32(now), np.float32(steps - 1 - now), threshold)
        crossings(potential, time, rate, threshold)
        kept = (out_time[item], out_rate[item], out_potential[item], out_place[item])
        _pooled(time, rate, potential, (columns, maps), window, kept)
