"""Competitive learning on patches, compiled: an item ends as soon as somebody has fired."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.first_spike.learning import falez, target_time
from spikesight.first_spike.learning.falez import FAR, Rule
from spikesight.first_spike.learning.target_time import TargetTime

change, adapted = njit(falez.change), njit(target_time.adapted)


def learn(
    w: NDArray[Any],
    thresholds: NDArray[np.float64],
    patches: NDArray[Any],
    steps: int,
    rule: Rule,
    target: TargetTime,
    factor: float,
) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Do as `first_winner.learn` says; `w` and `thresholds` are its own copies, and are changed."""
    winners, times = np.empty(len(patches), np.int64), np.empty(len(patches), np.int64)
    towards = float(target.rate * factor), float(target.target), float(target.least)
    constants = tuple(float(constant) for constant in rule.constants)
    _learn(np.ascontiguousarray(w), thresholds, patches, steps, constants, float(factor), towards, winners, times)
    return w, thresholds, winners, times


@njit(cache=True, nogil=True)
def _learn(w, thresholds, patches, steps, constants, factor, towards, winners, times):  # type: ignore[no-untyped-def]
    v = np.empty(thresholds.size, w.dtype)
    order, ends = np.empty(w.shape[0], np.int64), np.empty(steps + 1, np.int64)
    for item in range(len(patches)):
        patch = patches[item]
        _sort(patch, steps, order, ends)
        won, at = _first(w, thresholds, order, ends, steps, v)
        winners[item], times[item] = won, at
        if won < 0:
            continue
        thresholds[:] = adapted(thresholds, won, at / steps, *towards)
        for i in range(w.shape[0]):
            lead = (at - np.int64(patch[i])) / steps if patch[i] < steps else -FAR
            moved = w[i, won] + factor * change(w[i, won], lead, *constants)
            w[i, won] = min(max(moved, 0.0), 1.0)


@njit(cache=True, nogil=True)
def _sort(patch, steps, order, ends):  # type: ignore[no-untyped-def]
    """Put inputs in the order of their times; those of step s end before `ends[s]`, and never comes last."""
    ends[:] = 0
    for i in range(patch.size):
        ends[patch[i]] += 1
    total = 0
    for s in range(ends.size):
        count = ends[s]
        ends[s] = total
        total += count
    for i in range(patch.size):
        order[ends[patch[i]]] = i
        ends[patch[i]] += 1


@njit(cache=True, nogil=True)
def _first(w, thresholds, order, ends, steps, v):  # type: ignore[no-untyped-def]
    """Return who fires first and when; -1 and `steps` for nobody."""
    v[:] = 0
    done = 0
    for now in range(steps):
        if ends[now] == done:
            continue
        for i in range(done, ends[now]):
            row = w[order[i]]
            for n in range(v.size):
                v[n] += row[n]
        done = ends[now]
        won, above = -1, 0.0
        for n in range(v.size):
            if v[n] - thresholds[n] > above:
                won, above = n, v[n] - thresholds[n]
        if won >= 0:
            return won, now
    return -1, steps
