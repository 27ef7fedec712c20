"""Learning at the moment of decision: for networks whose first output spike is the answer.

What decides is the potential of every output in the step in which the first of them crosses (the last step, if none
does): the label's should be the largest. So, with ``p = softmax(V / temperature)`` of these potentials, ``d_k = p_k``,
less 1 for the label; where no output crosses, nor has a potential above 0, 0 for all others; and

* output weights: ``w_jk -= rate d_k`` from the hidden neurons j that have fired by then;
* hidden delta: ``b_j = sum of d_k w_jk``, the less the longer before the moment j has fired, by
  ``exp(-lead / window)``; and whole for a neuron that has not, but is within `near` of its threshold: a little more,
  and it would have counted. All others could move far without any effect. b is given the length of d;
* hidden weights: ``w_ij -= rate b_j`` from the inputs i that fired before j, or before j would have had to.

S4NN's rule moves all hidden neurons that fired before an output, also those that fired long before, and none that
missed it. This one fits digits in fewer passes, and needs the pace, as nothing in it says when to decide.
Both work on the same networks. This file is the meaning, an image at a time; `fused_moment` is the same, compiled.
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
from spikesight.first_spike.learning import s4nn
from spikesight.first_spike.learning.bs4nn import SMALLEST_ALPHA, Binary, sign, whole_thresholds
from spikesight.first_spike.learning.s4nn import DELAY, Pace, Weights

Values = NDArray[Any]

LARGEST = 10.0
"""Of an output weight, in thresholds: one hidden neuron is more than enough, and what grows on would overflow."""


@dataclass(frozen=True)
class MomentRule:
    """How weights follow an image.

    `hidden`, `output` learning rates; `temperature` in the unit of potentials; `window` in steps; `near` as a share of
    the threshold; `pace` of decisions, without which they drift to ever earlier steps: it scales real weights, or the
    scales of weights of one bit.   Errors: InputError for values that are negative, or 0 where they divide.
    """

    hidden: float = 0.5
    output: float = 0.1
    temperature: float = 10.0
    window: float = 15.0
    near: float = 0.3
    pace: Pace = Pace()  # noqa: RUF009 (frozen)

    def __post_init__(self) -> None:
        for name in ("hidden", "output", "near"):
            if not 0.0 <= getattr(self, name) < np.inf:
                raise InputError(f"{name} is {getattr(self, name)}: a number >= 0 is needed")
        for name in ("temperature", "window"):
            if not 0.0 < getattr(self, name) < np.inf:
                raise InputError(f"{name} is {getattr(self, name)}: a number above 0 is needed")

    def cooled(self, factor: float) -> Self:
        """Return the rule with all rates `factor` times as large."""
        pace = replace(self.pace, rate=self.pace.rate * factor)
        return replace(self, hidden=self.hidden * factor, output=self.output * factor, pace=pace)


class Moment(NamedTuple):
    """What a network is like when it decides: the step `first` in which an output fires, or `steps`; which hidden
    neurons have fired by then, how many steps before their last chance, and which are near their threshold, (hidden,)
    all; the potentials of the outputs, (classes,).
    """

    first: int
    fired: NDArray[np.bool_]
    lead: NDArray[np.int64]
    near: NDArray[np.bool_]
    potentials: Values


def moment_of(w: Weights, times: NDArray[Any], steps: int, thresholds: tuple[float, float], near: float) -> Moment:
    """Return the moment of decision for one image of input times (inputs,), by the weights it is computed with."""
    given = Latencies(times[None], steps)
    hidden = fire(Dense(w.hidden.shape[1], thresholds[0], DELAY), w.hidden, given, Reference()).latencies
    output = fire(Dense(w.output.shape[1], thresholds[1], DELAY), w.output, hidden, Reference()).latencies
    first, fires = int(output.times.min()), hidden.times[0].astype(np.int64)
    fired = fires < first
    at_chance = (times <= first - 2) @ w.hidden
    within = ~fired & (at_chance > thresholds[0] * (1.0 - near))
    return Moment(first, fired, first - 1 - fires, within, fired @ w.output)


def output_delta(potentials: Values, label: int, temperature: float) -> Values:
    """Return how much too likely each output is."""
    likely = np.exp((potentials - potentials.max()) / temperature)
    delta: Values = likely / likely.sum()
    delta[label] -= 1.0
    return delta


def hidden_delta(delta: Values, w: Values, moment: Moment, window: float) -> Values:
    """Return the delta of the hidden layer, as long as that of the outputs; `w` are the output weights just changed."""
    share = np.where(moment.fired, np.exp(-np.maximum(moment.lead, 0) / window), moment.near)
    back: Values = share * (w @ delta)
    length = np.sqrt((back * back).sum())
    return back * (np.sqrt((delta * delta).sum()) / length) if length > 0 else back


def before(times: NDArray[Any], moment: Moment) -> NDArray[np.bool_]:
    """Return which inputs fired before which hidden neurons did, or before their last chance, (inputs, hidden)."""
    chance = moment.first - 1 - np.where(moment.fired, moment.lead, 0)
    return s4nn.before(np.asarray(times, np.int64), chance)


def paces(pace: Pace, moment: Moment, steps: int, threshold: float) -> tuple[float, float]:
    """Return what the weights, or scales, of the hidden and the output layer are multiplied by.

    Larger output weights make no late answer earlier where none of them helps, or where it is the hidden layer that is
    late: in those cases they stay.
    """
    share, highest = float(moment.fired.mean()), float(moment.potentials.max())
    late = (moment.first - pace.decision) / steps
    in_time = moment.fired & (moment.first - 1 - moment.lead < pace.decision)
    waits = moment.first == steps and (share < pace.share or highest > threshold)
    if late > 0 and (waits or highest <= 0 or not in_time.any()):
        late = 0.0
    return 1.0 + pace.rate * (pace.share - share), 1.0 + pace.rate * late


def lesson(
    rule: MomentRule, w: Weights, times: NDArray[Any], label: int, steps: int, thresholds: tuple[float, float]
) -> Weights:
    """Return the weights after one image of input times (inputs,), `steps` for never."""
    moment = moment_of(w, times, steps, thresholds, rule.near)
    after = moved(rule, w, times, label, moment, steps)
    of_hidden, of_output = paces(rule.pace, moment, steps, thresholds[1])
    output = np.clip(after.output * of_output, -LARGEST * thresholds[1], LARGEST * thresholds[1])
    return Weights((after.hidden * of_hidden).astype(w.hidden.dtype), output.astype(w.output.dtype))


def binary_lesson(
    rule: MomentRule, w: Binary, times: NDArray[Any], label: int, steps: int, thresholds: tuple[float, float]
) -> Binary:
    """Return real weights and scales after one image that was computed with signs; see `bs4nn`."""
    signs = Weights(*(sign(layer).astype(np.float32) for layer in (w.hidden, w.output)))
    whole = whole_thresholds(thresholds, w.alpha)
    moment = moment_of(signs, times, steps, whole, rule.near)
    after = moved(rule, Weights(w.hidden, w.output), times, label, moment, steps)
    alpha = w.alpha * paces(rule.pace, moment, steps, whole[1])
    return Binary(*after, np.clip(alpha, SMALLEST_ALPHA, LARGEST * np.array(thresholds)))


def moved(rule: MomentRule, w: Weights, times: NDArray[Any], label: int, moment: Moment, steps: int) -> Weights:
    """Return the weights after what was seen at a moment."""
    delta = output_delta(moment.potentials, label, rule.temperature)
    if moment.first == steps and moment.potentials.max() <= 0:
        delta[np.arange(len(delta)) != label] = 0.0
    output = s4nn.moved(w.output, delta, np.repeat(moment.fired[:, None], len(delta), axis=1), rule.output)
    back = hidden_delta(delta, output, moment, rule.window)
    return Weights(s4nn.moved(w.hidden, back, before(times, moment), rule.hidden), output)
