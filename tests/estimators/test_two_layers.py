"""S4NN and BS4NN as estimators: scikit-learn's conventions, rounds, snapshots, and what they say to bad input."""

import pickle
import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from spikesight.base.errors import InputError
from spikesight.datasets.images import digits
from spikesight.encoding.latencies import Latencies
from spikesight.estimators.augmentation import Shifted
from spikesight.estimators.bs4nn import BS4NN
from spikesight.estimators.s4nn import S4NN
from spikesight.estimators.two_layers import Averaging
from spikesight.executors.reference import Reference
from spikesight.first_spike.dense import fire
from spikesight.first_spike.health import SilentLayer
from spikesight.first_spike.learning.bs4nn import BS4NNRule
from spikesight.first_spike.learning.moment import MomentRule
from spikesight.first_spike.learning.s4nn import Pace, S4NNRule
from spikesight.first_spike.learning.schedule import Drawn, Falling, Shuffled
from spikesight.first_spike.readout import among_the_earliest, first_to_fire

EXPECTED = {
    "check_classifiers_train": "asks for 83 % on two-dimensional blobs; two inputs are no pattern of first spikes",
    "check_parameters_default_constructible": "constants of the paper are frozen dataclasses, not words or numbers",
}


PACE = Pace(130.0, 0.3, 0.03)


def small(**changes):
    settings = {
        "passes": 8,
        "rule": MomentRule(1.5, 0.3, window=40.0, pace=PACE),
        "initial": ((-5.0, 15.0), (-24.0, 48.0)),
        "order": Shuffled(),
        "schedule": Falling(0.1),
        "averaging": Averaging(3000),
        "per_round": 500,
    }
    return S4NN(40, **{**settings, **changes})


def small_binary(**changes):
    settings = {
        "passes": 8,
        "rule": MomentRule(0.1, 0.02, temperature=4.0, pace=PACE),
        "initial": ((-1.0, 1.0), (-1.0, 1.0)),
        "alphas": (20.0, 8.0),
        "order": Drawn(),
        "schedule": Falling(0.1),
        "averaging": Averaging(3000),
        "per_round": 500,
    }
    return BS4NN(80, **{**settings, **changes})


BOTH = pytest.mark.parametrize("make", [small, small_binary], ids=["s4nn", "bs4nn"])
PUBLISHED = {
    small: {"rule": S4NNRule(), "initial": ((0.0, 15.0), (0.0, 48.0))},
    small_binary: {"rule": BS4NNRule(margin=10, pace=Pace(90.0, 0.3)), "alphas": (25.0, 25.0)},
}
"""The rules of the papers, from weights of a size for 8 x 8 pixels; one-bit weights also need a margin and a pace."""


@pytest.fixture(scope="module")
def images():
    return digits()


@pytest.fixture(scope="module")
def fitted(images):
    """Both estimators, fitted once."""
    return {make: make().fit(images.train, images.train_labels) for make in (small, small_binary)}


@parametrize_with_checks(
    [small(passes=1, per_round=50), small_binary(passes=1, per_round=50)],
    expected_failed_checks=lambda estimator: EXPECTED,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.filterwarnings("ignore::spikesight.first_spike.health.SilentLayer")
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def test_defaults_are_those_of_the_papers():
    s4nn, bs4nn = S4NN(), BS4NN()
    assert (s4nn.hidden, s4nn.passes, s4nn.steps, s4nn.thresholds) == (400, 100, 256, (100.0, 100.0))
    assert s4nn.rule == S4NNRule(0.2, 0.2, 1e-6, 3)
    assert (bs4nn.hidden, bs4nn.passes, bs4nn.thresholds, bs4nn.alphas) == (600, 200, (100.0, 100.0), (5.0, 5.0))
    assert bs4nn.rule == BS4NNRule(0.1, 0.1, 0.01, 1)
    assert s4nn.initial == bs4nn.initial == ((0.0, 5.0), (0.0, 48.0))
    assert repr(s4nn) == "S4NN()"


@BOTH
def test_it_learns_more_than_an_output_layer_alone(make, images, fitted):
    trained = fitted[make].strict_score(images.test, images.test_labels)
    rule = fitted[make].rule
    control = make(rule=replace(rule, hidden=0.0)).fit(images.train, images.train_labels)
    assert trained > 0.8
    assert control.strict_score(images.test, images.test_labels) < trained - 0.05


@BOTH
def test_the_published_rules_learn_too(make, images):
    model = make(**PUBLISHED[make], passes=5)
    untrained = model.begin(images.train, images.train_labels).strict_score(images.test, images.test_labels)
    model.fit(images.train, images.train_labels)
    assert model.strict_score(images.test, images.test_labels) > untrained + 0.3


@BOTH
def test_answers_are_those_of_the_layers(make, images, fitted):
    model, X, y = fitted[make], images.test[:40], images.test_labels[:40]
    seen, outputs = model.watch(X), model.outputs(X)
    assert {name: latencies.shape for name, latencies in seen.layers.items()} == {
        "input": (8, 8),
        "hidden": (model.hidden,),
        "output": (10,),
    }
    form = model._answering()
    hidden = fire(form.hidden, form.hidden_w, seen.layers["input"], Reference())
    np.testing.assert_array_equal(hidden.latencies.times, seen.layers["hidden"].times)
    answers = first_to_fire(outputs)
    np.testing.assert_array_equal(model.predict(X), model.classes_[answers.best])
    assert model.strict_score(X, y) == answers.strictly_right(y).mean()
    assert model.generous_score(X, y) == among_the_earliest(outputs, y).mean()
    assert model.alone_score(X, y) <= model.strict_score(X, y) <= model.score(X, y)
    np.testing.assert_array_equal(model.decision_times(X), seen.answered)
    assert np.nanmin(seen.answered) >= 2, "two layers, a step each"


def test_the_brightest_fires_first_and_black_never(images, fitted):
    model = fitted[small]
    times = model.watch(np.array([[0, 16, 8, 1] * 16], np.uint8)).layers["input"].times.ravel()
    assert times[:4].tolist() == [256, 0, 128, 240]
    brighter = model.watch(np.full((1, 64), 99)).layers["input"].times
    assert not brighter.any(), "brighter than all training images counts as the brightest"


def test_bytes_and_other_numbers_are_encoded_alike(images, fitted):
    model, X = fitted[small], images.test[:20]
    for same in (X.astype(np.int64), X.astype(np.float32), X.astype(np.float64)):
        np.testing.assert_array_equal(model.outputs(same).latencies.times, model.outputs(X).latencies.times)


def test_the_circuit_is_exactly_the_trained_network(images, fitted):
    model, X = fitted[small_binary], images.test
    circuit = model.circuit()
    assert set(np.unique(circuit.hidden)) == set(np.unique(circuit.output)) == {-1, 1}
    given = model._latencies(X)

    def times(signs, threshold, latencies):
        waves = latencies.wave().astype(np.int64) @ signs.astype(np.int64)
        crossed = np.where((waves > threshold).any(axis=0), (waves > threshold).argmax(axis=0), 256)
        return np.minimum(crossed + 1, 256)

    hidden = times(circuit.hidden, circuit.hidden_threshold, given)
    output = times(circuit.output, circuit.output_threshold, Latencies(hidden, 256))
    np.testing.assert_array_equal(output, model.outputs(X).latencies.times)


@BOTH
def test_rounds_can_be_interrupted(make, images):
    X, y = images.train, images.train_labels
    whole = make(augmentation=Shifted(1)).fit(X, y)
    first = make(augmentation=Shifted(1)).begin(X, y)
    for number in range(4):
        first.round(X, y, number)
    kept = {name: np.array(values) for name, values in first.snapshot().items()}
    second = make(augmentation=Shifted(1)).go_on(kept, X, y)
    for number in range(4, second.rounds_):
        second.round(X, y, number)
    for name, values in whole.snapshot().items():
        assert values.tobytes() == second.snapshot()[name].tobytes(), name


@BOTH
def test_a_snapshot_of_another_network_is_refused(make, images):
    X, y = images.train, images.train_labels
    with pytest.raises(InputError, match=r"another network.*hidden\.w"):
        make().go_on(make(passes=1).set_params(hidden=7).begin(X, y).snapshot(), X, y)
    with pytest.raises(InputError, match="another network"):
        make().go_on({}, X, y)


@BOTH
def test_same_seed_same_network_other_seed_another(make, images):
    X, y = images.train[:200], images.train_labels[:200]
    one, same, other = (make(passes=1, seed=seed).fit(X, y).snapshot()["hidden.w"] for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


@BOTH
def test_partial_fit_goes_on(make, images):
    X, y = images.train, images.train_labels
    model = make().partial_fit(X[:300], y[:300], classes=np.arange(10))
    before = model.strict_score(images.test, images.test_labels)
    for _ in range(6):
        model.partial_fit(X, y)
    assert model.strict_score(images.test, images.test_labels) > before
    with pytest.raises(InputError, match="not among the classes"):
        model.partial_fit(X, y + 1)


@BOTH
def test_looking_teaches_nothing(make, images, fitted):
    model = fitted[make]
    before = model.snapshot()
    model.watch(images.test[:10])
    model.predict(images.test[:10])
    for name, values in model.snapshot().items():
        np.testing.assert_array_equal(values, before[name])
    assert set(model.weights_now()) == {projection.name for projection in model.sketch_.projections}


@BOTH
def test_answers_depend_neither_on_the_batch_nor_on_cores(make, images, fitted, monkeypatch):
    model, X = fitted[make], images.test[:30]
    together = model.outputs(X).potentials
    monkeypatch.setenv("SPIKESIGHT_CORES", "1")
    np.testing.assert_array_equal(
        np.concatenate([model.outputs(X[k : k + 7]).potentials for k in range(0, 30, 7)]), together
    )


@BOTH
def test_copies_are_whole(make, images, fitted):
    X = images.test[:10]
    copied = pickle.loads(pickle.dumps(fitted[make]))  # noqa: S301 (our own bytes)
    np.testing.assert_array_equal(copied.predict(X), fitted[make].predict(X))
    assert clone(fitted[make]).get_params() == fitted[make].get_params()


@BOTH
def test_an_image_without_contrast_is_a_mistake_not_an_error(make, fitted):
    model = fitted[make]
    black = np.zeros((3, 64), np.uint8)
    assert model.strict_score(black, [0, 1, 2]) == 0.0
    assert np.isnan(model.decision_times(black)).all()
    assert (model.watch(black).answer == -1).all()
    assert np.isfinite(model.outputs(np.full((2, 64), 7)).potentials).all(), "all-equal pixels fire at once"


@BOTH
@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_values_that_are_no_intensities_are_refused(make, bad, images, fitted):
    X = images.train.astype(float)
    X[3, 5] = bad
    with pytest.raises(InputError):
        make().fit(X, images.train_labels)
    with pytest.raises(InputError):
        fitted[make].predict(X)


@BOTH
@pytest.mark.parametrize(
    "wrong",
    [
        {"passes": 0},
        {"steps": 1},
        {"per_round": 1.5},
        {"seed": -1},
        {"brightest": -1.0},
        {"thresholds": (-1.0, 2.0)},
        {"thresholds": (1.0,)},
        {"initial": ((1.0, 0.0), (0.0, 1.0))},
        {"initial": ((0.0, 1.0),)},
        {"initial": ((0.0, np.inf), (0.0, 1.0))},
        {"rule": Pace()},
        {"image_shape": (5, 5)},
    ],
)
def test_parameters_that_make_no_network_are_refused(make, wrong, images):
    with pytest.raises(InputError):
        make(**wrong).fit(images.train, images.train_labels)


def test_a_rule_for_other_weights_is_refused(images):
    for make, rule in ((small, BS4NNRule()), (small_binary, S4NNRule())):
        with pytest.raises(InputError, match="rule"):
            make(rule=rule).fit(images.train, images.train_labels)


def test_a_layer_that_never_fires_is_told_by_name(images):
    X, y = images.train[:100], images.train_labels[:100]
    with pytest.warns(SilentLayer, match="no neuron of hidden fired"):
        S4NN(20, passes=1, thresholds=(1e5, 100.0)).fit(X, y)
    with pytest.warns(SilentLayer, match="no neuron of output fired"):
        S4NN(20, passes=1, thresholds=(10.0, 1e5)).fit(X, y)


def test_dead_neurons_are_drawn_anew(images):
    X, y = images.train[:100], images.train_labels[:100]
    model = small(rule=S4NNRule(0.0, 0.0), averaging=None).begin(X, y)
    model.arrays_["hidden.w"][:, 5] = -1.0
    others = np.delete(model.arrays_["hidden.w"], 5, axis=1)
    model.partial_fit(X, y)
    drawn = model.arrays_["hidden.w"]
    assert drawn[:, 5].max() > 5.0
    np.testing.assert_allclose(np.delete(drawn, 5, axis=1), others, rtol=1e-6)


def test_averaged_weights_lag_behind(images):
    X, y = images.train, images.train_labels
    plain, averaged = (small(passes=1, averaging=averaging).fit(X, y) for averaging in (None, Averaging(10_000)))
    np.testing.assert_array_equal(plain.arrays_["hidden.w"], averaged.arrays_["hidden.w"])
    assert (averaged.weights_now()["input_hidden"] != plain.weights_now()["input_hidden"]).any()
    with pytest.raises(InputError, match="an image at least"):
        Averaging(0)


def test_pipeline_and_words(images):
    words = np.array([f"digit {label}" for label in images.train_labels])
    model = make_pipeline(MinMaxScaler(), small(passes=1)).fit(images.train, words)
    assert set(model.predict(images.test)) <= set(words)


@BOTH
def test_before_it_is_fitted(make, images):
    with pytest.raises(NotFittedError):
        make().predict(images.test)
    with pytest.raises(NotFittedError):
        make().snapshot()


def test_no_warning_while_all_is_well(images):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small(passes=1).fit(images.train, images.train_labels)
