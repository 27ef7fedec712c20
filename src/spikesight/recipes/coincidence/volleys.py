"""A neuron in noise, and volleys of inputs on top: together, jittered, or spread over the whole trial.

Every comparison is paired: the same noise with and without the volley, the same inputs of a volley closer or further
apart. What a volley adds to the number of output spikes is then known much better than that number itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.detection import noise
from spikesight.base.randomness import generator
from spikesight.equations import leaky
from spikesight.equations.leaky import Charge, Params
from spikesight.executors import FusedCpu

SPREAD = math.inf
"""The jitter of the control: inputs anywhere in the trial, each place as likely."""


@dataclass(frozen=True)
class Scene:
    """What a neuron hears: noise of `background` spikes a second for `seconds` and `after`, a volley around the middle.

    `afferents` is the largest volley, `dt` the step. All inputs weigh 1. Seconds, hertz.
    """

    background: float = 500.0
    afferents: int = 20
    seconds: float = 0.1
    after: float = 0.02
    dt: float = 0.25e-3

    @property
    def steps(self) -> int:
        """Steps in a trial."""
        return round((self.seconds + self.after) / self.dt)


def detector(scene: Scene, tau: float, above: float) -> Params:
    """Return a leaky neuron whose threshold lies `above` inputs over the mean that the noise gives it."""
    mean, _ = noise(tau, scene.background, 1.0)
    return Params(tau=tau, threshold=mean + above, drive=Charge())


class Trials(NamedTuple):
    """Drawn once: noise (steps, trials), and where each input of each volley falls, (trials, afferents) each.

    `normal` are standard normal numbers, `uniform` are between 0 and 1.
    """

    noise: NDArray[np.float32]
    normal: NDArray[np.float64]
    uniform: NDArray[np.float64]


def draw(scene: Scene, trials: int, seed: int, purpose: str, *index: int) -> Trials:
    """Draw `trials` trials, those of batch `index` of `purpose`.   Errors: ValueError on a negative seed."""
    random = generator(seed, purpose, *index)
    arriving = random.poisson(scene.background * scene.dt, (scene.steps, trials)).astype(np.float32)
    shape = (trials, scene.afferents)
    return Trials(arriving, random.standard_normal(shape), random.uniform(size=shape))


def times(scene: Scene, trials: Trials, jitter: float) -> NDArray[np.float64]:
    """Return when inputs arrive, (trials, afferents) in seconds: normal around the middle, or `SPREAD`."""
    if jitter == SPREAD:
        return trials.uniform * scene.seconds
    return np.clip(scene.seconds / 2.0 + jitter * trials.normal, 0.0, scene.seconds)


def drives(scene: Scene, trials: Trials, jitter: float, sizes: Sequence[int]) -> NDArray[np.float32]:
    """Return the input of volleys of the first `sizes` afferents (ascending), (steps, sizes, trials)."""
    steps = np.minimum((times(scene, trials, jitter) / scene.dt).astype(np.int64), scene.steps - 1)
    heard, before = trials.noise.copy(), 0
    drive = np.empty((scene.steps, len(sizes), trials.noise.shape[1]), np.float32)
    for place, size in enumerate(sizes):
        for afferent in range(before, size):
            heard[steps[:, afferent], np.arange(len(steps))] += 1.0
        drive[:, place], before = heard, size
    return drive


def start(scene: Scene, neuron: Params, shape: tuple[int, ...]) -> dict[str, NDArray[np.float64]]:
    """Return the state of neurons that have listened to the noise for long: its mean."""
    mean, _ = noise(neuron.tau, scene.background, 1.0)
    return {"v": np.full(shape, mean), "ready": np.zeros(shape)}


def responses(scene: Scene, neuron: Params, trials: Trials, jitter: float, sizes: Sequence[int]) -> NDArray[np.int64]:
    """Return the output spikes of every trial with volleys of `sizes`, (sizes, trials). Size 0 is noise alone."""
    drive = drives(scene, trials, jitter, sizes)
    state = start(scene, neuron, drive.shape[1:])
    spikes, _ = FusedCpu().run(leaky.EQUATION, neuron, {"current": drive}, scene.dt, state=state)
    counted: NDArray[np.int64] = spikes.sum(axis=0)
    return counted


class Added(NamedTuple):
    """What volleys add to the output: mean spikes (sizes,), their standard errors, and the chance of any spike.

    `alone` is the mean number of spikes that the noise gives by itself.
    """

    spikes: NDArray[np.float64]
    error: NDArray[np.float64]
    chance: NDArray[np.float64]
    alone: float


def added(scene: Scene, neuron: Params, trials: Trials, jitter: float, sizes: Sequence[int]) -> Added:
    """Return what volleys of `sizes` add to the output that the same noise gives alone."""
    counts = responses(scene, neuron, trials, jitter, [0, *sizes])
    more = (counts[1:] - counts[0]).astype(np.float64)
    error = more.std(axis=1) / math.sqrt(more.shape[1])
    return Added(more.mean(axis=1), error, (counts[1:] > 0).mean(axis=1), float(counts[0].mean()))
