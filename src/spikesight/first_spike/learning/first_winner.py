"""Competitive learning on patches: the first neuron to fire learns what made it fire, and thresholds adapt.

Of each item a layer sees one patch, as rows of inputs. Neurons integrate spikes without leak; in the first step in
which any is above its threshold, the one that is furthest above wins (the lower number of equals). The winner's weights
follow the rule, all thresholds follow the target time, and the next item comes.
Source: Falez et al., IJCNN 2019.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike.layer import checked_maps, checked_weights
from spikesight.first_spike.learning.falez import Rule, changed
from spikesight.first_spike.learning.target_time import TargetTime

NOBODY = -1


class Learned(NamedTuple):
    """Weights (n_pre, n_post) and thresholds (n_post,) after some items; of each item the winner, or `NOBODY`, and the
    step of its spike.
    """

    w: NDArray[Any]
    thresholds: NDArray[np.float64]
    winners: NDArray[np.int64]
    times: NDArray[np.int64]


def learn(
    w: ArrayLike,
    thresholds: ArrayLike,
    patches: Latencies,
    rule: Rule,
    target: TargetTime,
    factor: float = 1.0,
    executor: Executor = FusedCpu(),  # noqa: B008 (frozen)
) -> Learned:
    """Let a layer learn from patches (B, n_pre), in steps, one after the other; `w` and `thresholds` stay as they are.

    Times and leads are fractions of the patches' steps. The amplitude of the rule and the rate of the thresholds are
    `factor` times their own.
    Errors: InputError where shapes do not fit, weights or thresholds are NaN, or times are in seconds.
    """
    if len(patches.shape) != 1:
        raise InputError(f"patches are (B, n_pre), got {patches.times.shape}: flatten them")
    limits = np.array(thresholds, np.float64)
    weights = checked_weights(w, (*patches.shape, limits.size), "patches").copy()
    if limits.ndim != 1 or np.isnan(limits).any():
        raise InputError(f"thresholds are one number for each neuron, got {limits!r}")
    steps = patches.in_steps
    if isinstance(executor, FusedCpu):
        from spikesight.first_spike.learning import fused_first_winner as fused

        return Learned(*fused.learn(weights, limits, patches.times, steps, rule, target, factor))
    winners, times = np.full(len(patches), NOBODY), np.full(len(patches), steps)
    for item, patch in enumerate(patches.times.astype(np.int64)):
        winners[item], times[item] = _first(weights, limits, patch, steps)
        if winners[item] != NOBODY:
            won, at = winners[item], times[item]
            limits = target.adapted(limits, won, at / steps, factor)
            lead = np.where(patch < steps, (at - patch) / steps, -np.inf)
            weights[:, won] = changed(rule, weights[:, won], lead, factor)
    return Learned(weights, limits, winners, times)


def _first(w: NDArray[Any], thresholds: NDArray[np.float64], patch: NDArray[Any], steps: int) -> tuple[int, int]:
    """Return who fires first and when."""
    v = np.zeros(thresholds.size, w.dtype)
    for now in np.unique(patch[patch < steps]):
        v += w[patch == now].sum(axis=0)
        above = v - thresholds
        if above.max() > 0:
            return int(above.argmax()), int(now)
    return NOBODY, steps


def random_patches(latencies: Latencies, kernel: tuple[int, int], random: np.random.Generator) -> Latencies:
    """Return one patch of `kernel` (rows, columns) of all maps of each item, (B, C * rows * columns).

    Every place at which it fits is as likely: what lies at the border is drawn as a window of the convolution sees it.
    Errors: InputError where latencies are not maps (B, C, H, W), or the kernel is larger than they.
    """
    maps, rows, columns = checked_maps(latencies, "patches")
    down, across = rows - kernel[0] + 1, columns - kernel[1] + 1
    if min(down, across) < 1:
        raise InputError(f"patches of {kernel} do not fit on maps of {rows} x {columns}")
    items = np.arange(len(latencies))[:, None, None, None]
    row = random.integers(down, size=len(latencies))[:, None, None, None] + np.arange(kernel[0])[:, None]
    column = random.integers(across, size=len(latencies))[:, None, None, None] + np.arange(kernel[1])
    patches = latencies.times[items, np.arange(maps)[:, None, None], row, column]
    return Latencies(patches, latencies.steps).flat()
