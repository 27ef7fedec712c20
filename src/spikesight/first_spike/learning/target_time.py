"""Thresholds that learn when to fire: late winners lower them, early ones raise them, and winning has a price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies

LEAST_LEFT = 1e-30
"""Time after a target that lies at the end of the stimulus: not 0, which nothing can be divided by."""


@dataclass(frozen=True)
class TargetTime:
    """The winner of an item should fire at `target`, a fraction of the stimulus, and neurons should take turns.

    After each item with a winner, every threshold moves by ``-rate (t - target)``; the winner's rises by `rate`, and
    the others share the same amount of descent. None falls below `least`.
    Errors: InputError for a target outside 0 to 1, a rate below 0, or a least that is not above 0.
    Source: Falez et al., IJCNN 2019, eqs. 5 to 7.
    """

    target: float = 0.75
    rate: float = 0.1
    least: float = 1.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.target <= 1.0 and 0.0 <= self.rate < np.inf and 0.0 < self.least < np.inf):
            raise InputError(
                "a target time is a fraction of the stimulus, a rate 0 or more, the least threshold above 0; got "
                f"{self}"
            )

    def adapted(self, thresholds: ArrayLike, winner: int, time: float, factor: float = 1.0) -> NDArray[Any]:
        """Return thresholds (n,) after neuron `winner` has fired at `time`, a fraction of the stimulus; the rate is
        `factor` times its own.
        """
        before, rate = np.asarray(thresholds, np.float64), self.rate * factor
        moved: NDArray[Any] = adapted(before, winner, time, rate, self.target, self.least)  # type: ignore[no-untyped-call]
        return moved

    def values(self, latencies: Latencies) -> NDArray[np.float32]:
        """Return what latencies are worth to a classifier, (B, ...): 1 up to the target, then linearly less, 0 at the
        end of the stimulus and for never. Latencies in seconds are of a stimulus of one second.
        """
        late = latencies.times.astype(np.float32) / (latencies.steps or 1) - np.float32(self.target)
        left = np.float32(max(1.0 - self.target, LEAST_LEFT))
        return np.where(latencies.fired, np.clip(1 - late / left, 0, 1), 0).astype(np.float32)


def adapted(thresholds, winner, time, rate, target, least):  # type: ignore[no-untyped-def]
    """Do as `TargetTime.adapted` says; the same text is compiled."""
    towards = rate * (time - target)
    moved = thresholds - towards - rate / max(thresholds.size - 1, 1)
    moved[winner] = thresholds[winner] - towards + rate
    return np.maximum(moved, least)
