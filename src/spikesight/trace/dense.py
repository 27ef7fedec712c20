"""Spikes of engines that compute many stimuli at once, as the events of a trace with a virtual time axis.

Every item of a batch is a stimulus of its own, and stimuli lie one after the other, each `steps` ticks long: the next
batch goes on at tick `first + batch * steps` with stimulus `stim + batch`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from spikesight.base.errors import InputError


class Events(NamedTuple):
    """Spikes: t (N,) int64 ticks, ascending, unit (N,) int32, stim (N,) int32."""

    t: np.ndarray
    unit: np.ndarray
    stim: np.ndarray


def from_steps(spikes: Any, first: int = 0, stim: int = 0) -> Events:
    """Return the spikes in an array or tensor of 0 and 1, spikes (T, B, ...), of T steps and B items.

    Units count the rest of the shape row by row. Item b is stimulus `stim` + b and begins at tick `first` + b * T.
    Errors: InputError for fewer than two axes, or other values than 0 and 1.
    """
    fired = _fired(spikes)
    if fired.ndim < 2:
        raise InputError(f"spikes are (T, B, ...): steps, items, units; got shape {fired.shape}")
    steps, units = fired.shape[0], int(np.prod(fired.shape[2:]))
    by_item = np.ascontiguousarray(np.swapaxes(fired, 0, 1))
    step, unit = np.divmod(np.flatnonzero(by_item), units)  # steps go on from item to item
    return Events(first + step, unit.astype(np.int32), (stim + step // steps).astype(np.int32))


def from_latencies(latencies: Any, steps: int, first: int = 0, stim: int = 0) -> Events:
    """Return the spikes of units that fire once at most: latencies (B, ...) in ticks, negative or not finite: never.

    Item b is stimulus `stim` + b and begins at tick `first` + b * `steps`.
    Errors: InputError without an axis of items, for times that are not whole, and for such of `steps` or more.
    """
    times = as_array(latencies)
    if times.ndim < 1 or not len(times):
        raise InputError(f"latencies are (B, ...): items, units; got shape {times.shape}")
    times = times.reshape(len(times), -1)
    item, unit = np.nonzero(np.isfinite(times) & (times >= 0))
    latency = times[item, unit]
    t = latency.astype(np.int64)
    if not np.array_equal(t, latency):
        raise InputError("latencies are whole ticks: divide times in seconds by the length of a tick and round them")
    if t.max(initial=0) >= steps:
        raise InputError(f"a stimulus has ticks 0 to {steps - 1}, got a latency of {t.max()}: give more steps")
    t += first + item * steps
    order = np.argsort(t, kind="stable")
    return Events(t[order], unit[order].astype(np.int32), (stim + item[order]).astype(np.int32))


def as_array(numbers: Any) -> np.ndarray:
    """Return an array, or a tensor that is being trained or lies on another device, as an array."""
    return np.asarray(numbers.detach().cpu() if hasattr(numbers, "detach") else numbers)


def _fired(spikes: Any) -> np.ndarray:
    given = as_array(spikes)
    if given.dtype == np.bool_:
        return given
    fired: np.ndarray = given != 0
    if not np.array_equal(given, fired):
        raise InputError(f"spikes are 0 or 1, got values from {given.min()} to {given.max()}")
    return fired
