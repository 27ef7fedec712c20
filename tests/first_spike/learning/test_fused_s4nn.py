"""The compiled rule learns as the reference does, image by image."""

import numpy as np
import pytest

from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.learning import s4nn
from spikesight.first_spike.learning.fused_s4nn import learn
from spikesight.first_spike.learning.s4nn import Pace, S4NNRule, Weights

STEPS = 64
TIMES, THRESHOLDS = np.array([2, 5, 9]), (3.0, 3.0)
NET_A = Weights(np.array([[4.0, 1.0], [0.0, 1.0], [0.0, 4.0]]), np.array([[1.0, 4.0], [3.0, 0.0]]))
NET_B = Weights(np.array([[2.0, 1.0], [2.0, 1.0], [1.0, 4.0]]), np.array([[2.0, 1.0], [2.0, 3.0]]))

RULES = {
    "as published": S4NNRule(),
    "without decay": S4NNRule(decay=0.0),
    "wide margin, no rescue": S4NNRule(margin=20, rescue=False),
    "strong decay": S4NNRule(decay=1e-2),
    "paced": S4NNRule(1.0, 0.5, margin=8, pace=Pace(20.0, 0.3, 0.05)),
}

CLOSE = 2e-5
"""Rounding differs, in the length of deltas and in lazy scales, by some units in the last of 24 bits per image."""


def task(seed, inputs=40, hidden=21, classes=5, images=40):
    random = np.random.default_rng(seed)
    w = Weights(
        random.uniform(-1, 4, (inputs, hidden)).astype(np.float32),
        random.uniform(-4, 8, (hidden, classes)).astype(np.float32),
    )
    times = random.integers(0, STEPS + 16, (images, inputs)).clip(max=STEPS)
    return w, Latencies(times, STEPS), random.integers(0, classes, images)


@pytest.mark.parametrize("net", [NET_A, NET_B])
@pytest.mark.parametrize("label", [0, 1])
def test_networks_worked_out_by_hand(net, label):
    single = Weights(*(w.astype(np.float32) for w in net))
    rule = S4NNRule(decay=0.0)
    after, right, changed = learn(rule, single, Latencies(TIMES[None], 16), np.array([label]), THRESHOLDS)
    expected = s4nn.lesson(rule, net, TIMES, label, 16, THRESHOLDS)
    for mine, meant in zip(after, expected, strict=True):
        np.testing.assert_allclose(mine, meant, atol=1e-6)
    answers = s4nn.times_of(net, TIMES, 16, THRESHOLDS).output
    assert right == (answers[label] < answers[1 - label])
    assert changed == (not np.array_equal(after.output, single.output))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("seed", range(3))
def test_a_course_of_images(rule, seed):
    """A difference in the last bit may move a spike by a step, so both begin anew from the same weights at times."""
    w, given, labels = task(seed)
    taught = 0
    for first in range(0, len(given), 4):
        part = slice(first, first + 4)
        expected = w
        for times, label in zip(given.times[part], labels[part], strict=True):
            expected = s4nn.lesson(rule, expected, times, int(label), STEPS, (20.0, 20.0))
        w, _, changed = learn(rule, w, given[part], labels[part], (20.0, 20.0))
        for mine, meant in zip(w, expected, strict=True):
            np.testing.assert_allclose(mine, meant, atol=CLOSE, rtol=CLOSE)
        taught += changed
    assert taught > 10, "most of these images must teach something for this test to mean anything"


def test_what_was_given_is_untouched():
    w, given, labels = task(0)
    for array in (*w, given.times, labels):
        array.flags.writeable = False
    learn(S4NNRule(), w, given, labels, (20.0, 20.0))


def test_two_halves_make_a_whole():
    w, given, labels = task(1)
    whole = learn(S4NNRule(decay=0.0), w, given, labels, (20.0, 20.0))[0]
    half = learn(S4NNRule(decay=0.0), w, given[:20], labels[:20], (20.0, 20.0))[0]
    rest = learn(S4NNRule(decay=0.0), half, given[20:], labels[20:], (20.0, 20.0))[0]
    for one, other in zip(rest, whole, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_silent_network_pulls_the_label_only_with_rescue():
    w, given, labels = task(2)
    silent = (1e6, 1e6)
    still, right, changed = learn(S4NNRule(decay=0.0, rescue=False), w, given, labels, silent)
    assert (right, changed) == (0, 0)
    np.testing.assert_array_equal(still.output, w.output)
    pulled = learn(S4NNRule(decay=0.0), w, given[:1], labels[:1], (20.0, 1e6))[0]
    fired = s4nn.times_of(w, given.times[0], STEPS, (20.0, 1e6)).hidden < STEPS
    expected = w.output.copy()
    expected[fired, labels[0]] += 0.2
    np.testing.assert_allclose(pulled.output, expected, atol=1e-6)
