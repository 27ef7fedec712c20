"""Targets for spike times, relative to who came first: the right neuron then, the others a margin later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.first_spike.learning.softmax_of_times import Judged


@dataclass(frozen=True)
class RelativeTargets:
    """With the first spike at tau: the right neuron should fire at tau, others not before tau + margin, nor after the
    last step; who is late enough may stay. Where nobody fires, the right one should do so a margin before the end.

    Errors are (t - target) / steps, the loss is half their square.
    Errors: InputError where the margin is not above 0.   Source: Kheradpisheh & Masquelier 2020.
    """

    margin: float = 3.0

    def __post_init__(self) -> None:
        if not self.margin > 0:
            raise InputError(f"the margin is above 0, got {self.margin}")

    def __call__(self, times: NDArray[Any], labels: NDArray[np.int64], steps: int) -> Judged:
        """See `Judge`."""
        rows, found = np.arange(len(times)), times.astype(np.float64)
        first = found.min(axis=1)
        silent = first >= steps
        apart = np.minimum(first + self.margin, steps)[:, None]
        targets = np.maximum(found, apart)
        targets[silent] = np.maximum(found[silent], steps)
        targets[rows, labels] = np.where(silent, steps - self.margin, first)
        errors = (found - targets) / steps
        return Judged(errors, float(0.5 * (errors**2).sum()))
