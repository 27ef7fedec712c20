import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Perceptron
from sklearn.neighbors import KNeighborsClassifier

from spikesight.base.errors import InputError
from spikesight.datasets.images import digits
from spikesight.estimators import answering as module
from spikesight.estimators.answering import answering
from spikesight.estimators.mostafa import Mostafa


@pytest.fixture(scope="module")
def first_spikes():
    images = digits()
    model = Mostafa((40,), epochs=5, batch=20, mean=(10.0, 3.0))
    return model.fit(images.train, images.train_labels)


def test_a_network_of_first_spikes_tells_what_when_and_for_how_many_spikes(first_spikes, monkeypatch):
    images = digits()
    said = answering(first_spikes)(images.test)
    right = said.prediction == images.test_labels
    assert right.mean() == pytest.approx(first_spikes.strict_score(images.test, images.test_labels))
    np.testing.assert_allclose(said.latency, first_spikes.decision_times(images.test))
    seen = first_spikes.watch(images.test)
    hidden = (seen.layers["hidden1"].times <= seen.answered[:, None]).sum(axis=1)
    np.testing.assert_array_equal(said.spikes, hidden + 1)  # and the neuron that answers
    assert said.spikes.mean() < 41
    monkeypatch.setattr(module, "ITEMS_AT_ONCE", 37)
    again = answering(first_spikes)(images.test)
    for column, same in zip(said, again, strict=True):
        np.testing.assert_array_equal(column, same)


def test_two_neurons_at_once_are_no_answer(first_spikes):
    tied = Mostafa((40,), mean=(10.0, 3.0)).begin(digits().train, digits().train_labels)
    tied.w_[1][:] = tied.w_[1][:, :1]
    assert (answering(tied)(digits().test[:20]).prediction == -1).all()


def test_votes_are_strict(fitted, some_digits):
    images, labels = some_digits[2:]
    said = answering(fitted)(images)
    assert (said.prediction == labels).mean() == pytest.approx(fitted.strict_score(images, labels))
    np.testing.assert_array_equal(said.spikes, fitted.transform(images).sum(axis=1))
    assert np.isnan(said.latency).all()


@pytest.mark.parametrize(
    "classifier",
    [LogisticRegression(max_iter=300), Perceptron(), KNeighborsClassifier(1)],
    ids=lambda c: type(c).__name__,
)
@pytest.mark.parametrize("classes", [2, 10])
def test_classifiers_of_scikit_learn_are_asked_too(classifier, classes):
    images = digits()
    train, test = (labels < classes for labels in (images.train_labels, images.test_labels))
    classifier.fit(images.train[train] / 16.0, images.train_labels[train])
    said = answering(classifier)(images.test[test] / 16.0)
    assert (said.prediction == images.test_labels[test]).mean() > 0.85
    assert np.isnan(said.spikes).all()


def test_features_take_a_readout():
    images = digits()

    class Halves:
        def transform(self, X):
            return X[:, ::2].astype(float)

    readout = LogisticRegression(C=0.01, max_iter=2000)
    readout.fit(Halves().transform(images.train), images.train_labels)
    said = answering(Halves(), readout)(images.test)
    assert (said.prediction == images.test_labels).mean() > 0.85
    with pytest.raises(InputError, match="Halves has features and no classes"):
        answering(Halves())
