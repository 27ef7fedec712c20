"""BS4NN's rule: whole potentials, signs, scales, and the compiled form against the reference."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.learning import bs4nn, s4nn
from spikesight.first_spike.learning.bs4nn import Binary, BS4NNRule
from spikesight.first_spike.learning.fused_bs4nn import MOST_INPUTS, learn
from spikesight.first_spike.learning.s4nn import Pace

STEPS, THRESHOLDS = 64, (20.0, 10.0)

RULES = {
    "as published": BS4NNRule(),
    "wide margin": BS4NNRule(margin=12),
    "alpha moves fast": BS4NNRule(alpha=5.0, rescue=True),
    "paced": BS4NNRule(0.5, 0.3, margin=5, pace=Pace(20.0, 0.3, 0.05)),
}

CLOSE = 2e-5
"""Real weights differ in the last of 24 bits per image."""


def task(seed, inputs=40, hidden=21, classes=5, images=40):
    random = np.random.default_rng(seed)
    w = Binary(
        random.uniform(-0.5, 1, (inputs, hidden)).astype(np.float32),
        random.uniform(-1, 1, (hidden, classes)).astype(np.float32),
        np.array([5.0, 4.0]),
    )
    times = random.integers(0, STEPS + 16, (images, inputs)).clip(max=STEPS)
    return w, Latencies(times, STEPS), random.integers(0, classes, images)


def test_whole_thresholds():
    assert [bs4nn.whole_threshold(threshold, 1.0) + 1 for threshold in (20.0, 24.77, 11.031)] == [21, 25, 12]
    assert bs4nn.whole_threshold(100.0, 4.037078) == 24
    assert bs4nn.whole_threshold(100.0, 9.065161) == 11


def test_0_is_one_bit_too():
    assert bs4nn.sign(np.array([-0.5, -0.0, 0.0, 2.0])).tolist() == [-1, 1, 1, 1]


def test_one_neuron_by_hand():
    """Signs +, +, - at 1, 2, 3 and a threshold of 1: the potential goes 1, 2, 1, so it crosses at 2 and fires at 3."""
    w = Binary(np.array([[0.3], [2.0], [-0.1]]), np.array([[1.0]]), np.array([1.0, 1.0]))
    seen = bs4nn.times_of(w, np.array([1, 2, 3]), 8, (1.0, 0.5))
    assert seen.hidden.tolist() == [3]
    assert seen.output.tolist() == [4]


def test_real_weights_that_keep_their_signs_change_no_time():
    w, given, _ = task(0)
    other = Binary(w.hidden * 3.0, np.sign(w.output) * 0.01, w.alpha)
    for times in given.times:
        for one, same in zip(
            bs4nn.times_of(w, times, STEPS, THRESHOLDS), bs4nn.times_of(other, times, STEPS, THRESHOLDS), strict=True
        ):
            np.testing.assert_array_equal(one, same)


def test_the_scale_follows_the_mean_over_all_weights():
    w, delta = np.array([[0.5, -2.0], [-1.0, 3.0]]), np.array([0.6, -0.8])
    mask = np.array([[True, False], [True, True]])
    # 0.6 * (1 - 1) - 0.8 * 1, over four weights
    assert bs4nn.scaled(5.0, w, delta, mask, 0.1) == pytest.approx(5.0 + 0.1 * 0.8 / 4)
    assert bs4nn.scaled(0.01, w, delta, mask, -10.0) == bs4nn.SMALLEST_ALPHA


def test_silence_teaches_nothing_without_rescue():
    w, given, _ = task(1)
    after = bs4nn.lesson(BS4NNRule(), w, given.times[0], 2, STEPS, (1e6, 1e6))
    for one, same in zip(after, w, strict=True):
        np.testing.assert_array_equal(one, same)
    pulled = bs4nn.lesson(BS4NNRule(rescue=True), w, given.times[0], 2, STEPS, (20.0, 1e6))
    assert (pulled.output[:, 2] > w.output[:, 2]).any()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("seed", range(3))
def test_the_compiled_rule_is_the_reference(rule, seed):
    """A difference in the last bit may turn a sign, so both begin anew from the same weights at times."""
    w, given, labels = task(seed)
    taught = 0
    for first in range(0, len(given), 4):
        part = slice(first, first + 4)
        expected, right = w, 0
        for times, label in zip(given.times[part], labels[part], strict=True):
            seen = bs4nn.times_of(expected, times, STEPS, THRESHOLDS).output
            right += seen[label] < np.delete(seen, label).min()
            expected = bs4nn.lesson(rule, expected, times, int(label), STEPS, THRESHOLDS)
        w, hits, changed = learn(rule, w, given[part], labels[part], THRESHOLDS)
        for mine, meant in zip(w, expected, strict=True):
            np.testing.assert_allclose(mine, meant, atol=CLOSE, rtol=CLOSE)
        assert hits == right
        taught += changed
    assert taught > 10, "most of these images must teach something for this test to mean anything"


def test_what_was_given_is_untouched():
    w, given, labels = task(0)
    for array in (*w, given.times, labels):
        array.flags.writeable = False
    learn(BS4NNRule(), w, given, labels, THRESHOLDS)


def test_a_cooled_rule_has_smaller_rates():
    cooled = BS4NNRule(1.0, 0.5, 0.1, pace=Pace(rate=0.02)).cooled(0.1)
    assert (cooled.hidden, cooled.output, cooled.alpha) == pytest.approx((0.1, 0.05, 0.01))
    assert cooled.pace == Pace(rate=0.02 * 0.1)


@pytest.mark.parametrize("wrong", [{"hidden": -1.0}, {"alpha": np.nan}, {"margin": 0}])
def test_what_is_no_rule(wrong):
    with pytest.raises(InputError, match=r"needed|at least"):
        BS4NNRule(**wrong)


def test_too_many_inputs_are_refused():
    w = Binary(np.ones((MOST_INPUTS + 1, 1), np.float32), np.ones((1, 2), np.float32), np.ones(2))
    with pytest.raises(InputError, match="at most"):
        learn(BS4NNRule(), w, Latencies(np.zeros((1, MOST_INPUTS + 1), int), 4), np.array([0]), THRESHOLDS)
    assert s4nn.DELAY == 1
