"""Cross-entropy of spike times: the earlier an output neuron fires, the likelier its class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


class Judged(NamedTuple):
    """How wrong the times of output neurons are: `errors` (B, classes), above 0 where too late, and the sum of the
    `loss` over items.
    """

    errors: NDArray[np.float64]
    loss: float


class Judge(Protocol):
    """Says how wrong the times of output neurons are."""

    def __call__(self, times: NDArray[Any], labels: NDArray[np.int64], steps: int) -> Judged:
        """Judge times (B, classes), of neurons that never fire too, by the classes (B,) that should come first."""


@dataclass(frozen=True)
class SoftmaxOfTimes:
    """``loss = -log p_label``, p ~ exp(-t / temperature); the errors are its derivatives by the times.

    The softmax only knows differences, so all could come late together until nobody fires: where the right neuron
    comes after the `deadline`, a share of the steps, `push` (in units of 1 / temperature) is added to its error, and
    the same times its lateness to the loss.
    Errors: InputError for a temperature not above 0 or a negative push.   Source: Mostafa 2017; the deadline is ours.
    """

    temperature: float = 2.0
    deadline: float = 0.85
    push: float = 0.1

    def __post_init__(self) -> None:
        if not (self.temperature > 0 and self.push >= 0):
            raise InputError(f"the temperature is above 0 and the push 0 at least, got {self}")

    def __call__(self, times: NDArray[Any], labels: NDArray[np.int64], steps: int) -> Judged:
        """See `Judge`."""
        rows = np.arange(len(times))
        logits = (times.min(axis=1, keepdims=True) - times.astype(np.float64)) / self.temperature
        weights = np.exp(logits)
        total = weights.sum(axis=1, keepdims=True)
        errors = -weights / total / self.temperature
        late = np.maximum(times[rows, labels] - self.deadline * steps, 0.0)
        errors[rows, labels] += (1.0 + self.push * (late > 0)) / self.temperature
        loss = np.log(total[:, 0]) - logits[rows, labels] + self.push / self.temperature * late
        return Judged(errors, float(loss.sum()))
