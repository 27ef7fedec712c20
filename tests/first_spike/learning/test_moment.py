"""Learning at the moment of decision: its parts in closed form, and the compiled forms against the reference."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.learning import moment
from spikesight.first_spike.learning.bs4nn import Binary
from spikesight.first_spike.learning.fused_moment import learn, learn_binary
from spikesight.first_spike.learning.moment import MomentRule
from spikesight.first_spike.learning.s4nn import Pace, Weights

STEPS, THRESHOLDS = 64, (20.0, 20.0)
NET = Weights(
    np.array([[4.0, 1.0, 1.0], [0.0, 1.0, 1.0], [0.0, 4.0, 0.5]]), np.array([[1.0, 4.0], [3.0, 0.0], [1.0, 1.0]])
)
TIMES = np.array([2, 5, 9])

RULES = {
    "as it stands": MomentRule(),
    "only those that fired": MomentRule(0.3, 0.1, near=0.0),
    "a wide view": MomentRule(0.3, 0.1, temperature=3.0, window=1e6, near=0.9),
    "paced": MomentRule(0.3, 0.1, pace=Pace(20.0, 0.3, 0.05)),
}
CLOSE = 2e-5
"""Weights differ in the last of 24 bits per image."""


def task(seed, inputs=40, hidden=21, classes=5, images=40):
    random = np.random.default_rng(seed)
    w = Weights(
        random.uniform(-1, 4, (inputs, hidden)).astype(np.float32),
        random.uniform(-4, 8, (hidden, classes)).astype(np.float32),
    )
    times = random.integers(0, STEPS + 16, (images, inputs)).clip(max=STEPS)
    return w, Latencies(times, STEPS), random.integers(0, classes, images)


def test_the_moment_of_a_network_worked_out_by_hand():
    """Hidden neurons fire at 3, 10 and never; output 1 crosses at 3 and fires at 4, before the second one."""
    seen = moment.moment_of(NET, TIMES, 16, (3.0, 3.0), near=0.9)
    assert seen.first == 4
    assert seen.fired.tolist() == [True, False, False]
    assert seen.lead[0] == 0, "it fired in the last step in which it could count"
    assert seen.potentials.tolist() == [1.0, 4.0]
    assert seen.near.tolist() == [False, True, True], "potentials at step 2: 4, 1, 1"
    assert moment.before(TIMES, seen).tolist() == [[True, True, True], [False] * 3, [False] * 3]


def test_a_silent_network_decides_by_its_last_potentials():
    seen = moment.moment_of(NET, TIMES, 16, (3.0, 100.0), near=0.3)
    assert seen.first == 16
    assert seen.potentials.tolist() == [4.0, 4.0]


def test_the_delta_of_the_outputs_is_that_of_cross_entropy():
    """By finite differences."""
    v, label, temperature = np.array([3.0, -1.0, 5.0]), 0, 4.0

    def loss(v):
        return -np.log(np.exp(v[label] / temperature) / np.exp(v / temperature).sum())

    slope = [(loss(v + h) - loss(v - h)) / 2e-6 for h in 1e-6 * np.eye(3)]
    np.testing.assert_allclose(moment.output_delta(v, label, temperature) / temperature, slope, atol=1e-8)


def test_only_neurons_that_could_matter_are_moved():
    delta = np.array([0.6, -0.6])
    seen = moment.Moment(
        10, np.array([True, True, False, False]), np.array([0, 5, -3, -3]), np.array([0, 0, 1, 0], bool), np.zeros(2)
    )
    w = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [9.0, 0.0]])
    back = moment.hidden_delta(delta, w, seen, window=5.0)
    np.testing.assert_allclose(back / back[0], [1.0, np.exp(-1.0), 1.0, 0.0])
    assert np.linalg.norm(back) == pytest.approx(np.linalg.norm(delta))


def test_where_no_output_could_cross_the_label_is_pulled():
    w, given, labels = task(3)
    w = Weights(w.hidden, -np.abs(w.output))
    after = moment.lesson(MomentRule(pace=Pace(rate=1e-9)), w, given.times[0], int(labels[0]), STEPS, THRESHOLDS)
    changed = np.abs(after.output - w.output).max(axis=0) > 1e-5
    assert np.flatnonzero(changed).tolist() == [labels[0]]
    assert (after.output[:, labels[0]] >= w.output[:, labels[0]]).all()


def test_it_makes_the_label_likelier():
    w, given, labels = task(0)
    rule = MomentRule(0.01, 0.01, pace=Pace(rate=1e-6))
    risen = []
    for times, label in zip(given.times, labels, strict=True):
        potentials = [
            moment.moment_of(net, times, STEPS, THRESHOLDS, 0.3).potentials
            for net in (w, moment.lesson(rule, w, times, int(label), STEPS, THRESHOLDS))
        ]
        before, after = (moment.output_delta(v, int(label), 10.0)[label] for v in potentials)
        risen.append(after > before)
    assert np.mean(risen) > 0.9, "rarely, the moment itself jumps to another step"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("seed", range(3))
def test_the_compiled_rule_is_the_reference(rule, seed):
    w, given, labels = task(seed)
    for first in range(0, len(given), 4):
        part, expected = slice(first, first + 4), w
        for times, label in zip(given.times[part], labels[part], strict=True):
            expected = moment.lesson(rule, expected, times, int(label), STEPS, THRESHOLDS)
        w, _ = learn(rule, w, given[part], labels[part], THRESHOLDS)
        for mine, meant in zip(w, expected, strict=True):
            np.testing.assert_allclose(mine, meant, atol=CLOSE, rtol=CLOSE)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("seed", range(3))
def test_the_compiled_rule_for_one_bit_is_the_reference(rule, seed):
    real, given, labels = task(seed)
    w = Binary(real.hidden - 1, real.output, np.array([5.0, 6.0]))
    for first in range(0, len(given), 4):
        part, expected = slice(first, first + 4), w
        for times, label in zip(given.times[part], labels[part], strict=True):
            expected = moment.binary_lesson(rule, expected, times, int(label), STEPS, THRESHOLDS)
        w, _ = learn_binary(rule, w, given[part], labels[part], THRESHOLDS)
        for mine, meant in zip(w, expected, strict=True):
            np.testing.assert_allclose(mine, meant, atol=CLOSE, rtol=CLOSE)


@pytest.mark.parametrize("heard", [(5, 2), (5, 6)], ids=["one output", "all outputs"])
def test_an_output_that_crosses_in_the_last_step_has_a_potential(heard):
    """It would fire after the end, so it is silent, and likely all the same."""
    steps, thresholds, rule = 8, (3.0, 3.0), MomentRule()
    w = Weights(
        np.array([[4, 0, 0], [4, 0, 1], [4, 0, 1], [0, 1, 1]], np.float32),
        np.array([heard, [1, 1], [1, 1]], np.float32),
    )
    times, label = np.array([6, 6, 6, 1]), np.array([1])
    given = Latencies(times[None], steps)
    assert moment.moment_of(w, times, steps, thresholds, rule.near).first == steps
    for mine, meant in zip(
        learn(rule, w, given, label, thresholds)[0], moment.lesson(rule, w, times, 1, steps, thresholds), strict=True
    ):
        np.testing.assert_allclose(mine, meant, atol=CLOSE)
    bits = Binary(w.hidden - 0.5, np.ones_like(w.output), np.array([2.0, 10.0]))
    for mine, meant in zip(
        learn_binary(rule, bits, given, label, thresholds)[0],
        moment.binary_lesson(rule, bits, times, 1, steps, thresholds),
        strict=True,
    ):
        np.testing.assert_allclose(mine, meant, atol=CLOSE)


def test_the_pace_of_a_late_network():
    pace, nobody = Pace(20.0, 0.3, 0.1), np.zeros(10, bool)
    silent = moment.Moment(64, nobody, np.zeros(10, int), nobody, np.array([-1.0, 2.0]))
    assert moment.paces(pace, silent, 64, 9.0) == pytest.approx((1.03, 1.0)), "the hidden layer comes first"
    fired = silent._replace(fired=np.arange(10) < 6, lead=np.full(10, 60))
    assert moment.paces(pace, fired, 64, 9.0) == pytest.approx((0.97, 1.0 + 0.1 * 44 / 64))
    assert moment.paces(pace, fired, 64, 1.0)[1] == 1.0, "it crossed, in the very last step"
    late = fired._replace(lead=np.full(10, 3))
    assert moment.paces(pace, late, 64, 9.0)[1] == 1.0, "the hidden layer fires at 60"
    negative = fired._replace(potentials=np.array([-1.0, -2.0]))
    assert moment.paces(pace, negative, 64, 9.0)[1] == 1.0, "larger weights would only be more negative"
    early = fired._replace(first=4, lead=np.full(10, 1))
    assert moment.paces(pace, early, 64, 9.0) == pytest.approx((0.97, 1.0 - 0.1 * 16 / 64))


def test_weights_do_not_grow_without_end():
    w, given, labels = task(4)
    rule = MomentRule(0.0, 1e6, pace=Pace(rate=1e-9))
    for after in (
        moment.lesson(rule, w, given.times[0], int(labels[0]), STEPS, THRESHOLDS),
        learn(rule, w, given[:1], labels[:1], THRESHOLDS)[0],
    ):
        assert np.abs(after.output).max() == moment.LARGEST * THRESHOLDS[1]


@pytest.mark.parametrize("wrong", [{"hidden": -1.0}, {"near": np.nan}, {"temperature": 0.0}, {"window": -1.0}])
def test_what_is_no_rule(wrong):
    with pytest.raises(InputError, match="needed"):
        MomentRule(**wrong)


def test_a_cooled_rule_has_smaller_rates():
    cooled = MomentRule(0.4, 0.2).cooled(0.5)
    assert (cooled.hidden, cooled.output, cooled.pace.rate) == (0.2, 0.1, 0.005)
