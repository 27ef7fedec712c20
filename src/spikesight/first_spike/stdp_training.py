"""Competitive learning of one stage, image after image: those who fire first learn, and keep others from it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.encoding.latencies import Latencies
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike.convolution import fire
from spikesight.first_spike.inhibition import fire_in_last_step, k_winners, one_map_per_place
from spikesight.first_spike.layer import Fired, checked_maps, checked_weights
from spikesight.first_spike.learning.stdp import learn
from spikesight.first_spike.stage import Stage


class Trained(NamedTuple):
    """Weights after some images, and how often each map won, (maps,)."""

    w: NDArray[Any]
    wins: NDArray[np.int64]


def train(
    stage: Stage,
    w: NDArray[Any],
    latencies: Latencies,
    seen: int = 0,
    executor: Executor = FusedCpu(),  # noqa: B008
) -> Trained:
    """Let a stage learn from latencies (B, C, H, W), in steps, one item after the other; `w` stays as it is.

    `seen` is how many images the stage has learned from before: by it the rates grow. Behind an infinite threshold the
    largest final potentials win.
    Errors: InputError where shapes do not fit, weights are NaN, or times are in seconds.
    """
    shape = checked_maps(latencies, stage.name)
    weights = checked_weights(w, stage.convolution.weight_shape(shape), stage.name)
    stage.convolution.shape(shape)
    steps = latencies.in_steps
    if isinstance(executor, FusedCpu):
        from spikesight.first_spike import fused_stdp

        return Trained(*fused_stdp.train(stage, weights, latencies.times, steps, seen))
    wins = np.zeros(stage.convolution.maps, np.int64)
    for item in range(len(latencies)):
        shown = latencies[item : item + 1]
        winners = k_winners(_fired(stage, weights, shown, executor), stage.winners, stage.radius)[0]
        weights = learn(stage.rule, stage.convolution, weights, shown, winners, seen + item + 1)
        wins[[winner.map for winner in winners]] += 1
    return Trained(weights, wins)


def _fired(stage: Stage, w: NDArray[Any], shown: Latencies, executor: Executor) -> Fired:
    """Return who competes. Behind an infinite threshold final potentials above 0 do, in the last step."""
    if np.isfinite(stage.convolution.threshold):
        return fire(stage.convolution, w, shown, executor, one_map_per_place=True)
    return one_map_per_place(fire_in_last_step(fire(stage.convolution, w, shown, executor)))
