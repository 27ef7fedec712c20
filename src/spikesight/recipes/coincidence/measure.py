"""What volleys of every size do to every neuron, at every jitter: the numbers behind the figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.progress import Progress
from spikesight.equations import leaky
from spikesight.equations.leaky import Params
from spikesight.executors import Reference
from spikesight.recipes.coincidence.volleys import SPREAD, Added, Scene, Trials, added, detector, drives, start

SPIKE = 255
"""What a trace shows where the neuron fired; below, 254 is the threshold."""


@dataclass(frozen=True)
class Grid:
    """What is tried: time constants and jitters in seconds, thresholds in inputs above the mean noise."""

    taus: tuple[float, ...] = (2e-3, 5e-3, 10e-3, 20e-3, 40e-3)
    above: tuple[float, ...] = (4.0, 5.0, 6.0, 8.0, 10.0)
    jitters: tuple[float, ...] = (0.0, 1e-3, 2e-3, 3e-3, 5e-3, 8e-3, 12e-3, SPREAD)
    sizes: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)


class One(NamedTuple):
    """What a single input adds to the output, its standard error, and the spikes of noise alone."""

    spikes: float
    error: float
    alone: float


class Surface(NamedTuple):
    """Added spikes, their errors and the chance of any spike, (taus, above, jitters, sizes), and `one` for each neuron.

    `traces` is the membrane in one trial as levels 0 to 254 of the threshold, 255 where it fired, (taus, above,
    jitters, sizes, steps / 2).
    """

    added: NDArray[np.float64]
    error: NDArray[np.float64]
    chance: NDArray[np.float64]
    one: list[list[One]]
    traces: NDArray[np.uint8]


def single(scene: Scene, neuron: Params, batches: Iterable[Trials]) -> One:
    """Measure what one input adds, over all `batches`. When it comes does not matter, so it is spread."""
    found = [added(scene, neuron, trials, SPREAD, [1]) for trials in batches]
    spikes = float(np.mean([one.spikes[0] for one in found]))
    error = float(np.sqrt(np.sum([one.error[0] ** 2 for one in found])) / len(found))
    return One(spikes, error, float(np.mean([one.alone for one in found])))


def surface(scene: Scene, grid: Grid, trials: Trials, singles: Trials, bar: Progress) -> Surface:
    """Measure the whole grid; `singles` are the trials that tell what one input adds."""
    shape = (len(grid.taus), len(grid.above), len(grid.jitters), len(grid.sizes))
    values = [np.empty(shape) for _ in range(3)]
    traces = np.empty((*shape, scene.steps // 2), np.uint8)
    one: list[list[One]] = []
    for t, tau in enumerate(grid.taus):
        one.append([])
        for a, above in enumerate(grid.above):
            neuron = detector(scene, tau, above)
            one[t].append(single(scene, neuron, [singles]))
            for j, jitter in enumerate(grid.jitters):
                found: Added = added(scene, neuron, trials, jitter, grid.sizes)
                for array, value in zip(values, (found.spikes, found.error, found.chance), strict=True):
                    array[t, a, j] = value
                bar.advance(1)
            traces[t, a] = trace(scene, neuron, trials, grid)
    return Surface(values[0], values[1], values[2], one, traces)


def trace(scene: Scene, neuron: Params, trials: Trials, grid: Grid) -> NDArray[np.uint8]:
    """Return the membrane in the first trial, for every jitter and size, (jitters, sizes, steps / 2)."""
    first = Trials(trials.noise[:, :1], trials.normal[:1], trials.uniform[:1])
    drive = np.stack([drives(scene, first, jitter, grid.sizes)[..., 0] for jitter in grid.jitters], axis=1)
    state, levels = start(scene, neuron, drive.shape[1:]), np.empty(drive.shape, np.uint8)
    for k in range(len(drive)):
        spikes, state = Reference().run(
            leaky.EQUATION, neuron, {"current": drive[k : k + 1]}, scene.dt, state=state, start=k
        )
        levels[k] = np.where(spikes[0], SPIKE, np.rint((SPIKE - 1) * state["v"] / neuron.threshold))
    paired = levels[: 2 * (len(levels) // 2)].reshape(-1, 2, *levels.shape[1:])
    return np.moveaxis(paired.max(axis=1), 0, -1)
