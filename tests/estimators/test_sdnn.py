"""SDNN: features without labels, in rounds that can be interrupted, in scikit-learn's pipelines."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from spikesight.base.errors import InputError
from spikesight.datasets.images import digits
from spikesight.encoding.on_off import OnOff
from spikesight.estimators.sdnn import SDNN
from spikesight.executors.reference import Reference
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.features import FinalPotentials, WhetherFired
from spikesight.first_spike.health import SilentLayer
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.stage import Stage

RULE = Stdp(0.02, -0.015, doubling=100)
STAGES = (
    Stage("conv1", Convolution(16, (3, 3), 3.0, padding=(1, 1)), Pooling((2, 2)), RULE, 4, 1, images=3000),
    Stage("conv2", Convolution(60, (3, 3), 2.0, padding=(1, 1)), rule=RULE, winners=4, radius=1, images=6000),
)


def small(**changes):
    settings = {
        "stages": STAGES,
        "encoder": OnOff(size=3, centre=0.5, surround=1.0, threshold=1.0, radius=None),
        "features": FinalPotentials(3),
        "per_round": 250,
    }
    return SDNN(**{**settings, **changes})


@pytest.fixture(scope="module")
def images():
    return digits()


@pytest.fixture(scope="module")
def fitted(images):
    return small().fit(images.train)


def test_features_of_a_trained_network_serve_a_linear_classifier_better_than_those_of_an_untrained(images, fitted):
    def accuracy(network):
        classifier = make_pipeline(StandardScaler(), LinearSVC(C=0.01, random_state=0))
        classifier.fit(network.transform(images.train), images.train_labels)
        return classifier.score(network.transform(images.test), images.test_labels)

    learned, untrained = accuracy(fitted), accuracy(small().begin(images.train))
    assert learned > untrained + 0.03  # the least that counts as reproduced
    assert learned > 0.9


def test_weights_have_decided_and_every_map_has_won(fitted):
    assert max(fitted.convergence_) < 0.01
    assert all(wins.min() > 0 for wins in fitted.wins_)
    assert all(w.min() >= 0.0 and w.max() <= 1.0 for w in fitted.weights_)


def test_in_a_pipeline_it_is_fitted_with_labels_it_does_not_use(images):
    chain = make_pipeline(small(), StandardScaler(), LinearSVC(C=0.01, random_state=0))
    chain.fit(images.train[:400], images.train_labels[:400])
    assert chain.score(images.test, images.test_labels) > 0.8
    other = small().fit(images.train[:400])
    np.testing.assert_array_equal(chain[0].weights_[1], other.weights_[1])


def test_rounds_become_fewer_where_a_stage_has_converged(images):
    stages = (Stage("conv1", STAGES[0].convolution, rule=RULE, winners=4, images=9000, converged=0.1), STAGES[1])
    network = small(stages=stages, per_round=100).begin(images.train)
    assert network.rounds_ == 90 + 60
    done = 0
    while done < network.rounds_:
        told = network.round(images.train, None, done)
        done += 1
    assert network.learned_[0] < 9000
    assert network.done_.sum() == done < 70
    assert told["images"] == 100
    assert set(told) == {"convergence", "convergence of conv2", "silent maps of conv2", "images"}
    assert network.round(images.train, None, done) == {"images": 0.0}


def test_an_interrupted_training_goes_on_as_if_nothing_had_happened(images):
    whole, first = small().begin(images.train), small().begin(images.train)
    for number in range(5):
        whole.round(images.train, None, number)
        if number < 3:
            first.round(images.train, None, number)
    kept = {name: values.copy() for name, values in first.snapshot().items()}
    first.round(images.train, None, 3)
    again = small().go_on(kept, images.train)
    for number in (3, 4):
        again.round(images.train, None, number)
    for name, values in whole.snapshot().items():
        np.testing.assert_array_equal(again.snapshot()[name], values, err_msg=name)


def test_the_reference_learns_the_same(images):
    some = images.train[:40]
    stages = tuple(Stage(one.name, one.convolution, one.pooling, RULE, 4, 1, images=40) for one in STAGES)
    fast, slow = (small(stages=stages, executor=executor).fit(some) for executor in (small().executor, Reference()))
    for a, b in zip(fast.wins_, slow.wins_, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_allclose(fast.transform(some), slow.transform(some), rtol=1e-4)


def test_features_do_not_depend_on_the_batch(images, fitted):
    whole = fitted.transform(images.test[:300])
    np.testing.assert_array_equal(whole[250:], fitted.transform(images.test[250:300]))


def test_flags_are_sparse_and_say_who_fired(images, fitted):
    flags = clone(fitted).set_params(features=WhetherFired()).go_on(fitted.snapshot(), images.train)
    found = flags.transform(images.test[:9])
    seen = fitted.watch(images.test[:9]).layers["conv2"]
    np.testing.assert_array_equal(found.toarray(), seen.flat().fired)


def test_partial_fit_teaches_one_stage_after_the_other(images):
    stages = tuple(Stage(one.name, one.convolution, one.pooling, RULE, 4, 1, images=100) for one in STAGES)
    network = small(stages=stages)
    untrained = small(stages=stages).begin(images.train).weights_[1]
    network.partial_fit(images.train[:100])
    np.testing.assert_array_equal(network.weights_[1], untrained)
    kept = network.weights_[0].copy()
    network.partial_fit(images.train[:100])
    np.testing.assert_array_equal(network.weights_[0], kept)
    assert network.learned_.tolist() == [100, 100]
    network.partial_fit(images.train[:100])
    assert network.learned_.tolist() == [100, 100]


def test_what_is_watched(images, fitted):
    seen = fitted.watch(images.test[:5])
    assert {name: one.shape for name, one in seen.layers.items()} == {
        "input": (2, 8, 8),
        "conv1": (16, 8, 8),
        "conv1_pooled": (16, 4, 4),
        "conv2": (60, 4, 4),
    }
    assert (seen.layers["conv1"].fired.sum(axis=1) <= 1).all()
    assert (seen.answer == -1).all()


def test_a_layer_that_never_fires_is_told_by_name(images):
    deaf = (Stage("deaf", Convolution(3, (3, 3), 99.0), images=100),)
    with pytest.warns(SilentLayer, match="deaf: no neuron fired for any of 100 images.*threshold, 99"):
        small(stages=deaf).fit(images.train)


def test_images_without_contrast_have_features_too(fitted):
    flat = fitted.transform(np.full((2, 64), 9.0))
    np.testing.assert_array_equal(flat, np.zeros_like(flat))


def test_images_that_are_not_square():
    X = np.random.default_rng(0).integers(0, 17, (30, 48))
    network = small(image_shape=(6, 8)).fit(X)
    assert network.transform(X).shape == (30, 540)
    with pytest.raises(InputError, match="48 pixels"):
        small().fit(X)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"stages": ()}, "stages are one or more"),
        ({"stages": (STAGES[0], STAGES[0])}, "names of their own"),
        ({"per_round": 0}, "per_round"),
        ({"stages": (Stage("wide", Convolution(3, (9, 9), 1.0)),)}, "does not fit"),
        ({"features": FinalPotentials(5)}, "maps of 4 x 4 have 1 x 1 to 4 x 4 fields"),
    ],
)
def test_refused(images, changes, told):
    with pytest.raises(InputError, match=told):
        small(**changes).begin(images.train)


def test_nan_is_refused(images):
    X = images.train[:10].astype(np.float32)
    X[3, 5] = np.nan
    with pytest.raises(InputError, match="NaN"):
        small().fit(X)


def test_a_snapshot_of_another_network_is_refused(images):
    with pytest.raises(InputError, match="another network"):
        small().go_on(small(stages=STAGES[:1]).begin(images.train).snapshot(), images.train)
