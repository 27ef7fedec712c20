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
from spikesight.first_spike.learning.reward_stdp import RewardStdp, Scales, Tally


class Balance(NamedTuple):
    """Where rates and counts stand between two images."""

    scales: Scales
    tally: Tally = Tally()


@dataclass(frozen=True)
class Lesson:
    """What is taught: latencies `times` (B, C, H, W) of a number of `steps`, `labels` (B,) positions of the classes,
    and the class that each map stands for, `groups` (maps,).
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
        lesson.times, lesson.steps, lesson.labels, lesson.groups, order, w, layer.threshold, *layer.padding,
        taking_part, rates, bounds, rule.reward.stabilised, rule.least, rule.every or 0, state, decided,
    )  # fmt: skip
    hits, misses, silent = (int(count) for count in state[2:])
    return decided, Balance(Scales(float(state[0]), float(state[1])), Tally(hits, misses, silent))


@njit(cache=True, nogil=True)
def teach_items(
    times, steps, labels, groups, order, w, threshold, down, across,
    taking_part, rates, bounds, stabilised, least, every, state, decided,
):  # type: ignore[no-untyped-def]  # fmt: skip
    """Teach; `state` holds both scales, hits, misses, silent items, and is changed as `w` is.

    `rates` (2, 2): reward and punishment, for inputs in time and all others.
    """
    v, by_step, starts = buffers(times[0], steps, w, down, across)
    for i in range(len(order)):
        item = times[order[i]]
        map_, row, column, time = decide_item(item, steps, w, threshold, down, across, taking_part, v, by_step, starts)
        decided[i] = map_
        if map_ < 0:
            state[4] += 1
        else:
            wrong = int(groups[map_] != labels[order[i]])
            state[2 + wrong] += 1
            plus, minus = rates[wrong, 0] * state[wrong], rates[wrong, 1] * state[wrong]
            change(w, map_, item, row - down, column - across, time, plus, minus, bounds, stabilised)
        if every and state[2] + state[3] + state[4] >= every:
            rescale(state, least)


@njit(cache=True, nogil=True)
def change(w, map_, item, top, left, time, plus, minus, bounds, stabilised):  # type: ignore[no-untyped-def]
    """Apply the rule to the kernel of one map whose window has its corner at (top, left); outside never fires."""
    inputs, high, wide, _ = w.shape
    rows, columns = item.shape[1:]
    one = bounds.dtype.type
    plus, minus = one(plus), one(minus)
    least, most = bounds
    for c in range(inputs):
        for r in range(high):
            inside = 0 <= top + r < rows
            for k in range(wide):
                before = inside and 0 <= left + k < columns and item[c, top + r, left + k] <= time
                rate = plus if before else minus
                old = w[c, r, k, map_]
                step = rate * (old - least) * (most - old) if stabilised else rate
                w[c, r, k, map_] = min(max(old + step, least), most)


@njit(cache=True, nogil=True)
def rescale(state, least):  # type: ignore[no-untyped-def]
    """Work out the scales from what was counted, and begin to count anew."""
    shown = state[2] + state[3] + state[4]
    state[0] = least + (1.0 - least) * (state[3] / shown)
    state[1] = least + (1.0 - least) * (state[2] / shown)
    state[2:] = 0
