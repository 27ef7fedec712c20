"""The estimator: scikit-learn's conventions, rounds that can be interrupted, and features that are worth something."""

import pickle
from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from spikesight.base.errors import InputError
from spikesight.datasets.images import digits
from spikesight.estimators.falez import FalezCSNN
from spikesight.executors.reference import Reference
from spikesight.first_spike.adaptive_stage import AdaptiveStage
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.health import SilentLayer
from spikesight.first_spike.learning.target_time import TargetTime
from spikesight.first_spike.pooling import Pooling

EXPECTED = {
    "check_parameters_default_constructible": "stages are frozen dataclasses, not words or numbers",
    "check_transformer_preserve_dtypes": "features are float32, whatever X is",
}

POINT = AdaptiveStage("point", Convolution(4, (1, 1), 0.5), passes=2, target=TargetTime(0.75, 0.1, 0.1))
"""A stage for the images of one row that scikit-learn's checks make."""


@dataclass(frozen=True)
class BothSigns:
    """A frozen value and no function: its name in the tests is the same in every process."""

    def __call__(self, images):
        return np.stack([images, images.max() - images], axis=1)


@parametrize_with_checks(
    [FalezCSNN((POINT,), contrast=BothSigns(), per_round=50)], expected_failed_checks=lambda estimator: EXPECTED
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.filterwarnings("ignore::spikesight.first_spike.health.SilentLayer")
def test_scikit_learns_own_checks(estimator, check, monkeypatch):
    monkeypatch.setattr(FalezCSNN, "begin", _in_a_row(FalezCSNN.begin))
    check(estimator)


def _in_a_row(begin):
    def begin_with_any_width(self, X, y=None):
        shape = np.asarray(X).shape
        width = shape[1] if len(shape) == 2 else 1
        self.image_shape = (1, width)
        try:
            return begin(self, X, y)
        finally:
            self.image_shape = None

    return begin_with_any_width


def small(**more):
    """A network for 8 x 8 digits: windows of 3 x 3 on 8 x 8, then of 2 x 2 on 3 x 3."""
    stages = (
        AdaptiveStage("conv1", Convolution(8, (3, 3), 4.0), Pooling((2, 2)), passes=3, annealing=0.6),
        AdaptiveStage("conv2", Convolution(24, (2, 2), 6.0), passes=2, annealing=0.6),
    )
    return FalezCSNN(stages, **{"steps": 100, "per_round": 300, **more})


@pytest.fixture(scope="module")
def images():
    return digits().first(700, 450)


def test_features_are_those_of_a_trained_network(images):
    """Over three seeds a linear classifier reads more from 8 maps that learned than from 8 that did not."""
    gains = []
    for seed in range(3):
        trained = small(seed=seed, fields=2, reads=("conv1",)).fit(images.train)
        scores = []
        for model in (trained, clone(trained).begin(images.train)):
            classifier = make_pipeline(MinMaxScaler(), LogisticRegression(max_iter=2000))
            classifier.fit(model.transform(images.train), images.train_labels)
            scores.append(classifier.score(model.transform(images.test), images.test_labels))
        gains.append(scores[0] - scores[1])
    assert np.mean(gains) > 0.0


def test_rounds_are_stages_passes_and_parts(images):
    model = small().begin(images.train)
    assert model.rounds_ == 3 * (3 + 2)
    told = [model.round(images.train, None, number) for number in range(model.rounds_)]
    assert [one["images"] for one in told[:3]] == [300, 300, 100]
    assert "threshold of conv1" in told[8]
    assert "threshold of conv2" in told[9]
    with pytest.raises(InputError, match="training has 15 rounds, from 0; got 15"):
        model.round(images.train, None, 15)


def test_an_interruption_in_the_second_stage_changes_nothing(images):
    whole = small().fit(images.train)
    begun = small().begin(images.train)
    for number in range(11):
        begun.round(images.train, None, number)
    again = small().go_on({name: np.array(values) for name, values in begun.snapshot().items()}, images.train)
    for number in range(11, again.rounds_):
        again.round(images.train, None, number)
    for name, values in whole.snapshot().items():
        np.testing.assert_array_equal(values, again.snapshot()[name], err_msg=name)


def test_a_snapshot_of_another_network_is_refused(images):
    snapshot = small().begin(images.train).snapshot()
    other = FalezCSNN((AdaptiveStage("conv1", Convolution(9, (3, 3), 4.0)),))
    with pytest.raises(InputError, match=r"compare conv1\.w, conv1\.thresholds"):
        other.go_on(snapshot, images.train)


def test_earlier_stages_stay_as_they_are_while_later_ones_learn(images):
    model = small().begin(images.train)
    for number in range(9):
        model.round(images.train, None, number)
    first = model.parameters_[0].w.copy()
    model.round(images.train, None, 9)
    np.testing.assert_array_equal(model.parameters_[0].w, first)


def test_the_scale_of_images_does_not_matter(images):
    one, other = (small().fit(x) for x in (images.train, images.train.astype(float) * 8))
    np.testing.assert_allclose(one.transform(images.test), other.transform(images.test * 8.0), atol=1e-6)


def test_features_do_not_depend_on_the_batch(images):
    model = small().fit(images.train)
    whole = model.transform(images.test)
    assert whole.shape == (450, 24 * 2 * 2)
    np.testing.assert_array_equal(whole[7:9], model.transform(images.test[7:9]))
    model.set_params(reads=("conv1", "conv2"))
    assert model.transform(images.test[:3]).shape == (3, 8 * 3 * 3 + 24 * 2 * 2)


def test_the_reference_learns_the_same(images):
    few = images.train[:60]
    one, other = (small(executor=executor).fit(few) for executor in (Reference(), small().executor))
    for name, values in one.snapshot().items():
        np.testing.assert_allclose(values, other.snapshot()[name], rtol=1e-4, atol=1e-6, err_msg=name)


def test_a_flat_image_gives_no_spike(images):
    model = small().fit(images.train)
    seen = model.watch(np.zeros((2, 64)))
    assert not any(latencies.fired.any() for latencies in seen.layers.values())
    assert not model.transform(np.zeros((2, 64))).any()


def test_a_layer_that_never_fires_is_named(images):
    stages = (AdaptiveStage("deaf", Convolution(4, (3, 3), 400.0)),)
    model = FalezCSNN(stages, per_round=300).begin(images.train)
    with pytest.warns(SilentLayer, match=r"no neuron of deaf fired .* lower its threshold \(now (399|400)\.?"):
        model.round(images.train, None, 0)


def test_it_pickles_before_and_after_training(images):
    model = small().begin(images.train)
    model.round(images.train, None, 0)
    copied = pickle.loads(pickle.dumps(model))  # noqa: S301 (our own bytes)
    np.testing.assert_array_equal(copied.transform(images.test[:5]), model.transform(images.test[:5]))
    assert len(pickle.dumps(model)) < 200_000


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"stages": ()}, "stages are one or more"),
        ({"stages": (POINT, POINT)}, "names of their own"),
        ({"reads": ("conv3",)}, "reads names stages"),
        ({"reads": ()}, "reads names stages"),
        ({"steps": 0}, "steps is 0"),
        ({"per_round": 1.5}, "per_round is 1.5"),
        ({"image_shape": (4, 5)}, "make no image of 4 x 5"),
    ],
)
def test_parameters_that_make_no_network(images, wrong, says):
    with pytest.raises(InputError, match=says):
        small().set_params(**wrong).fit(images.train)


def test_nan_is_refused(images):
    X = images.train.astype(float)
    X[3, 5] = np.nan
    with pytest.raises(InputError, match="NaN"):
        small().fit(X)
