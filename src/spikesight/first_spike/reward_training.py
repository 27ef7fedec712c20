"""Learning from one's own decisions, compiled: an item is decided, the map that decided is rewarded or punished.

The rates are those of `learning.reward_stdp`, its rules the reference. Items are taken one after the other, since each
changes the weights of the next; weights lie as in `fused_decision`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.fused_decision import buffers, decide_item
from spikesight.first_spike.fused_stdp import change
from spikesight.first_spike.learning.reward_stdp import RewardStdp, Scales, Tally


class Balance(NamedTuple):
    """Where rates and counts stand between two images."""

    scales: Scales
    tally: Tally = Tally()


@dataclass(frozen=True)
class Lesson:
    """What is taught: latencies `times` (B, rows, columns, C) of a number of `steps`, `labels` (B,) positions of the
    classes, and the class that each map stands for, `groups` (maps,).
    """

    times: NDArray[Any]
    steps: int
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]


def teach(
    layer: Convolution,
    rule: RewardStdp,
    w: NDArray[Any],
    lesson: Lesson,
    order: NDArray[np.int64],
    taking_part: NDArray[np.bool_],
    balance: Balance,
) -> tuple[NDArray[np.int64], Balance]:
    """Teach the items `order`, changing the weights `w` by input; return who decided each (-1: nobody) and the balance.

    `taking_part` (maps,) says which maps may decide. Where the rule works out its scales every so many images they are
    worked out on the way; where once per pass, the caller does.
    """
    state = np.array([*balance.scales, *balance.tally], np.float64)
    rates = np.array([[rule.reward.plus, rule.reward.minus], [rule.punish.plus, rule.punish.minus]])
    bounds = np.array([rule.reward.low, rule.reward.high], w.dtype)
    decided = np.empty(len(order), np.int64)
    teach_items(
        lesson.times, lesson.steps, lesson.labels, lesson.groups, order, w, w.dtype.type(layer.threshold),
        *layer.padding, taking_part, rates, bounds, rule.reward.stabilised, rule.least, rule.every or 0, state, decided,
    )  # fmt: skip
    hits, misses, silent = (int(count) for count in state[2:])
    return decided, Balance(Scales(float(state[0]), float(state[1])), Tally(hits, misses, silent))


@njit(cache=True, nogil=True)
def teach_items(  # type: ignore[no-untyped-def]
    times, steps, labels, groups, order, w, threshold, down, across,
    taking_part, rates, bounds, stabilised, least, every, state, decided,
):  # fmt: skip
    """Teach; `state` holds both scales, hits, misses, silent items, and is changed as `w` is.

    `rates` (2, 2): reward and punishment, for inputs in time and all others.
    """
    v, by_step, starts = buffers(times[0], steps, w, down, across)
    winner, now = np.empty(4, np.int64), np.empty(2, bounds.dtype)
    place = np.array([[1, 1], [down, across], [1, 1]])
    for i in range(len(order)):
        item = times[order[i]]
        winner[:] = decide_item(item, steps, w, threshold, down, across, taking_part, v, by_step, starts)
        decided[i] = winner[0]
        if winner[0] < 0:
            state[4] += 1
        else:
            wrong = int(groups[winner[0]] != labels[order[i]])
            state[2 + wrong] += 1
            now[:] = rates[wrong] * state[wrong]
            change(w, item, winner, place, now, bounds, stabilised)
        if every and state[2] + state[3] + state[4] >= every:
            rescale(state, least)


@njit(cache=True, nogil=True)
def rescale(state, least):  # type: ignore[no-untyped-def]
    """Work out the scales from what was counted, and begin to count anew."""
    shown = state[2] + state[3] + state[4]
    state[0] = least + (1.0 - least) * (state[3] / shown)
    state[1] = least + (1.0 - least) * (state[2] / shown)
    state[2:] = 0
