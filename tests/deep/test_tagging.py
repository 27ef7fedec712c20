"""Known without running: F1 by hand, its slope by differences, the threshold of perfect calibration, brute force."""

import numpy as np
import pytest
import torch

from spikesight.base.errors import InputError
from spikesight.deep.tagging import Decide, Descent, Macro, Micro, as_often_as_labelled, f1, learn_thresholds
from spikesight.equations.surrogate import Sigmoid

P, Y = np.array([[0.8], [0.3]]), np.array([[1], [1]])


def drawn(items=2000, seed=0):
    random = np.random.default_rng(seed)
    labels = random.random((items, 6)) < np.array([0.3, 0.1, 0.02, 0.2, 0.1, 0.05])
    z = random.standard_normal(labels.shape) + 2.5 * labels
    return 1.0 / (1.0 + np.exp(-(z * np.array([1, 2, 1, 0.5, 1, 1]) - np.array([4, 1, 6, 2, 0, 5.0])))), labels


def test_two_items_by_hand():
    assert f1(P, Y, 0.5) == pytest.approx(2 / 3)
    assert f1(P, Y, [0.2]) == 1.0
    theta = torch.tensor([0.5], requires_grad=True)
    decided = Decide.apply(torch.tensor(P, dtype=torch.float32), theta, Sigmoid(10.0))
    Micro().of(decided, torch.tensor(Y, dtype=torch.float32)).backward()
    assert theta.grad.item() < 0


def test_a_score_that_equals_its_threshold_decides():
    assert f1([[0.5]], [[1]], 0.5) == 1.0


@pytest.mark.parametrize("kind", [Micro(), Macro()], ids=["micro", "macro"])
def test_the_slope_is_that_of_relaxed_decisions(kind):
    random = np.random.default_rng(1)
    decided = torch.tensor(random.random((7, 3)), requires_grad=True)
    labels = torch.tensor((random.random((7, 3)) < 0.4).astype(float))
    labels[0] = 1.0
    kind.of(decided, labels).backward()
    for n, c in ((0, 0), (3, 2), (6, 1)):
        more, less = decided.detach().clone(), decided.detach().clone()
        more[n, c] += 1e-5
        less[n, c] -= 1e-5
        assert decided.grad[n, c].item() == pytest.approx(
            float(kind.of(more, labels) - kind.of(less, labels)) / 2e-5, abs=1e-6
        )


def test_the_slope_along_a_decision_as_published():
    random = np.random.default_rng(2)
    decided = torch.tensor(random.integers(0, 2, (9, 4)).astype(float), requires_grad=True)
    labels = torch.tensor(random.integers(0, 2, (9, 4)).astype(float))
    score = Micro().of(decided, labels)
    score.backward()
    expected = (2 * labels - score) / (decided.sum() + labels.sum())
    torch.testing.assert_close(decided.grad, expected.detach())


def test_of_perfect_calibration_the_best_threshold_is_half_of_the_best_f1():
    random = np.random.default_rng(3)
    scores = random.random((200_000, 1))
    labels = random.random(scores.shape) < scores
    learned = learn_thresholds(scores, labels)
    assert learned.thresholds[0] == pytest.approx(learned.f1 / 2, abs=0.02)


def test_an_increasing_function_of_scores_and_thresholds_changes_nothing():
    scores, labels = drawn()
    theta = np.array([0.1, 0.4, 0.02, 0.3, 0.5, 0.05])
    assert f1(scores, labels, theta) == f1(scores**3, labels, theta**3)


def test_brute_force_over_one_tag_is_reached():
    scores, labels = drawn(4000)
    scores, labels = scores[:, :1], labels[:, :1]
    learned = learn_thresholds(scores, labels, as_often_as_labelled(scores, labels))
    best = max(f1(scores, labels, threshold) for threshold in np.unique(scores)[::3])
    assert learned.f1 > best - 0.005
    assert learned.f1 == f1(scores, labels, learned.thresholds)


def test_the_order_of_items_and_tags_changes_nothing():
    scores, labels = drawn()
    learned = learn_thresholds(scores, labels, descent=Descent(steps=20))
    random = np.random.default_rng(4)
    items, tags = random.permutation(len(scores)), random.permutation(6)
    other = learn_thresholds(scores[items][:, tags], labels[items][:, tags], descent=Descent(steps=20))
    np.testing.assert_allclose(other.thresholds, learned.thresholds[tags], rtol=1e-4)


def test_learning_beats_one_half_and_its_start_also_on_other_items():
    (scores, labels), (other, other_labels) = drawn(), drawn(seed=1)
    start = as_often_as_labelled(scores, labels)
    learned = learn_thresholds(scores, labels, start)
    assert learned.f1 >= learned.curve[0]
    assert learned.curve[0] == pytest.approx(f1(scores, labels, start), abs=1e-6)
    assert f1(other, other_labels, learned.thresholds) > f1(other, other_labels, 0.5) + 0.05


def test_the_start_decides_as_often_as_labels_do():
    scores, labels = drawn()
    start = as_often_as_labelled(scores, labels)
    np.testing.assert_array_equal((scores >= start).sum(0), labels.sum(0))


def test_tags_without_items_stay_within_bounds_and_leave_the_macro_score_alone():
    scores, labels = drawn()
    labels[:, 2] = False
    assert as_often_as_labelled(scores, labels)[2] == 1.0
    learned = learn_thresholds(scores, labels, kind=Macro(), descent=Descent(steps=30, rate=2.0))
    assert np.isfinite(learned.curve).all()
    assert ((learned.thresholds >= 0) & (learned.thresholds <= 1)).all()
    rest = [0, 1, 3, 4, 5]
    assert f1(scores, labels, 0.4, Macro()) == pytest.approx(f1(scores[:, rest], labels[:, rest], 0.4, Macro()))


def test_scores_of_0_and_1_are_learned_from():
    learned = learn_thresholds([[0.0], [1.0], [1.0]], [[0], [1], [0]], descent=Descent(steps=3))
    assert learned.f1 == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("scores", "labels", "says"),
    [
        ([0.5], [1], "items, tags"),
        ([[0.5]], [[1, 0]], "items, tags"),
        ([[np.nan]], [[1]], "NaN"),
        ([[0.5]], [[2]], "0 or 1"),
        ([[1.5]], [[1]], "take a sigmoid"),
    ],
    ids=["flat", "shapes", "nan", "labels", "logits"],
)
def test_errors_say_what_is_wrong(scores, labels, says):
    with pytest.raises(InputError, match=says):
        learn_thresholds(scores, labels)


def test_other_errors():
    with pytest.raises(InputError, match="finite numbers"):
        f1(P, Y, [0.1, 0.2])
    with pytest.raises(InputError, match="between 0 and 1"):
        learn_thresholds(P, Y, 2.0)
    with pytest.raises(InputError, match="above 0"):
        Descent(steps=0)
