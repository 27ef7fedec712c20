"""Neurons that listen to patterns and learn, and how well they detected them at the end."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.detection import Task, convergence, optimum, score, selected_weights
from spikesight.analysis.learned_detector import seen, window_of
from spikesight.base.randomness import generator
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.engine import Fired, start
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.global_depression import GlobalDepression
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.encoding.patterns import Input, Repeating
from spikesight.equations.time_constants import steps
from spikesight.executors.fused_cpu import FusedCpu


@dataclass(frozen=True)
class Detector:
    """Neurons that share an input; of `periods`, the last `scored` are scored.

    Weights begin equal, so that the threshold is at mean + `sigmas` standard deviations of the membrane; `spread` makes
    them differ at random, by up to this share.
    """

    shown: Repeating
    neurons: Population
    rule: GlobalDepression | None
    sigmas: float
    periods: int
    scored: int
    spread: float = 0.0

    @property
    def tau(self) -> float:
        """Membrane time constant, seconds."""
        return float(self.neurons.params.tau)

    @property
    def task(self) -> Task:
        """The input as the theory knows it."""
        return Task(self.shown.n, self.shown.rate, self.shown.patterns, self.shown.jitter)

    @property
    def network(self) -> Network:
        """All afferents to all neurons. float64: weights near 1 must be able to come back."""
        return Network(
            self.shown.dt,
            (Source("afferents", _square(self.shown.n)), self.neurons),
            (Projection("learned", "afferents", self.neurons.name, "current", Dense(), self.rule),),
            np.float64,
        )

    def weights(self) -> Arrays:
        """Return the weights at the beginning."""
        w0 = first_weight(self.neurons.params.threshold, self.tau, self.shown, self.sigmas)
        off = generator(self.shown.seed, "weights").uniform(-1.0, 1.0, (self.shown.n, self.neurons.size))
        return {"learned.w": w0 * (1.0 + self.spread * off)}


def _square(n: int) -> tuple[int, ...]:
    """Shape of the afferents: a square if they fill one, so that their weights can be looked at as a picture."""
    side = math.isqrt(n)
    return (side, side) if side * side == n else (n,)


def first_weight(threshold: float, tau: float, shown: Repeating, sigmas: float) -> float:
    """Return the weight of all afferents that puts the threshold `sigmas` above the mean of the membrane.

    Source: Campbell's theorem; Masquelier & Kheradpisheh 2018, methods.
    """
    received = tau * shown.rate * shown.n
    return threshold / received / (1.0 + sigmas / math.sqrt(2.0 * received))


def heard(detector: Detector, given: Input, weights: Arrays, first: int = 0) -> Iterator[tuple[Fired, NDArray[Any]]]:
    """Yield what fired in each period from `first` on (seconds as steps since step 0), and the weights, live."""
    engine, length = start(detector.network, weights, FusedCpu()), detector.shown.steps
    for period in range(first, detector.periods):
        fired = engine.advance({"afferents": given.period(period)}, length)[detector.neurons.name]
        yield Fired(fired.step + period * length, fired.unit), engine.arrays["learned.w"]


@dataclass(frozen=True)
class Outcome:
    """How a neuron did in the scored periods, pattern by pattern (hits, spikes, snr), and what it had chosen.

    `clean` is the share of periods with a spike in the pattern and none around it. `snr_share` holds the mean
    signal-to-noise ratio against the best of the theory; `window` is the one that selects as many afferents, seconds.
    """

    seed: int
    hits: list[float]
    clean: float
    spikes: list[float]
    false_alarms: int
    selected: int
    window: float | None
    convergence: float
    snr: list[float]
    snr_share: float
    seconds: float

    @property
    def converged(self) -> bool:
        """Whether every pattern was hit at least 98 times in 100, without a false alarm."""
        return min(self.hits) >= 0.98 and self.false_alarms == 0

    def row(self) -> dict[str, Any]:
        """Return the outcome as plain values."""
        return {**asdict(self), "converged": self.converged}


def judged(detector: Detector, given: Input, times: NDArray[Any], w: NDArray[Any], seconds: float = 0.0) -> Outcome:
    """Judge one neuron by its spikes (seconds) in the scored periods and its weights (afferents,) at the end."""
    shown, task, first = detector.shown, detector.task, detector.periods - detector.scored
    showings = shown.showings(first, detector.periods)
    late = times[np.rint(times / shown.dt) >= first * shown.steps]
    found = score(late, *showings, shown.length, shown.patterns)
    chosen = selected_weights(w)
    snr = [seen(task, detector.tau, w, pattern, shown.length).snr for pattern in given.patterns] if w.any() else []
    return Outcome(
        seed=shown.seed,
        hits=found.hit_rate.tolist(),
        clean=clean_hits(detector, late),
        spikes=(found.inside / np.maximum(found.shown, 1)).tolist(),
        false_alarms=found.false_alarms,
        selected=chosen,
        window=window_of(task, chosen) if 0 < chosen < task.afferents else None,
        convergence=convergence(w),
        snr=snr,
        snr_share=float(np.mean(snr)) / optimum(task).detection.snr if snr else 0.0,
        seconds=seconds,
    )


def clean_hits(detector: Detector, times: NDArray[Any]) -> float:
    """Return the share of scored periods with a spike during the pattern and none before or after it.

    A neuron that fires all the time hits every pattern and has no clean hit.
    """
    shown = detector.shown
    first = detector.periods - detector.scored
    period, since = np.divmod(np.rint(times / shown.dt).astype(np.int64), shown.steps)
    begin, end = steps(shown.begin, shown.dt), steps(shown.begin + shown.length, shown.dt)
    within = (since >= begin) & (since < end)
    counts = [np.bincount(period[which] - first, minlength=detector.scored) for which in (within, ~within)]
    return float(((counts[0] > 0) & (counts[1] == 0)).mean())


def learned(detector: Detector) -> Outcome:
    """Let a single neuron listen to all periods, and judge it."""
    began = time.perf_counter()
    given = detector.shown.drawn()
    fired, w = [], np.zeros(0)
    for spikes, live in heard(detector, given, detector.weights()):
        fired.append(spikes.step)
        w = live
    times = np.concatenate(fired) * detector.shown.dt
    return judged(detector, given, times, w[:, 0].copy(), time.perf_counter() - began)


@dataclass(frozen=True)
class Controls:
    """Clean hits of neurons that learned nothing, on the scored periods; and plain hits, which say little."""

    untrained: float
    untrained_hits: float
    random: float
    random_hits: float


def controls(detector: Detector, selected: int) -> Controls:
    """Try the weights of the beginning, and as many random afferents as were `selected`, at the same threshold."""
    given, first = detector.shown.drawn(), detector.periods - detector.scored
    w = np.repeat(detector.weights()["learned.w"][:, :1], 2, axis=1)
    w[:, 1] = 0.0
    w[generator(detector.shown.seed, "random subset").permutation(detector.shown.n)[:selected], 1] = 1.0
    two = replace(detector, neurons=replace(detector.neurons, shape=(2,), competition=None), rule=None)
    fired = [spikes for spikes, _ in heard(two, given, {"learned.w": w}, first)]
    times = np.concatenate([spikes.step for spikes in fired]) * detector.shown.dt
    unit = np.concatenate([spikes.unit for spikes in fired])
    showings = detector.shown.showings(first, detector.periods)
    plain = [score(times[unit == j], *showings, detector.shown.length, detector.shown.patterns) for j in (0, 1)]
    clean = [clean_hits(two, times[unit == j]) for j in (0, 1)]
    hits = [float(one.hits.sum() / one.shown.sum()) for one in plain]
    return Controls(clean[0], hits[0], clean[1], hits[1])
