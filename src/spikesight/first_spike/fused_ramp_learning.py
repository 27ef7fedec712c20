"""Numba: what neurons with ramps learn, and what they tell those before them.

A neuron with an `amount` to learn changes its weights by how much of each input's ramp there was when it fired. Going
back, a convolution is a dense layer on patches, and only the earliest neuron of each window of its pooling has an
amount. Weights lie in rows by neuron or map here, so that every loop runs along memory.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _window(place, columns, size, padding, height, width):  # type: ignore[no-untyped-def]
    """Where the window of a place begins, and which of its rows and columns are not padding."""
    y, x = place // columns - padding, place % columns - padding
    return y, x, max(0, -y), min(size[0], height - y), max(0, -x), min(size[1], width - x)


@njit(cache=True, nogil=True)
def patches(times, size, padding, never, out):  # type: ignore[no-untyped-def]
    """Lay out what each place of a convolution sees: `times` (rows, columns, maps) -> out (places, kh * kw * maps)."""
    height, width, channels = times.shape
    columns, run = width + 2 * padding - size[1] + 1, size[1] * channels
    rows = times.reshape(height, width * channels)
    for p in range(len(out)):
        y, x, top, bottom, left, right = _window(p, columns, size, padding, height, width)
        if padding:
            out[p] = never
        length = (right - left) * channels
        for ky in range(top, bottom):
            to, seen = out[p, ky * run + left * channels :], rows[y + ky, (x + left) * channels :]
            for k in range(length):
                to[k] = seen[k]


@njit(cache=True, nogil=True)
def unpatched(values, size, padding, out):  # type: ignore[no-untyped-def]
    """Add what places send back: values (places, kh * kw * maps) to `out` (rows, columns, maps)."""
    height, width, channels = out.shape
    columns, run = width + 2 * padding - size[1] + 1, size[1] * channels
    rows = out.reshape(height, width * channels)
    for p in range(len(values)):
        y, x, top, bottom, left, right = _window(p, columns, size, padding, height, width)
        length = (right - left) * channels
        for ky in range(top, bottom):
            to, sent = rows[y + ky, (x + left) * channels :], values[p, ky * run + left * channels :]
            for k in range(length):
                to[k] += sent[k]


@njit(cache=True, nogil=True)
def learn(times, time, amount, tau, dw):  # type: ignore[no-untyped-def]
    """Subtract `amount` times the full-grown part of each input's ramp at `time` from `dw`, all (inputs,)."""
    share = np.float32(1.0 / tau)
    for i in range(times.size):
        ramp = (time - times[i]) * share
        ramp = ramp if ramp > 0.0 else np.float32(0.0)
        dw[i] -= amount * (ramp if ramp < 1.0 else np.float32(1.0))


@njit(cache=True, nogil=True)
def pass_down(times, time, amount, within, w, out):  # type: ignore[no-untyped-def]
    """Add `amount` times its weight to `out` of each input that came before `time` by less than `within`."""
    for i in range(times.size):
        age = time - times[i]
        out[i] += amount * w[i] if (age > 0.0) & (age < within) else np.float32(0.0)


@njit(cache=True, nogil=True)
def learn_dense(times, time, amount, tau, dw):  # type: ignore[no-untyped-def]
    """Do `learn` for the neurons of a dense layer with an amount: `times` (B, n_pre), `time`, `amount` (B, n_post)."""
    for item in range(len(times)):
        for j in range(time.shape[1]):
            if amount[item, j] != 0.0:
                learn(times[item], time[item, j], amount[item, j], tau, dw[j])


@njit(cache=True, nogil=True)
def pass_down_dense(times, time, amount, within, w, out):  # type: ignore[no-untyped-def]
    """Do `pass_down` for the neurons of a dense layer with an amount. `w` (n_post, n_pre), `out` (B, n_pre)."""
    for item in range(len(times)):
        for j in range(time.shape[1]):
            if amount[item, j] != 0.0:
                pass_down(times[item], time[item, j], amount[item, j], within, w[j], out[item])


@njit(cache=True, nogil=True)
def learn_convolution(times, place, time, amount, tau, size, padding, never, dw):  # type: ignore[no-untyped-def]
    """Do `learn` for what fired in a convolution: `times` (B, rows, columns, maps in), the next three pooled."""
    places = _places(times.shape, size, padding)
    seen = np.empty((places, size[0] * size[1] * times.shape[3]), np.float32)
    maps = time.shape[3]
    for item in range(len(times)):
        patches(times[item], size, padding, never, seen)
        at, when, how_much = place[item].reshape(-1), time[item].reshape(-1), amount[item].reshape(-1)
        for k in range(at.size):
            if how_much[k] != 0.0:
                learn(seen[at[k]], when[k], how_much[k], tau, dw[k % maps])


@njit(cache=True, nogil=True)
def pass_down_convolution(times, place, time, amount, within, size, padding, never, w, out):  # type: ignore[no-untyped-def]
    """Do `pass_down` for what fired in a convolution. `w` (maps, kh * kw * maps in), `out` as `times`."""
    places = _places(times.shape, size, padding)
    seen = np.empty((places, size[0] * size[1] * times.shape[3]), np.float32)
    sent, maps = np.empty_like(seen), time.shape[3]
    for item in range(len(times)):
        patches(times[item], size, padding, never, seen)
        sent[:] = 0.0
        at, when, how_much = place[item].reshape(-1), time[item].reshape(-1), amount[item].reshape(-1)
        for k in range(at.size):
            if how_much[k] != 0.0:
                pass_down(seen[at[k]], when[k], how_much[k], within, w[k % maps], sent[at[k]])
        unpatched(sent, size, padding, out[item])


@njit(cache=True, nogil=True)
def _places(shape, size, padding):  # type: ignore[no-untyped-def]
    return (shape[1] + 2 * padding - size[0] + 1) * (shape[2] + 2 * padding - size[1] + 1)
