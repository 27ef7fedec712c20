"""A convolution that learns by competition and the pooling behind it: what deep first-spike networks are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike.convolution import Convolution, fire
from spikesight.first_spike.inhibition import check_winners
from spikesight.first_spike.layer import Fired
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.first_spike.pooling import Pooling


@dataclass(frozen=True)
class Stage:
    """Maps of neurons of which at most one fires at each place, and how they learn.

    For each image up to `winners` neurons learn by `rule`, one of a map at most; a winner keeps all neurons within
    `radius` rows and columns from learning. A stage learns from at most `images` images, and stops before when the
    mean of w (1 - w) has fallen below `converged`. Weights begin at a normal distribution of `mean` and `spread`, cut
    off at the bounds of the rule. `name` is what traces and warnings call it. Of a `crowded` stage all maps may fire at
    a place; at most one of them learns there all the same. `passing` is the threshold with which spikes are passed on,
    where it is not the one with which the stage learns.
    Errors: InputError for fewer than one image, weights that cannot begin so, and as `Convolution` and `k_winners`.
    """

    name: str
    convolution: Convolution
    pooling: Pooling | None = None
    rule: Stdp = field(default_factory=lambda: Stdp(doubling=500))
    winners: int = 1
    radius: int = 0
    images: int = 10_000
    converged: float = 0.01
    mean: float = 0.8
    spread: float = 0.05
    crowded: bool = False
    passing: float | None = None

    def __post_init__(self) -> None:
        if self.images < 1:
            raise InputError(f"{self.name}: a stage learns from an image at least, got images={self.images}")
        if not (np.isfinite(self.mean) and 0 <= self.spread < np.inf):
            raise InputError(
                f"{self.name}: weights begin at a normal distribution, got mean {self.mean} and spread {self.spread}"
            )
        check_winners(self.winners, self.radius, self.convolution.maps)

    def shape(self, shape_in: Sequence[int]) -> tuple[int, int, int]:
        """Return maps, rows and columns behind the pooling.   Errors: InputError where a window does not fit."""
        fired = self.convolution.shape(shape_in)
        return fired if self.pooling is None else self.pooling.shape(fired)

    def fresh(self, shape_in: Sequence[int], seed: int, number: int) -> NDArray[np.float32]:
        """Return untrained weights of stage `number` of a network: (maps, maps of the input, rows, columns)."""
        random = generator(seed, "weights", number)
        w = random.normal(self.mean, self.spread, self.convolution.weight_shape(shape_in))
        return np.clip(w, self.rule.low, self.rule.high).astype(np.float32)

    def fire(self, w: NDArray[Any], latencies: Latencies, executor: Executor = FusedCpu()) -> Fired:  # noqa: B008
        """Return when neurons fire and their potentials, before the pooling; unless `crowded` one map at each place."""
        layer = self.convolution if self.passing is None else replace(self.convolution, threshold=self.passing)
        return fire(layer, w, latencies, executor, one_map_per_place=not self.crowded)

    def pooled(self, latencies: Latencies) -> Latencies:
        """Return what the pooling makes of the stage's spikes."""
        return latencies if self.pooling is None else self.pooling.earliest(latencies)
