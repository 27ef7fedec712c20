"""S4NN's rule: the two networks that were worked out by hand, the silent case, what must not change."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latency import GreySteps
from spikesight.first_spike.learning import s4nn
from spikesight.first_spike.learning.s4nn import Pace, S4NNRule, Weights

TIMES, STEPS, THRESHOLDS = np.array([2, 5, 9]), 16, (3.0, 3.0)
RULE = S4NNRule(decay=0.0)
NET_A = Weights(np.array([[4.0, 1.0], [0.0, 1.0], [0.0, 4.0]]), np.array([[1.0, 4.0], [3.0, 0.0]]))
NET_B = Weights(np.array([[2.0, 1.0], [2.0, 1.0], [1.0, 4.0]]), np.array([[2.0, 1.0], [2.0, 3.0]]))


def random_net(seed, inputs=30, hidden=12, classes=4):
    random = np.random.default_rng(seed)
    w = Weights(random.uniform(-1, 4, (inputs, hidden)), random.uniform(-4, 8, (hidden, classes)))
    return w, random.integers(0, 60, inputs)


def test_from_pixels_to_times():
    assert GreySteps(256)(np.array([[255, 254, 128, 1, 0]], np.uint8)).times.tolist() == [[0, 1, 127, 254, 256]]


def test_net_a_forward():
    seen = s4nn.times_of(NET_A, TIMES, STEPS, THRESHOLDS)
    assert seen.hidden.tolist() == [3, 10]
    assert seen.output.tolist() == [11, 4]


def test_net_a_targets_and_deltas():
    wanted = s4nn.targets(np.array([11, 4]), 0, STEPS, 3)
    assert wanted.tolist() == [4, 7]
    raw = (wanted - np.array([11, 4])) / STEPS
    assert raw.tolist() == [-0.4375, 0.1875]
    np.testing.assert_allclose(s4nn.unit(raw), [-0.919145, 0.393919], atol=1e-6)


def test_net_a_learns_as_worked_out():
    after = s4nn.lesson(RULE, NET_A, TIMES, 0, STEPS, THRESHOLDS)
    np.testing.assert_allclose(after.output, [[1.183829, 3.921216], [3.183829, 0.0]], atol=1e-6)
    hidden = [[3.969172, 1.197610], [0.0, 1.197610], [0.0, 4.197610]]
    np.testing.assert_allclose(after.hidden, hidden, atol=1e-6)


def test_the_hidden_delta_uses_the_output_weights_just_changed():
    seen = s4nn.times_of(NET_A, TIMES, STEPS, THRESHOLDS)
    mask = s4nn.before(seen.hidden, seen.output)
    assert mask.T.tolist() == [[True, True], [True, False]]
    delta = s4nn.unit(np.array([-0.4375, 0.1875]))
    new = s4nn.moved(NET_A.output, delta, mask, 0.2)
    np.testing.assert_allclose(s4nn.handed_back(delta, new, mask), [0.456532, -2.926401], atol=1e-6)
    np.testing.assert_allclose(s4nn.handed_back(delta, NET_A.output, mask), [0.656532, -2.757435], atol=1e-6)
    np.testing.assert_allclose(s4nn.unit(s4nn.handed_back(delta, new, mask)), [0.154140, -0.988049], atol=1e-6)


def test_net_b_is_a_tie():
    seen = s4nn.times_of(NET_B, TIMES, STEPS, THRESHOLDS)
    assert seen.hidden.tolist() == [6, 10]
    assert seen.output.tolist() == [11, 11]
    wanted = s4nn.targets(seen.output, 0, STEPS, 3)
    assert wanted.tolist() == [11, 14]
    np.testing.assert_allclose(s4nn.unit((wanted - seen.output) / STEPS), [0.0, 1.0])


def test_silence():
    silent = np.array([16, 16])
    assert s4nn.targets(silent, 0, STEPS, 3).tolist() == [13, 16]
    np.testing.assert_allclose(s4nn.unit((s4nn.targets(silent, 0, STEPS, 3) - silent) / STEPS), [-1.0, 0.0])
    assert s4nn.targets(silent, 0, STEPS, 3, rescue=False).tolist() == [16, 16]


def test_targets_never_lie_behind_the_end():
    assert s4nn.targets(np.array([14, 15, 16]), 2, STEPS, 3).tolist() == [16, 16, 14]


def test_a_right_answer_with_margin_changes_nothing():
    w, times = random_net(3)
    seen = s4nn.times_of(w, times, 64, (20.0, 20.0))
    label = int(seen.output.argmin())
    others = np.delete(seen.output, label)
    margin = int(others.min() - seen.output[label])
    assert margin >= 1, "the network must be sure for this test"
    after = s4nn.lesson(S4NNRule(decay=0.0, margin=margin), w, times, label, 64, (20.0, 20.0))
    assert all(np.array_equal(a, b) for a, b in zip(after, w, strict=True))


def test_a_later_image_is_answered_later():
    w, times = random_net(0)
    early, late = (s4nn.times_of(w, times + by, 200, (20.0, 20.0)) for by in (0, 70))
    for before, after in zip(early, late, strict=True):
        np.testing.assert_array_equal(after[after < 200], before[before < 200] + 70)


def test_the_order_of_hidden_neurons_means_nothing():
    w, times = random_net(1)
    order = np.random.default_rng(0).permutation(12)
    after = s4nn.lesson(RULE, w, times, 1, 64, (20.0, 20.0))
    swapped = s4nn.lesson(RULE, Weights(w.hidden[:, order], w.output[order]), times, 1, 64, (20.0, 20.0))
    np.testing.assert_allclose(swapped.hidden, after.hidden[:, order], atol=1e-12)
    np.testing.assert_allclose(swapped.output, after.output[order], atol=1e-12)


def test_an_image_moves_inputs_by_the_rate_at_most():
    w, times = random_net(2)
    after = s4nn.lesson(RULE, w, times, 0, 64, (20.0, 20.0))
    assert np.sqrt(((after.hidden - w.hidden) ** 2).sum(axis=1)).max() <= 0.2 + 1e-9
    assert np.sqrt(((after.output - w.output) ** 2).sum(axis=1)).max() <= 0.2 + 1e-9
    assert not np.array_equal(after.hidden, w.hidden)


def test_weights_decay_after_every_image():
    w, times = random_net(2)
    plain, decayed = (s4nn.lesson(S4NNRule(decay=decay), w, times, 0, 64, (20.0, 20.0)) for decay in (0.0, 1e-3))
    np.testing.assert_allclose(decayed.hidden, plain.hidden * (1 - 0.2e-3))
    np.testing.assert_allclose(decayed.output, plain.output * (1 - 0.2e-3))


def test_a_pace_scales_both_layers():
    w, times = random_net(2)
    seen = s4nn.times_of(w, times, 64, (20.0, 20.0))
    plain = s4nn.lesson(RULE, w, times, 0, 64, (20.0, 20.0))
    paced = s4nn.lesson(S4NNRule(decay=0.0, pace=Pace(40.0, 0.25, 0.1)), w, times, 0, 64, (20.0, 20.0))
    first = seen.output.min()
    np.testing.assert_allclose(paced.output, plain.output * (1 + 0.1 * (first - 40.0) / 64))
    np.testing.assert_allclose(paced.hidden, plain.hidden * (1 + 0.1 * (0.25 - (seen.hidden < first).mean())))


@pytest.mark.parametrize("wrong", [{"hidden": -1.0}, {"output": np.nan}, {"decay": -1e-9}, {"margin": 0}])
def test_what_is_no_rule(wrong):
    with pytest.raises(InputError, match=r"needed|at least"):
        S4NNRule(**wrong)


@pytest.mark.parametrize("wrong", [{"decision": 0.0}, {"share": 1.0}, {"rate": 0.0}])
def test_what_is_no_pace(wrong):
    with pytest.raises(InputError, match="a pace is"):
        Pace(**wrong)


def test_a_cooled_rule_has_smaller_rates():
    cooled = S4NNRule(1.0, 0.5, pace=Pace(rate=0.02)).cooled(0.1)
    assert (cooled.hidden, cooled.output, cooled.margin) == (0.1, 0.05, 3)
    assert cooled.pace == Pace(rate=0.02 * 0.1)
    assert S4NNRule().cooled(0.5).pace is None
