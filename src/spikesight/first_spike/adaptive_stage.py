"""A convolution whose thresholds learn when to fire, and the pooling behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.first_spike.convolution import Convolution, fire
from spikesight.first_spike.layer import Fired
from spikesight.first_spike.learning.falez import Biological, Rule
from spikesight.first_spike.learning.first_winner import learn, random_patches
from spikesight.first_spike.learning.target_time import TargetTime
from spikesight.first_spike.pooling import Pooling


class Parameters(NamedTuple):
    """What a stage has learned: kernels (maps, maps of the input, rows, columns), and a threshold for each map."""

    w: NDArray[np.float32]
    thresholds: NDArray[np.float64]


class Lesson(NamedTuple):
    """Parameters after some images, and of each image the winner, -1 for none."""

    parameters: Parameters
    winners: NDArray[np.int64]


@dataclass(frozen=True)
class AdaptiveStage:
    """Maps of neurons that learn from one patch of each image, and all fire, one beside the other, afterwards.

    The threshold of the convolution is where thresholds begin, `spread` their standard deviation; weights begin
    anywhere between 0 and 1. A stage learns from all images `passes` times; after each pass, changes of weights and
    thresholds become `annealing` times as large. `name` is what traces and warnings call it.
    Errors: InputError for padding or dilation, no passes, an annealing outside 0 to 1, and a threshold that is not
    finite and above 0.
    """

    name: str
    convolution: Convolution
    pooling: Pooling | None = None
    rule: Rule = field(default_factory=Biological)
    target: TargetTime = field(default_factory=TargetTime)
    passes: int = 100
    annealing: float = 0.95
    spread: float = 0.1

    def __post_init__(self) -> None:
        layer = self.convolution
        if layer.padding != (0, 0) or layer.dilation != (1, 1):
            raise InputError(f"{self.name}: a patch is a window of the input itself, without padding and dilation")
        if not 0.0 < layer.threshold < np.inf:
            raise InputError(f"{self.name}: thresholds begin at a number above 0, got {layer.threshold}")
        if self.passes < 1 or not 0.0 < self.annealing <= 1.0 or self.spread < 0.0:
            raise InputError(
                f"{self.name}: one pass or more, an annealing above 0 up to 1, a spread of 0 or more; got {self}"
            )

    def shape(self, shape_in: Sequence[int]) -> tuple[int, int, int]:
        """Return maps, rows and columns behind the pooling.   Errors: InputError where a window does not fit."""
        fired = self.convolution.shape(shape_in)
        return fired if self.pooling is None else self.pooling.shape(fired)

    def fresh(self, shape_in: Sequence[int], seed: int, number: int) -> Parameters:
        """Return the untrained parameters of stage `number` of a network."""
        w = generator(seed, "weights", number).random(self.convolution.weight_shape(shape_in), np.float32)
        begin = generator(seed, "thresholds", number).normal(self.convolution.threshold, self.spread, len(w))
        return Parameters(w, np.maximum(begin, self.target.least))

    def fire(self, parameters: Parameters, latencies: Latencies, executor: Executor = FusedCpu()) -> Fired:  # noqa: B008
        """Return when neurons fire and their potentials, before the pooling."""
        return fire(self.convolution, parameters.w, latencies, executor, thresholds=parameters.thresholds)

    def pooled(self, latencies: Latencies) -> Latencies:
        """Return what the pooling makes of the stage's spikes."""
        return latencies if self.pooling is None else self.pooling.earliest(latencies)

    def learn(
        self,
        parameters: Parameters,
        latencies: Latencies,
        passes_done: int,
        random: np.random.Generator,
        executor: Executor = FusedCpu(),  # noqa: B008 (frozen)
    ) -> Lesson:
        """Learn from a patch of each item of latencies (B, C, H, W), in steps, that `random` draws."""
        patches = random_patches(latencies, self.convolution.kernel, random)
        matrix = np.ascontiguousarray(parameters.w.reshape(len(parameters.w), -1).T)
        factor = self.annealing**passes_done
        learned = learn(matrix, parameters.thresholds, patches, self.rule, self.target, factor, executor)
        w = np.ascontiguousarray(learned.w.T).reshape(parameters.w.shape)
        return Lesson(Parameters(w, learned.thresholds), learned.winners)

    def values(self, latencies: Latencies, fields: int | None = None) -> NDArray[Any]:
        """Return what the stage's spikes are worth to a classifier, (B, n): of each pooling neuron, or, with `fields`,
        the sums over `fields` x `fields` parts of each map before the pooling.
        """
        if fields is None:
            return self.target.values(self.pooled(latencies).flat())
        rows, columns = latencies.shape[1:]
        if not 1 <= fields <= min(rows, columns):
            raise InputError(f"{self.name}: maps of {rows} x {columns} have no {fields} x {fields} parts")
        edges = np.arange(fields)
        down = np.add.reduceat(self.target.values(latencies), edges * rows // fields, axis=2)
        sums: NDArray[Any] = np.add.reduceat(down, edges * columns // fields, axis=3)
        return sums.reshape(len(sums), -1)
