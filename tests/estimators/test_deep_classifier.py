"""The estimator: scikit-learn's conventions, what is learned, exact resume, and what it says to bad input."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks
from torch import nn

from spikesight.base.errors import InputError
from spikesight.datasets.images import digits
from spikesight.deep import LIF, Hold, Network
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import Constant
from spikesight.deep.training.trainer import Trainer
from spikesight.estimators import deep_classifier
from spikesight.estimators.augmentation import Shifted
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Pixels
from spikesight.trace.watched import NO_ANSWER


@dataclass(frozen=True)
class OneHidden:
    """A net of one hidden layer, shown items for three steps."""

    hidden: int = 60
    dropout: float = 0.1

    def build(self, shape, classes):
        first = nn.Linear(int(np.prod(shape)), self.hidden)
        held = Hold(3, nn.Flatten(), first, nn.BatchNorm1d(self.hidden))
        return Network(held=held, lif=LIF(), drop=nn.Dropout(self.dropout), out=nn.Linear(self.hidden, classes))


@dataclass(frozen=True)
class FirstTen:
    """Takes items of any width: ten numbers of them."""

    shape = (10,)

    def __call__(self, X, largest):
        wide = np.pad(X.astype(np.float32)[:, :10], ((0, 0), (0, max(0, 10 - X.shape[1]))))
        return torch.from_numpy(wide) / largest


def small(**changes):
    settings = {"epochs": 6, "batch": 50, "optimiser": AdamW(1e-2), "per_round": 500, **changes}
    return DeepClassifier(OneHidden(), Pixels((1, 8, 8)), **settings)


EXPECTED = {
    "check_parameters_default_constructible": "architecture and loss are frozen dataclasses, not words or numbers"
}


@parametrize_with_checks(
    [DeepClassifier(OneHidden(20), FirstTen(), epochs=12, batch=20, optimiser=AdamW(3e-2))],
    expected_failed_checks=lambda estimator: EXPECTED,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.filterwarnings("ignore::spikesight.deep.training.early.LayerWarning")
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def fitted():
    images = digits()
    return small().fit(images.train, images.train_labels)


def assert_same(one, other):
    one, other = one.snapshot(), other.snapshot()
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


def test_digits_are_learned(fitted):
    images = digits()
    assert fitted.strict_score(images.test, images.test_labels) > 0.93
    begun = small().begin(images.train, images.train_labels)
    assert begun.strict_score(images.test, images.test_labels) < 0.5


def test_answers_go_together(fitted):
    images = digits().test[:120]
    scores, shares = fitted.scores(images), fitted.predict_proba(images)
    np.testing.assert_array_equal(fitted.predict(images), fitted.classes_[scores.argmax(1)])
    np.testing.assert_allclose(shares.sum(1), 1.0)
    np.testing.assert_array_equal(shares.argmax(1), scores.argmax(1))
    seen = fitted.watch(images)
    np.testing.assert_array_equal(seen.answer, scores.argmax(1))
    assert seen.layers["lif"].spikes.shape == (3, 120, 60)


def test_an_answer_does_not_depend_on_the_batch(fitted):
    images = digits().test[:230]
    whole = fitted.scores(images)
    np.testing.assert_array_equal(fitted.scores(images[9:12]), whole[9:12])
    np.testing.assert_array_equal(fitted.scores(images[150:]), whole[150:])
    np.testing.assert_array_equal(
        fitted.watch(images[150:]).layers["lif"].spikes, fitted.watch(images).layers["lif"].spikes[:, 150:]
    )


def test_a_tie_is_a_mistake():
    images = digits()
    begun = small().begin(images.train, images.train_labels)
    with torch.no_grad():
        begun.net_.out.weight.zero_()
        begun.net_.out.bias.zero_()
    assert (begun.watch(images.test[:5]).answer == NO_ANSWER).all()
    assert begun.strict_score(images.test, images.test_labels) == 0.0
    assert (begun.predict(images.test[:5]) == 0).all()


@pytest.mark.parametrize(
    "changes", [{}, {"augmentation": Shifted(1), "average": 0.95, "clip": 1.0}], ids=["plain", "all"]
)
def test_a_course_can_be_interrupted(changes):
    images = digits()
    X, y = images.train, images.train_labels
    whole, half = (small(**changes).begin(X, y) for _ in range(2))
    assert whole.rounds_ == 18
    for number in range(4):
        whole.round(X, y, number)
    for number in range(2):
        half.round(X, y, number)
    half.watch(X[:3])
    again = clone(half).go_on(half.snapshot(), X, y)
    for number in range(2, 4):
        again.round(X, y, number)
    assert_same(whole, again)
    np.testing.assert_array_equal(whole.scores(images.test), again.scores(images.test))


def test_a_snapshot_of_another_network_is_refused(fitted):
    images = digits()
    other = DeepClassifier(OneHidden(30), Pixels((1, 8, 8)))
    with pytest.raises(InputError, match="another network"):
        other.go_on(fitted.snapshot(), images.train, images.train_labels)


def test_the_average_answers():
    images = digits()
    model = small(average=0.99, epochs=2).fit(images.train, images.train_labels)
    averaged = model.scores(images.test[:20])
    weights = model.weights_now()
    model.trainer_.average = None
    assert not np.array_equal(model.scores(images.test[:20]), averaged)
    assert weights
    for name, raw in model.weights_now().items():
        assert not np.array_equal(raw, weights[name]), name


def test_partial_fit_learns_once_through():
    images = digits()
    model = small()
    for _ in range(4):
        model.partial_fit(images.train, images.train_labels)
    assert model.strict_score(images.test, images.test_labels) > 0.85
    assert isinstance(model.trainer_, Trainer)
    assert model.trainer_.schedule == Constant()


def test_labels_may_be_words():
    X = np.array([[0, 9], [1, 8], [9, 0], [8, 1]] * 10)
    y = np.array(["right", "right", "left", "left"] * 10)
    model = DeepClassifier(OneHidden(), FirstTen(), epochs=30, batch=10, optimiser=AdamW(1e-2)).fit(X, y)
    assert model.predict([[0, 7], [7, 0]]).tolist() == ["right", "left"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"epochs": 0}, "epochs is a whole number"), ({"batch": 2.5}, "batch is a whole"), ({"clip": 0.0}, "clip is the")],
    ids=["epochs", "batch", "clip"],
)
def test_bad_parameters_are_refused(changes, told):
    images = digits()
    with pytest.raises(InputError, match=told):
        small(**changes).fit(images.train, images.train_labels)


def test_bad_input_is_refused(fitted):
    with pytest.raises(InputError, match="NaN or infinite values in 1 of 2 stimuli, the first at row 1"):
        fitted.predict(np.array([[0.0] * 64, [np.nan] * 64]))
    with pytest.raises(InputError, match="64 features"):
        small().fit(np.ones((4, 10)), [0, 1, 0, 1])
    with pytest.raises(NotFittedError):
        small().predict(np.ones((4, 64)))


def test_few_items_are_filled_up(fitted, monkeypatch):
    images = digits().test[:7]
    whole = fitted.predict(images)
    monkeypatch.setattr(deep_classifier, "AT_ONCE", 3)
    np.testing.assert_array_equal(fitted.predict(images), whole)
