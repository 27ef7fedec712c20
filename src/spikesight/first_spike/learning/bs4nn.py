"""BS4NN: S4NN whose weights are +1 or -1 when it computes, with one scale per layer.

A neuron crosses when the sum of signs of the inputs that have fired, a whole number, is above ``threshold / alpha``.
Behind each sign stands a real number that learning moves as S4NN moves weights; a sign changes when it crosses 0.
``alpha`` follows the same delta: ``alpha -= rate * mean of d_j [t_i < t_j] sign(w_ij)`` over all weights of the layer.
This file is the meaning, an image at a time; `fused_bs4nn` is the same, compiled.
Source: Kheradpisheh, Mirsadeghi & Masquelier 2021; order of updates as in the authors' code. Unlike there, 0 counts as
+1, so that a weight is one bit, and black pixels do not fire, so that they move no weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.first_spike.learning import s4nn
from spikesight.first_spike.learning.s4nn import Pace, Weights

SMALLEST_ALPHA = 1e-3
"""A scale below it would ask for more inputs than there are."""


@dataclass(frozen=True)
class BS4NNRule:
    """How real weights and scales follow an image. Defaults are those of the authors' code.

    `hidden`, `output` rates of the weights, `alpha` of the scales; `margin` in steps. An image that no output answered
    teaches nothing, unless `rescue`. A `pace` scales the alphas.   Errors: InputError for negative values, a margin
    below 1.
    """

    hidden: float = 0.1
    output: float = 0.1
    alpha: float = 0.01
    margin: int = 1
    rescue: bool = False
    pace: Pace | None = None

    def __post_init__(self) -> None:
        for name in ("hidden", "output", "alpha"):
            if not 0.0 <= getattr(self, name) < np.inf:
                raise InputError(f"{name} is {getattr(self, name)}: a number >= 0 is needed")
        if self.margin < 1:
            raise InputError(f"a margin is a step at least, got {self.margin}")

    def cooled(self, factor: float) -> Self:
        """Return the rule with all rates `factor` times as large."""
        pace = self.pace and replace(self.pace, rate=self.pace.rate * factor)
        hidden, output, alpha = (rate * factor for rate in (self.hidden, self.output, self.alpha))
        return replace(self, hidden=hidden, output=output, alpha=alpha, pace=pace)


class Binary(NamedTuple):
    """Real weights of both layers, (inputs, hidden) and (hidden, classes), and their scales (2,)."""

    hidden: NDArray[Any]
    output: NDArray[Any]
    alpha: NDArray[np.float64]


def sign(w: NDArray[Any]) -> NDArray[np.int8]:
    """Return the weights that a network computes with: -1 below 0, else +1."""
    return np.where(w < 0, -1, 1).astype(np.int8)


def whole_threshold(threshold: float, alpha: float) -> int:
    """Return the whole number above which a sum of signs is above ``threshold / alpha``: its floor."""
    return math.floor(threshold / alpha)


def whole_thresholds(thresholds: tuple[float, float], alpha: NDArray[np.float64]) -> tuple[int, int]:
    """Return the whole thresholds of both layers."""
    return whole_threshold(thresholds[0], alpha[0]), whole_threshold(thresholds[1], alpha[1])


def times_of(w: Binary, times: NDArray[Any], steps: int, thresholds: tuple[float, float]) -> s4nn.Times:
    """Return when the neurons of both layers fire for one image of input times (inputs,)."""
    signs = Weights(*(sign(layer).astype(np.float32) for layer in (w.hidden, w.output)))
    return s4nn.times_of(signs, times, steps, whole_thresholds(thresholds, w.alpha))


def scaled(alpha: float, w: NDArray[Any], delta: NDArray[Any], mask: NDArray[np.bool_], rate: float) -> float:
    """Return a layer's scale after a delta; `w` are its weights just changed."""
    step = (delta * mask * sign(w)).mean()
    return max(SMALLEST_ALPHA, float(alpha - rate * step))


def lesson(
    rule: BS4NNRule, w: Binary, times: NDArray[Any], label: int, steps: int, thresholds: tuple[float, float]
) -> Binary:
    """Return weights and scales after one image of input times (inputs,), `steps` for never."""
    seen = times_of(w, times, steps, thresholds)
    wanted = s4nn.targets(seen.output, label, steps, rule.margin, rule.rescue)
    delta = s4nn.unit((wanted - seen.output) / steps)
    to_output, to_hidden = s4nn.before(seen.hidden, seen.output), s4nn.before(np.asarray(times, np.int64), seen.hidden)
    output = s4nn.moved(w.output, delta, to_output, rule.output)
    output_alpha = scaled(w.alpha[1], output, delta, to_output, rule.alpha)
    back = s4nn.unit(s4nn.handed_back(delta, output, to_output))
    hidden = s4nn.moved(w.hidden, back, to_hidden, rule.hidden)
    hidden_alpha = scaled(w.alpha[0], hidden, back, to_hidden, rule.alpha)
    if rule.pace is not None:
        first = seen.output.min()
        output_alpha *= 1.0 + rule.pace.rate * (first - rule.pace.decision) / steps
        hidden_alpha *= 1.0 + rule.pace.rate * (rule.pace.share - (seen.hidden < first).mean())
    return Binary(hidden, output, np.maximum([hidden_alpha, output_alpha], SMALLEST_ALPHA))
