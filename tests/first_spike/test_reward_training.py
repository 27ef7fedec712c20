"""The compiled loop beside the rule, item by item; and two tasks that only rewards can solve."""

from __future__ import annotations

import numpy as np
import pytest

from spikesight.encoding.latencies import Latencies
from spikesight.executors.reference import Reference
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.decision import decide
from spikesight.first_spike.fused_decision import by_place
from spikesight.first_spike.learning.reward_stdp import RewardStdp, Scales, Tally, kept
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.first_spike.reward_training import Balance, Lesson, teach
from spikesight.first_spike.runs_of_taps import kernels, taps

FIXED = RewardStdp(
    Stdp(0.125, -0.0625, 0.25, 0.75, stabilised=False), Stdp(-0.125, 0.0625, 0.25, 0.75, stabilised=False), 0.0
)
STABILISED = RewardStdp(Stdp(0.1, -0.05), Stdp(-0.1, 0.02), 0.2, every=10)


def slowly(layer, rule, w, lesson, order, part, balance):
    """The same by the reference, with kernels as they are written."""
    scales, tally = balance
    decided = []
    for item in order:
        given = Latencies(np.moveaxis(lesson.times[item : item + 1], -1, 1), lesson.steps)
        winner = decide(layer, w, given, lesson.groups, part, Reference()).winner(0)
        right = winner is not None and lesson.groups[winner.map] == lesson.labels[item]
        w = rule.learn(layer, w, given, winner, right, scales)
        decided.append(-1 if winner is None else winner.map)
        counted = [tally.hits, tally.misses, tally.silent]
        counted[2 if winner is None else int(not right)] += 1
        tally = Tally(*counted)
        if rule.every and tally.shown == rule.every:
            scales, tally = rule.scales(tally), Tally()
    return w, np.array(decided), Balance(scales, tally)


@pytest.mark.parametrize("threshold", [np.inf, 2.0])
@pytest.mark.parametrize("padding", [(0, 0), (1, 2)])
@pytest.mark.parametrize(("rule", "exact"), [(FIXED, True), (STABILISED, False)])
def test_compiled_and_reference_agree(threshold, padding, rule, exact):
    """Dyadic rates and weights are exact; with the stabiliser the same operations give the same float64."""
    rng = np.random.default_rng(3)
    layer = Convolution(6, (3, 3), threshold, padding=padding)
    times = rng.integers(0, 9, (60, 2, 4, 5)).clip(0, 6).astype(np.uint8)
    times[7] = 6
    lesson = Lesson(by_place(times), 6, rng.integers(0, 3, 60), np.arange(6) // 2)
    w = rng.integers(2, 7, (6, 2, 3, 3)) / 8
    part, order = np.arange(6) != 1, rng.permutation(60)
    fast = taps(w)
    decided, balance = teach(layer, rule, fast, lesson, order, part, Balance(Scales(1.0, 0.5)))
    expected, by_hand, counted = slowly(layer, rule, w, lesson, order, part, Balance(Scales(1.0, 0.5)))
    np.testing.assert_array_equal(decided, by_hand)
    assert balance == counted
    if exact:
        np.testing.assert_array_equal(kernels(fast), expected)
    else:
        np.testing.assert_allclose(kernels(fast), expected, rtol=1e-12)
    assert (decided == -1).any()
    assert not (decided == 1).any()
    assert (kernels(fast) != w).any()


def test_a_silent_item_leaves_every_bit():
    layer, w = Convolution(2, (2, 2), 0.5), np.random.default_rng(0).random((1, 2, 2, 2)).astype(np.float32)
    before = w.copy()
    lesson = Lesson(np.full((3, 3, 3, 1), 5, np.uint8), 5, np.array([0, 1, 0]), np.array([0, 1]))
    decided, balance = teach(
        layer, RewardStdp(), w, lesson, np.arange(3), np.ones(2, np.bool_), Balance(Scales(1.0, 1.0))
    )
    np.testing.assert_array_equal(w, before)
    assert decided.tolist() == [-1, -1, -1]
    assert balance.tally == Tally(0, 0, 3)


def test_a_lesson_in_parts_is_the_lesson():
    rng = np.random.default_rng(4)
    layer, rule = Convolution(4, (2, 2), np.inf), STABILISED
    lesson = Lesson(rng.integers(0, 6, (50, 3, 3, 2)).astype(np.uint8), 5, rng.integers(0, 2, 50), np.arange(4) // 2)
    part, order, start = np.ones(4, np.bool_), rng.permutation(50), Balance(Scales(1.0, 1.0))
    whole = rng.random((2, 2, 2, 4)).astype(np.float32)
    parts = whole.copy()
    _, end = teach(layer, rule, whole, lesson, order, part, start)
    _, middle = teach(layer, rule, parts, lesson, order[:23], part, start)
    _, again = teach(layer, rule, parts, lesson, order[23:], part, middle)
    np.testing.assert_array_equal(parts, whole)
    assert again == end


def diagnostic(items, seed):
    """Two classes of items with two inputs each: input 0 always fires, 1 or 2 tells the class; all at random times."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, items)
    times = np.full((items, 3, 1, 1), 10, np.uint8)
    times[:, 0, 0, 0] = rng.integers(0, 6, items)
    times[np.arange(items), 1 + labels, 0, 0] = rng.integers(0, 6, items)
    return times, labels


def taught(told):
    """Two maps per class, each with a threshold that one input reaches; weights after 100 passes, and the accuracy on
    items not seen. Without being `told` the classes, all decisions are rewarded.
    """
    times, labels = diagnostic(200, 0)
    groups, layer = np.arange(4) // 2, Convolution(4, (1, 1), 0.5)
    given = by_place(times)
    lesson = Lesson(given, 10, labels, groups) if told else Lesson(given, 10, 0 * labels, 0 * groups)
    rule = RewardStdp(Stdp(0.05, -0.025), Stdp(-0.05, 0.005), 0.2)
    w = np.random.default_rng(5).normal(0.8, 0.05, (3, 1, 1, 4)).astype(np.float32)
    balance = Balance(rule.at_chance(2))
    for number in range(100):
        _, balance = teach(layer, rule, w, lesson, np.arange(200), kept(4, 0.0, 0, number), balance)
        balance = Balance(rule.scales(balance.tally))
    fresh, answers = diagnostic(200, 1)
    found = decide(layer, kernels(w), Latencies(fresh, 10), groups)
    return kernels(w)[:, :, 0, 0], float((groups[found.map] == answers).mean())


def test_rewards_find_the_feature_that_tells_classes_apart():
    """What is most frequent is no help here: STDP alone picks it, punishments take it away.

    Source: the diagnostic features of Mozafari et al. 2018, section III.B, made small.
    """
    w, accuracy = taught(told=True)
    assert accuracy == 1.0
    assert w[:2, 1].max() > 0.95
    assert w[2:, 2].max() > 0.95
    assert w[:, 0].max() < 0.5  # alone it makes nobody fire
    frequent, chance = taught(told=False)
    assert frequent[:, 0].max() > 0.95
    assert chance < 0.8
