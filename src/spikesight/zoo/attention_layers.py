"""What the layers behind the attention neuron learn by: rules of a fixed step, and a threshold that learns.

Times are in steps, weights without a unit, as published.   Source: Gruel & Martinet, CBMI 2021 (arXiv 2105.14753), and
the code they released; Bernert & Yvert, Int. J. Neural Syst. 2019.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def intermediate_threshold(lines: float = 115.0, tau: float = 2.0, lasting: float = 4.0) -> float:
    """Return theta of the intermediate layer: what so many active lines give in `lasting` steps, summed with `tau`."""
    return lines * math.expm1(-lasting / tau) / math.expm1(-1.0 / tau)


@dataclass(frozen=True)
class Intermediate:
    """STDP of the intermediate layer: a post spike takes from all lines and gives to those that were active lately."""

    plus: float = 0.005
    minus: float = 0.55 * 0.005

    def at_post(self, w: NDArray[Any], recent: NDArray[np.bool_]) -> NDArray[Any]:
        """Return the weights (lines,) of a neuron that fired; `recent` (lines,) says which were active."""
        moved: NDArray[Any] = np.clip(w + np.where(recent, self.plus, 0.0) - self.minus, 0.0, 1.0)
        return moved

    def at_pre(self, w: NDArray[Any], fired_lately: NDArray[np.bool_]) -> NDArray[Any]:
        """Return the weights (neurons,) of a line that is active; `fired_lately` (neurons,) says who fired."""
        moved: NDArray[Any] = np.clip(w + np.where(fired_lately, self.plus, 0.0), 0.0, 1.0)
        return moved


@dataclass(frozen=True)
class LearnedThreshold:
    """Threshold of an output neuron: it falls by a share whenever the neuron fires, and rises with what drove it."""

    share: float = 0.01
    gain: float = 0.006
    low: float = 8.0
    high: float = 140.0

    def at_post(self, theta: float, net: NDArray[Any], recent: NDArray[np.bool_]) -> float:
        """Return theta after a spike; `net` (lines,) are the weights, w+ - w-, `recent` the lines just active."""
        return self._within(theta - self.share * theta + self.gain * float(net[recent].sum()))

    def at_pre(self, theta: float, net: float) -> float:
        """Return theta after a line with net weight `net` was active just after a spike of the neuron."""
        return self._within(theta + self.gain * net)

    def balance(self, driving: float) -> float:
        """Return the theta at which recent weights that sum to `driving` leave it where it is."""
        return driving * self.gain / self.share

    def _within(self, theta: float) -> float:
        return min(max(theta, self.low), self.high)
