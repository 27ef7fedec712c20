"""The classifier: scikit-learn's conventions, that it learns, goes on exactly, and what it says to bad input."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from spikesight.base.cores import LIMIT
from spikesight.base.errors import InputError
from spikesight.datasets.images import digits
from spikesight.encoding.latency import LinearSteps
from spikesight.encoding.on_off import OnOff
from spikesight.estimators.augmentation import Shifted
from spikesight.estimators.stidi_bp import STiDiBP
from spikesight.first_spike.health import SilentLayer
from spikesight.first_spike.learning.relative_targets import RelativeTargets
from spikesight.first_spike.learning.stidi_bp import StidiBp
from spikesight.first_spike.learning.weight_form import Signs
from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_beginning import Beginning
from spikesight.first_spike.ramp_layers import RampConvolution, RampDense

EXPECTED = {
    "check_classifiers_train": "asks for 83 % on two-dimensional blobs; two inputs are no pattern of spikes",
    "check_parameters_default_constructible": "layers and rules are frozen dataclasses, not words or numbers",
}


@parametrize_with_checks(
    [STiDiBP((RampDense(20),), encoder=LinearSteps(32, 8.0), batch=8, passes=10)],
    expected_failed_checks=lambda estimator: EXPECTED,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.filterwarnings("ignore::spikesight.first_spike.health.SilentLayer")  # their blobs are on no scale
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


HIDDEN = (RampDense(40),)
SMALL = {"encoder": LinearSteps(32, 16.0), "rate": 0.06, "batch": 20, "passes": 4, "per_round": 500}


def small(layers=HIDDEN, **more):
    return STiDiBP(layers, **{**SMALL, **more})


def some(n=600):
    images = digits()
    return images.train[:n], images.train_labels[:n], images.test, images.test_labels


def test_it_learns_digits():
    x, y, test, labels = some(1347)
    model = small((RampDense(100),), passes=10).fit(x, y)
    assert model.strict_score(test, labels) > 0.95
    assert (model.predict(test) == labels).mean() >= model.strict_score(test, labels)
    times = model.decision_times(test)
    assert np.nanmax(times) <= 63
    assert np.isnan(times).mean() < 0.01


def test_convolutions_learn_more_than_random_ones():
    x, y, test, labels = some(1347)
    layers = (RampConvolution(12, 3), RampDense(30))
    learned = small(layers, passes=8).fit(x, y)
    fixed = small(layers, passes=8, frozen=2).fit(x, y)
    np.testing.assert_array_equal(fixed.weights_[1], small(layers).begin(x, y).weights_[1])
    assert learned.strict_score(test, labels) > 0.93
    assert learned.strict_score(test, labels) > fixed.strict_score(test, labels)


def test_displacements_learn_too():
    x, y, test, labels = some(1347)
    model = small(rule=StidiBp(), judge=RelativeTargets(4.0), rate=0.02, passes=10).fit(x, y)
    untrained = small().begin(x, y).strict_score(test, labels)
    assert model.strict_score(test, labels) > untrained + 0.4


def test_signs_learn_too_and_are_what_is_told():
    x, y, test, labels = some(1347)
    model = small((RampDense(100),), form=Signs(), passes=10).fit(x, y)
    told = model.weights_now()["input_dense1"]
    assert len(np.unique(told)) == 2
    assert model.strict_score(test, labels) > 0.9


def test_what_is_learned_does_not_depend_on_cores(monkeypatch):
    x, y, *_ = some(200)
    found = []
    for cores in ("1", "2"):
        monkeypatch.setenv(LIMIT, cores)
        found.append(small(passes=1).fit(x, y).snapshot())
    for name, array in found[0].items():
        np.testing.assert_array_equal(array, found[1][name], err_msg=name)


def test_rounds_are_fit_and_go_on_exactly():
    x, y, *_ = some()
    whole = small(passes=2, augmentation=Shifted(1)).fit(x, y)
    half = small(passes=2, augmentation=Shifted(1)).begin(x, y)
    assert half.rounds_ == 4
    for number in range(2):
        half.round(x, y, number)
    rest = small(passes=2, augmentation=Shifted(1)).go_on(half.snapshot(), x, y)
    for number in range(2, 4):
        told = rest.round(x, y, number)
    assert told["images"] == 100
    for name, array in whole.snapshot().items():
        np.testing.assert_array_equal(array, rest.snapshot()[name], err_msg=name)


def test_partial_fit_learns_in_the_order_given():
    x, y, test, labels = some()
    model = small().partial_fit(x[:100], y[:100], classes=np.arange(10))
    first = model.strict_score(test, labels)
    for _ in range(6):
        model.partial_fit(x, y)
    assert model.strict_score(test, labels) > max(first, 0.8)


def test_inputs_may_have_several_channels():
    x, y, test, _ = some()
    model = small((RampConvolution(8, 3),), encoder=OnOff(size=3, threshold=0.5, radius=None), passes=1).fit(x, y)
    assert model.watch(test[:3]).layers["input"].shape == (2, 8, 8)


def test_names_of_classes_come_back():
    x, y, test, _ = some(300)
    model = small(passes=1).fit(x, np.array(list("abcdefghij"))[y])
    assert set(model.predict(test)) <= set("abcdefghij")


def test_an_image_without_contrast_is_answered_by_potentials():
    x, y, *_ = some(300)
    model = small(passes=1).fit(x, y)
    dark = np.zeros((2, 64))
    assert np.isnan(model.decision_times(dark)).all()
    assert model.strict_score(dark, y[:2]) == 0.0  # ten equal potentials are a tie
    assert model.watch(dark).answer.shape == (2,)


def test_a_layer_that_never_fires_is_told_by_name():
    x, y, *_ = some(100)
    model = small(passes=1).begin(x, y)
    model.weights_[0][:] = 0.0
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        model.round(x, y, 0)
    assert any(one.category is SilentLayer and "dense1" in str(one.message) for one in told)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"passes": 0}, "passes is 0"),
        ({"rate": -1.0}, "rate is -1.0"),
        ({"frozen": 2}, "frozen is 2"),
        ({"ramp": Ramp(2.5)}, "whole number of them"),
        ({"encoder": LinearSteps(100, 16.0)}, "encoder has 100 steps"),
        ({"image_shape": (5, 5)}, "give image_shape"),
        ({"layers": (RampConvolution(4, 9),)}, "does not fit"),
    ],
)
def test_parameters_that_make_no_network_are_refused(more, says):
    x, y, *_ = some(50)
    with pytest.raises(InputError, match=says):
        small(**more).fit(x, y)


def test_bad_images_are_refused():
    x, y, *_ = some(50)
    holed = x.astype(float)
    holed[3, 5] = np.nan
    with pytest.raises(InputError, match="NaN"):
        small().fit(holed, y)
    with pytest.raises(InputError, match="needs two"):
        small().fit(x, np.zeros(50))
    with pytest.raises(InputError, match="give image_shape"):
        small((RampConvolution(4, 3),)).fit(x[:, :63], y)
    for labels in (y[:30], np.concatenate([y, y])):
        with pytest.raises(InputError, match="one label each"):
            small().fit(x, labels)
    with pytest.raises(NotFittedError):
        small().predict(x)


def test_a_snapshot_of_another_network_is_refused():
    x, y, *_ = some(50)
    snapshot = small().begin(x, y).snapshot()
    with pytest.raises(InputError, match="another network"):
        small((RampDense(41),)).go_on(snapshot, x, y)
    with pytest.raises(InputError, match="another network"):
        small((RampDense(40), RampDense(40))).go_on(snapshot, x, y)


def test_clone_and_repr():
    model = small(beginning=Beginning(0.1), seed=3)
    assert clone(model).get_params() == model.get_params()
    assert repr(STiDiBP(seed=3)) == "STiDiBP(seed=3)"
