"""The estimator: scikit-learn's conventions, repeatability, XOR, and what it says to bad input."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from spikesight.base.errors import InputError
from spikesight.datasets.images import digits
from spikesight.estimators import mostafa
from spikesight.estimators.augmentation import Shifted
from spikesight.estimators.mostafa import LATEST, Mostafa
from spikesight.first_spike.health import SilentLayer
from spikesight.first_spike.learning.mostafa import EarliestWins, Restraint

EXPECTED = {
    "check_classifiers_train": "asks for 83 % on two-dimensional blobs; two inputs that are early or late are no blobs",
    "check_parameters_default_constructible": "the loss and the restraint are frozen dataclasses, not words or numbers",
}


def small(**changes):
    return Mostafa(**{"hidden": (40,), "epochs": 4, "batch": 20, "mean": (10.0, 3.0), **changes})


@parametrize_with_checks([small()], expected_failed_checks=lambda estimator: EXPECTED)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def fitted():
    images = digits()
    return small(epochs=15).fit(images.train, images.train_labels)


def test_xor_is_solved():
    X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])  # the last input is early in all: the bias
    y = np.array([0, 1, 1, 0])
    solved = Mostafa((4,), epochs=1000, batch=4, rate=0.02, mean=(3.0, 3.0), spread=(1.0, 1.0), late=2.0, seed=1)
    assert solved.fit(X, y).strict_score(X, y) == 1.0


def test_digits_are_learned(fitted):
    images = digits()
    assert fitted.strict_score(images.test, images.test_labels) > 0.85
    begun = small().begin(images.train, images.train_labels)
    assert begun.strict_score(images.test, images.test_labels) < 0.5


def test_two_hidden_layers_learn_too():
    images = digits()
    deep = Mostafa((40, 30), epochs=15, batch=20, mean=(10.0, 5.0, 5.0), spread=(0.3, 0.3, 0.3))
    deep.fit(images.train, images.train_labels)
    assert deep.strict_score(images.test, images.test_labels) > 0.8
    assert [layer.name for layer in deep.sketch_.layers] == ["input", "hidden1", "hidden2", "out"]


def test_the_first_to_fire_is_the_answer(fitted):
    images = digits().test[:50]
    seen, scores = fitted.watch(images), fitted.decision_function(images)
    np.testing.assert_array_equal(fitted.classes_[seen.answer], fitted.predict(images))
    np.testing.assert_array_equal(scores.argmax(axis=1), seen.answer)
    np.testing.assert_allclose(-scores.max(axis=1), fitted.decision_times(images))
    np.testing.assert_array_equal(seen.answered, fitted.decision_times(images))
    np.testing.assert_allclose(seen.layers["out"].times.min(axis=1), seen.answered)


def test_bright_pixels_are_early(fitted):
    image = digits().test[:1]
    times = fitted.watch(image).layers["input"].flat().times
    np.testing.assert_allclose(times[image > 8], 0.0)
    np.testing.assert_allclose(times[image <= 8], 10e-3 * math.log(6))


def test_an_answer_does_not_depend_on_the_batch(fitted, monkeypatch):
    images = digits().test[:50]
    whole = fitted.decision_function(images)
    monkeypatch.setattr(mostafa, "ITEMS_AT_ONCE", 7)
    np.testing.assert_array_equal(fitted.decision_function(images), whole)
    np.testing.assert_array_equal(fitted.decision_function(images[9:]), whole[9:])


def test_images_may_have_planes_that_move_together():
    shown = []

    @dataclass(frozen=True)
    class Seen:
        def __call__(self, images, random):
            shown.append(images)
            return Shifted(1)(images, random)

    pixels = digits().train[:100].reshape(100, 1, 8, 8)
    X = np.concatenate([pixels, pixels, pixels], axis=1).reshape(100, -1)
    model = small(epochs=1, image_shape=(3, 8, 8), augmentation=Seen()).fit(X, digits().train_labels[:100])
    assert [images.shape for images in shown] == [(20, 3, 8, 8)] * 5
    assert model.sketch_.layers[0].shape == (3, 8, 8)
    assert model.watch(X[:2]).layers["input"].shape == (3, 8, 8)


@pytest.mark.parametrize("changes", [{}, {"augmentation": Shifted(1)}, {"drop": 0.2}])
def test_a_course_can_be_interrupted(changes, monkeypatch):
    monkeypatch.setattr(mostafa, "PER_ROUND", 500)
    images = digits()
    X, y = images.train, images.train_labels
    whole, half = (small(**changes).begin(X, y) for _ in range(2))
    for number in range(4):
        whole.round(X, y, number)
    for number in range(2):
        half.round(X, y, number)
    again = clone(half).go_on(half.snapshot(), X, y)
    for number in range(2, 4):
        again.round(X, y, number)
    for name, array in whole.snapshot().items():
        np.testing.assert_array_equal(array, again.snapshot()[name], err_msg=name)


def test_the_number_of_cores_changes_nothing(monkeypatch):
    images = digits().first(300, 0)
    snapshots = []
    for cores in (1, 3):
        monkeypatch.setattr("spikesight.base.spread.usable_cores", lambda cores=cores: cores)
        snapshots.append(small(epochs=1).fit(images.train, images.train_labels).snapshot())
    for name, array in snapshots[0].items():
        np.testing.assert_array_equal(array, snapshots[1][name], err_msg=name)


def test_frozen_layers_keep_their_weights_and_the_others_learn():
    images = digits()
    model = small(frozen=1, spread=(3.0, 0.3)).begin(images.train, images.train_labels)
    first = model.w_[0].copy()
    model.fit(images.train, images.train_labels)
    np.testing.assert_array_equal(model.w_[0], first)
    assert model.strict_score(images.test, images.test_labels) > 0.5


def test_partial_fit_learns_once_through():
    images = digits()
    model = small()
    for _ in range(6):
        model.partial_fit(images.train, images.train_labels)
    assert model.strict_score(images.test, images.test_labels) > 0.7


def test_slopes_of_dropped_neurons_are_those_of_finite_differences():
    X, y = digits().train[:6], digits().train_labels[:6]
    model = small(drop=0.3, loss=EarliestWins(0.5), late=1.0).begin(X, y)
    model.w_ = [w.astype(np.float64) for w in model.w_]
    early, labels = model._early(X), np.searchsorted(model.classes_, y)

    def slopes():
        return model._slopes(early, labels, np.random.default_rng(0))

    told = slopes()[1]
    for layer, place in ((0, (20, 3)), (0, (43, 10)), (1, (5, 2)), (1, (17, 1))):
        values = []
        for h in (1e-6, -1e-6):
            model.w_[layer][place] += h
            values.append(slopes()[2].mean())
            model.w_[layer][place] -= h
        assert told[layer][place] == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-4, abs=1e-8)


def test_what_comes_later_than_is_watched_never_came(fitted):
    model = clone(fitted).begin(digits().train, digits().train_labels)
    model.w_[1][:] = (1.0 + 1e-6) / 40  # of 40 hidden spikes, just enough, in the end
    watched = model.watch(digits().test[:2])
    assert watched.layers["out"].times.min() <= LATEST * model.tau or np.isinf(watched.layers["out"].times).all()
    assert watched.layers["out"].ticks(model.sketch_.tick).max() < model.sketch_.steps


def test_silence_is_a_mistake_and_no_answer(fitted):
    model = clone(fitted).begin(digits().train, digits().train_labels)
    model.w_[1][:] = 0
    assert model.strict_score(digits().test, digits().test_labels) == 0.0
    assert (model.watch(digits().test[:3]).answer == -1).all()
    assert np.isnan(model.decision_times(digits().test[:3])).all()


def test_a_tie_is_a_mistake(fitted):
    model = clone(fitted).begin(digits().train, digits().train_labels)
    model.w_[1][:] = model.w_[1][:, :1]
    assert model.strict_score(digits().test, digits().test_labels) == 0.0


def test_a_layer_that_never_fires_is_told_by_name():
    images = digits().first(100, 0)
    with pytest.warns(SilentLayer, match="no neuron of hidden1 fired"):
        small(mean=(-10.0, 3.0), restraint=Restraint(cost=0.0)).fit(images.train, images.train_labels)
    with pytest.warns(SilentLayer, match="no neuron of out fired"):
        small(mean=(10.0, -3.0), restraint=Restraint(cost=0.0)).fit(images.train, images.train_labels)


def test_an_image_without_contrast_is_answered(fitted):
    flat = np.zeros((2, 64)), np.full((2, 64), 16)
    for images in flat:
        assert fitted.predict(images).shape == (2,)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"hidden": ()}, "hidden"),
        ({"hidden": (10, 10)}, "3 layers"),
        ({"hidden": (2.5,)}, "hidden"),
        ({"hidden": 40}, "hidden"),
        ({"epochs": 0}, "epochs"),
        ({"epochs": 1.5}, "epochs"),
        ({"batch": 1.5}, "batch"),
        ({"level": np.nan}, "level"),
        ({"drop": 1.0}, "drop"),
        ({"rate": 0.0}, "rate"),
        ({"frozen": 2}, "frozen"),
        ({"image_shape": (7, 9)}, "image_shape"),
    ],
)
def test_parameters_that_make_no_network_are_refused(changes, says):
    with pytest.raises(InputError, match=says):
        small().set_params(**changes).fit(digits().train[:50], digits().train_labels[:50])


def test_a_snapshot_of_another_network_is_refused(fitted):
    with pytest.raises(InputError, match="another network"):
        small(hidden=(30,)).go_on(fitted.snapshot(), digits().train, digits().train_labels)


def test_bad_images_are_refused(fitted):
    images = digits().test.astype(float)
    for bad in (np.where(images > 15, np.nan, images), images - 1):
        with pytest.raises(InputError):
            fitted.predict(bad)
