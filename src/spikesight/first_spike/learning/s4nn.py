"""S4NN: temporal backpropagation through neurons that fire once.

An output neuron should fire at a target time that depends on when the others did; raising a potential makes a neuron
fire earlier; only inputs that fired before a neuron had part in it. So, for the delta ``d`` of a layer, divided by its
length, ``w_ij -= rate d_j [t_i < t_j]``, and the layer before gets ``d_i = sum of d_j w_ij [t_i < t_j]``, computed with
the weights just changed. This file is the meaning, an image at a time; `fused_s4nn` is the same, compiled.
Source: Kheradpisheh & Masquelier 2020; order of updates, strict comparisons and normalisation as in the authors' code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.executors.reference import Reference
from spikesight.first_spike.dense import Dense, fire

DELAY = 1
"""Steps from crossing the threshold to the spike, per layer."""

Values = NDArray[Any]


@dataclass(frozen=True)
class Pace:
    """Keeps decisions from drifting to ever earlier or later steps, by scaling all weights of a layer a little.

    After every image output weights become ``1 + rate (t - decision) / steps`` times as large, t being the step of the
    first output, and hidden weights ``1 + rate (share - s)``, s being the share of hidden neurons that fired before it.
    Not in the paper: at rates several times its own, learning runs away without.
    Errors: InputError for a decision or rate not above 0 and a share outside 0 to 1.
    """

    decision: float = 105.0
    share: float = 0.2
    rate: float = 0.01

    def __post_init__(self) -> None:
        if not (0.0 < self.decision < np.inf and 0.0 < self.rate < 1.0 and 0.0 < self.share < 1.0):
            raise InputError(f"a pace is a step above 0, a share and a rate between 0 and 1, got {self}")


@dataclass(frozen=True)
class S4NNRule:
    """How weights follow an image. Defaults are those of the authors' code.

    `hidden`, `output` learning rates, the length by which an image moves the weights of a neuron's input; `decay` of
    all weights per image, times the rate; `margin` steps between the right output and the others; `rescue` whether an
    image that no output answered pulls the right one.   Errors: InputError for negative values, a margin below 1.
    """

    hidden: float = 0.2
    output: float = 0.2
    decay: float = 1e-6
    margin: int = 3
    rescue: bool = True
    pace: Pace | None = None

    def __post_init__(self) -> None:
        for name in ("hidden", "output", "decay"):
            if not 0.0 <= getattr(self, name) < np.inf:
                raise InputError(f"{name} is {getattr(self, name)}: a number >= 0 is needed")
        if self.margin < 1:
            raise InputError(f"a margin is a step at least, got {self.margin}")

    def cooled(self, factor: float) -> Self:
        """Return the rule with both rates, and the pace's, `factor` times as large."""
        pace = self.pace and replace(self.pace, rate=self.pace.rate * factor)
        return replace(self, hidden=self.hidden * factor, output=self.output * factor, pace=pace)


class Weights(NamedTuple):
    """Of both layers: (inputs, hidden) and (hidden, classes)."""

    hidden: Values
    output: Values


class Times(NamedTuple):
    """When neurons of both layers fire for one image, `steps` for never."""

    hidden: NDArray[np.int64]
    output: NDArray[np.int64]


def times_of(w: Weights, times: NDArray[Any], steps: int, thresholds: tuple[float, float]) -> Times:
    """Return when the neurons of both layers fire for one image of input times (inputs,)."""
    hidden = fire(
        Dense(w.hidden.shape[1], thresholds[0], DELAY), w.hidden, Latencies(times[None], steps), Reference()
    ).latencies
    output = fire(Dense(w.output.shape[1], thresholds[1], DELAY), w.output, hidden, Reference()).latencies
    return Times(hidden.times[0].astype(np.int64), output.times[0].astype(np.int64))


def targets(times: NDArray[Any], label: int, steps: int, margin: int, rescue: bool = True) -> NDArray[np.int64]:
    """Return when each output neuron should fire: the label first, the others `margin` after whoever was first.

    Those late enough stay where they are. If nobody fired, the label should `margin` before the end; without `rescue`
    nothing should change.
    """
    times = np.asarray(times, np.int64)
    first = times.min()
    if first == steps:
        wanted = times.copy()
        wanted[label] = steps - margin if rescue else steps
        return wanted
    wanted = np.where(times - first < margin, min(first + margin, steps), times)
    wanted[label] = first
    return wanted


def unit(delta: Values) -> Values:
    """Return a delta divided by its length; zeros stay."""
    length = np.sqrt((delta * delta).sum())
    return delta / length if length > 0 else delta


def before(pre: NDArray[Any], post: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which neurons of the layer before fired before which of this one, (pre, post)."""
    mask: NDArray[np.bool_] = pre[:, None] < post[None, :]
    return mask


def handed_back(delta: Values, w: Values, mask: NDArray[np.bool_]) -> Values:
    """Return the delta of the layer before, (pre,), from that of this one."""
    back: Values = (w * mask) @ delta
    return back


def moved(w: Values, delta: Values, mask: NDArray[np.bool_], rate: float) -> Values:
    """Return the weights after a delta: earlier where it is negative, so larger."""
    changed: Values = (w - rate * delta * mask).astype(w.dtype)
    return changed


def lesson(
    rule: S4NNRule, w: Weights, times: NDArray[Any], label: int, steps: int, thresholds: tuple[float, float]
) -> Weights:
    """Return the weights after one image of input times (inputs,), `steps` for never."""
    seen = times_of(w, times, steps, thresholds)
    wanted = targets(seen.output, label, steps, rule.margin, rule.rescue)
    delta = unit((wanted - seen.output) / steps)
    to_output = before(seen.hidden, seen.output)
    output = moved(w.output, delta, to_output, rule.output)
    back = unit(handed_back(delta, output, to_output))
    hidden = moved(w.hidden, back, before(np.asarray(times, np.int64), seen.hidden), rule.hidden)
    keep_hidden, keep_output = 1.0 - rule.hidden * rule.decay, 1.0 - rule.output * rule.decay
    if rule.pace is not None:
        first = seen.output.min()
        keep_output *= 1.0 + rule.pace.rate * (first - rule.pace.decision) / steps
        keep_hidden *= 1.0 + rule.pace.rate * (rule.pace.share - (seen.hidden < first).mean())
    return Weights((hidden * keep_hidden).astype(hidden.dtype), (output * keep_output).astype(output.dtype))
