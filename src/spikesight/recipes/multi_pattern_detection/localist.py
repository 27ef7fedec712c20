"""One neuron for each pattern: neurons that hush each other, and who answers to what at the end."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.detection import selected_weights
from spikesight.equations.time_constants import steps
from spikesight.recipes.pattern_detection.detector import Detector, heard


@dataclass(frozen=True)
class Answers:
    """Which neuron answers to each pattern, and how well in the scored periods. Lists go pattern by pattern.

    `owner` was chosen in the periods before. `clean` showings are hit by the owner, with no other owner in the pattern
    and none around it. `false_alarms` are spikes of owners outside patterns, `confused` those in others' patterns,
    `idle` spikes of neurons that own nothing.
    """

    seed: int
    owner: list[int]
    hits: list[float]
    clean: float
    false_alarms: int
    confused: int
    idle: int
    selected: list[int]
    seconds: float

    @property
    def distinct(self) -> bool:
        """Whether every pattern has a neuron of its own."""
        return len(set(self.owner)) == len(self.owner)

    @property
    def converged(self) -> bool:
        """Whether every pattern has a neuron of its own that hits it at least 98 times in 100, without false alarms."""
        return self.distinct and min(self.hits) >= 0.98 and self.false_alarms == self.confused == 0

    def row(self) -> dict[str, Any]:
        """Return the answers as plain values."""
        return {**asdict(self), "distinct": self.distinct, "converged": self.converged}


def answers(detector: Detector) -> Answers:
    """Let neurons listen to all periods, and judge them."""
    began = time.perf_counter()
    looked = detector.periods - 2 * detector.scored
    fired, w = [], np.zeros((0, 0))
    for spikes, live in heard(detector, detector.shown.drawn(), detector.weights()):
        fired.append(spikes)
        w = live
    late = fired[looked:]
    tick, unit = (np.concatenate([getattr(spikes, name) for spikes in late]) for name in ("step", "unit"))
    return judged(detector, tick, unit, w, time.perf_counter() - began)


def untrained(detector: Detector) -> Answers:
    """Judge the same neurons with the weights of the beginning, on the same periods."""
    fixed = replace(detector, rule=None)
    weights, looked = detector.weights(), detector.periods - 2 * detector.scored
    fired = [spikes for spikes, _ in heard(fixed, detector.shown.drawn(), weights, looked)]
    tick, unit = (np.concatenate([getattr(spikes, name) for spikes in fired]) for name in ("step", "unit"))
    return judged(fixed, tick, unit, weights["learned.w"], 0.0)


def judged(
    detector: Detector, tick: NDArray[np.int64], unit: NDArray[np.int32], w: NDArray[Any], seconds: float
) -> Answers:
    """Judge neurons by their spikes in the last 2 x `scored` periods: the first half says who owns a pattern.

    Shapes: tick and unit (spikes,), steps since the beginning and neurons; w (afferents, neurons).
    """
    shown, half = detector.shown, detector.scored
    inside, outside = counted(detector, tick, unit)
    pattern = np.arange(detector.periods - 2 * half, detector.periods) % shown.patterns
    of = [np.flatnonzero(pattern == number) for number in range(shown.patterns)]
    hit = inside > 0
    owner = [int(hit[rows[rows < half]].sum(axis=0).argmax()) for rows in of]
    owners, owns = sorted(set(owner)), np.zeros((2 * half, detector.neurons.size), np.bool_)
    owns[np.arange(2 * half), np.array(owner)[pattern]] = True
    scored = slice(half, None)
    mistaken = np.where(owns, 0, inside)[scored, owners].sum(axis=1)
    alarmed = outside[scored, owners].sum(axis=1)
    right: NDArray[np.bool_] = np.asarray((hit & owns)[scored].any(axis=1))
    hits = [float(right[rows[rows >= half] - half].mean()) for rows in of]
    all_spikes = inside[scored].sum() + outside[scored].sum()
    owned_spikes = inside[scored][:, owners].sum() + outside[scored][:, owners].sum()
    return Answers(
        seed=shown.seed,
        owner=owner,
        hits=hits,
        clean=float((right & (mistaken == 0) & (alarmed == 0)).mean()),
        false_alarms=int(alarmed.sum()),
        confused=int(mistaken.sum()),
        idle=int(all_spikes - owned_spikes),
        selected=[selected_weights(w[:, neuron]) for neuron in owner],
        seconds=seconds,
    )


def counted(
    detector: Detector, tick: NDArray[np.int64], unit: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count spikes in the last 2 x `scored` periods, during the pattern and around it: (periods, neurons) each."""
    shown, n = detector.shown, detector.neurons.size
    period, since = np.divmod(tick, shown.steps)
    row = period - (detector.periods - 2 * detector.scored)
    begin, end = steps(shown.begin, shown.dt), steps(shown.begin + shown.length, shown.dt)
    within = (since >= begin) & (since < end)
    inside, outside = (
        np.bincount(row[which] * n + unit[which], minlength=2 * detector.scored * n).reshape(-1, n)
        for which in (within, ~within)
    )
    return inside, outside
