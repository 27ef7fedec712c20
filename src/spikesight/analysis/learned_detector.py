"""What a detector that learned would see of a pattern, beside the theory of the best one (`detection`)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from spikesight.analysis.detection import Detection, Task, noise, selected_weights
from spikesight.base.errors import InputError
from spikesight.encoding.patterns import Pattern
from spikesight.equations.time_constants import decay, gain, steps


def window_of(task: Task, selected: float) -> float:
    """Return the window (seconds) in which so many afferents fire: the inverse of `selected_afferents`.

    Errors: InputError where none or all are selected: no window, or one without end.
    """
    if not 0 < selected < task.afferents:
        raise InputError(
            f"of {task.afferents} afferents, more than none and fewer than all must be selected: {selected}"
        )
    return -math.log1p(-selected / task.afferents) / (task.patterns * task.rate)


def seen(task: Task, tau: float, w: NDArray[Any], pattern: Pattern, length: float, dt: float = 1e-4) -> Detection:
    """Return what a membrane with time constant `tau` and weights `w` sees of one pattern, without firing.

    `selected` counts weights above one half; `peak` is the highest mean over many showings, each with its own jitter.
    Before and after the pattern all afferents fire at the task's rate.
    Shapes: w (afferents,).   Units: seconds; membrane in weights.   Errors: InputError where weights are all 0.
    """
    weights = np.asarray(w, np.float64)
    if weights.shape != (task.afferents,) or not weights.any():
        raise InputError(f"{task.afferents} weights, not all of them 0, are needed; got shape {weights.shape}")
    mean, _ = noise(tau, task.rate, weights.sum())
    _, sigma = noise(tau, task.rate, (weights**2).sum())
    peak = float(_membrane(task, tau, weights, pattern, length, dt).max())
    return Detection(selected_weights(weights), mean, sigma, peak, (peak - mean) / sigma)


def _membrane(
    task: Task, tau: float, w: NDArray[np.float64], pattern: Pattern, length: float, dt: float
) -> NDArray[np.float64]:
    """Mean membrane from the beginning of a pattern to its end, in steps of `dt`."""
    around = steps(task.jitter, dt)
    box = np.ones(2 * around + 1)
    box[[0, -1]] = 0.5 if around else 1.0
    outside = w.sum() * task.rate * dt
    arriving = np.full(steps(length, dt) + 4 * around, outside)
    inside = slice(2 * around, len(arriving) - 2 * around)
    when = np.minimum((pattern.times / dt).astype(np.int64), steps(length, dt) - 1)
    arriving[inside] = np.bincount(when, weights=w[pattern.units], minlength=steps(length, dt))
    blurred = np.convolve(arriving, box / box.sum(), mode="valid")
    keep, grow = decay(tau, dt), gain(tau, dt) / dt
    before = outside * tau / dt
    membrane, _ = lfilter([grow], [1.0, -keep], blurred, zi=[keep * before])
    return np.asarray(membrane[around : len(membrane) - around], np.float64)
