"""What a classifier that learns from reward promises: what it learns, what it refuses, that it goes on exactly."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from spikesight.base.errors import InputError
from spikesight.encoding.rank import EqualCount
from spikesight.estimators.reward_stdp import RewardSTDP
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.decided import SILENT
from spikesight.first_spike.health import SilentLayer
from spikesight.first_spike.learning.reward_stdp import RewardStdp
from spikesight.first_spike.learning.stdp import Stdp
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.stage import Stage

FAST = RewardStdp(Stdp(0.1, -0.05), Stdp(-0.1, 0.02), 0.2)
STAGE = Stage("edges", Convolution(6, (3, 3), 3.0), Pooling((2, 2)), Stdp(0.1, -0.075), 2, 1, images=60, crowded=True)


def plain(images):
    """Pixels as they are, the brightest first."""
    return EqualCount(6)(np.asarray(images)[:, None])


def bars(items=120, seed=0, noise=0.05):
    """Images of 8 x 8 with a bar that lies (0) or stands (1) anywhere, and some bright pixels that mean nothing."""
    rng = np.random.default_rng(seed)
    y = np.arange(items) % 2
    x = (rng.random((items, 8, 8)) < noise) * rng.integers(1, 120, (items, 8, 8))
    for image, label, at in zip(x, y, rng.integers(0, 8, items), strict=True):
        bar = image[at, :] if label == 0 else image[:, at]
        bar[:] = rng.integers(120, 255, 8)
    return x.reshape(items, -1).astype(np.uint8), y


def network(**more):
    settings = {
        "per_class": 2, "kernel": (8, 8), "padding": (7, 7), "threshold": 3.0, "rule": FAST, "passes": 15,
        "encoder": plain, "per_round": 50,
    }  # fmt: skip
    return RewardSTDP(**{**settings, **more})


def deep(**more):
    return network(**{"stages": (STAGE,), "kernel": None, "padding": (0, 0), "threshold": np.inf, **more})


@pytest.fixture(scope="module")
def learned():
    return network().fit(*bars())


def test_it_learns_what_lies_and_what_stands(learned):
    x, y = bars(seed=1)
    untrained = network().begin(*bars()).strict_score(x, y)
    assert learned.strict_score(x, y) > 0.95 > 0.7 > untrained
    assert learned.score(x, y) >= learned.strict_score(x, y)
    np.testing.assert_array_equal(learned.predict(x) == y, learned.predict(x.astype(float)) == y)


def test_who_decided_and_when(learned):
    x = bars(seed=1)[0]
    found, seen, times = learned.decisions(x), learned.watch(x), learned.decision_times(x)
    np.testing.assert_array_equal(seen.answer, np.where(found.map == SILENT, -1, found.map // 2))
    fired = seen.layers["decision"]
    assert fired.fired.reshape(len(x), -1).sum(axis=1).tolist() == (found.map != SILENT).astype(int).tolist()
    first = fired.times.reshape(len(x), -1).min(axis=1)
    np.testing.assert_array_equal(np.where(np.isnan(times), 6, times), first)
    assert seen.layers["input"].shape == (1, 8, 8)


def test_silence_is_a_mistake_and_has_a_likeliest_class(learned):
    x = np.zeros((3, 64), np.uint8)
    assert learned.strict_score(x, [0, 1, 0]) == 0.0
    assert set(learned.predict(x)) <= {0, 1}
    assert np.isnan(learned.decision_times(x)).all()
    assert learned.watch(x).answer.tolist() == [-1, -1, -1]


def test_a_tie_between_classes_is_a_mistake():
    model = network(per_class=1).begin(*bars())
    model.w_[:] = 0.5
    x, y = bars(seed=2)
    assert model.decisions(x).tied.any()
    assert model.strict_score(x, y) == 0.0
    assert model.score(x, y) > 0.0


def test_stages_learn_first_without_labels():
    x, y = bars()
    model = deep().begin(x, y)
    untaught = model.w_.copy()
    told = [model.round(x, y, number) for number in range(2)]
    assert "convergence of edges" in told[0]
    assert model.rounds_ != 15 * 3
    while "accuracy" not in told[-1]:
        np.testing.assert_array_equal(model.w_, untaught)
        told.append(model.round(x, y, len(told)))
    assert (model.w_ != untaught).any()
    assert set(model.watch(x[:2]).layers) == {"input", "edges", "edges_pooled", "decision"}


@pytest.mark.parametrize("make", [network, deep])
def test_fit_is_its_rounds_and_goes_on_from_any_of_them(make):
    x, y = bars(60)
    model = make(passes=3, per_round=25, dropout=0.3, seed=4)
    whole = clone(model).fit(x, y).snapshot()
    for stop in (1, 4):
        first = clone(model).begin(x, y)
        for number in range(stop):
            first.round(x, y, number)
        again, number = clone(model).go_on(first.snapshot(), x, y), stop
        while number < again.rounds_:
            again.round(x, y, number)
            number += 1
        for name, values in again.snapshot().items():
            np.testing.assert_array_equal(values, whole[name], err_msg=name)


def test_a_snapshot_of_another_network_is_refused():
    x, y = bars(20)
    with pytest.raises(InputError, match=r"of another network: compare decision\.w"):
        network(per_class=3).go_on(network().begin(x, y).snapshot(), x, y)


def test_partial_fit_is_a_pass_and_learns_new_images_too():
    model = network()
    for seed in range(12):
        model.partial_fit(*bars(seed=seed), classes=[0, 1])
    assert model.strict_score(*bars(seed=99)) > 0.9
    assert model.passes_ == 12


def test_after_labels_are_permuted_accuracy_comes_back():
    x, y = bars()
    model = network().fit(x, y)
    before, swapped = model.strict_score(x, y), model.strict_score(x, 1 - y)
    for _ in range(30):
        model.partial_fit(x, 1 - y)
    assert swapped < 0.1
    assert model.strict_score(x, 1 - y) > 0.9
    assert before > 0.9


def test_labels_may_be_words():
    x, y = bars()
    words = np.array(["lies", "stands"])[y]
    model = network().fit(x, words)
    assert set(model.predict(x)) == {"lies", "stands"}
    assert model.strict_score(x, words) > 0.9


def test_it_is_an_estimator():
    model = network(dropout=0.2)
    assert clone(model).get_params()["dropout"] == 0.2
    x, y = bars(40)
    pipeline = make_pipeline(MinMaxScaler((0, 255)), network(passes=2)).fit(x, y)
    assert pipeline.predict(x).shape == y.shape


def test_what_is_remembered_of_images_is_not_pickled(learned):
    again = pickle.loads(pickle.dumps(learned))  # noqa: S301 our own bytes
    assert again._remembered is None
    np.testing.assert_array_equal(again.predict(bars()[0]), learned.predict(bars()[0]))


def test_rates_cool_down_linearly():
    model = network(passes=5, cooling=0.2).begin(*bars())
    heats = []
    for _ in range(6):
        heats.append(model._heat)
        model._end_pass()
    np.testing.assert_allclose(heats, [1.0, 0.8, 0.6, 0.4, 0.2, 0.2])


def test_the_projection_to_the_deciding_layer_is_drawn():
    model = deep().begin(*bars())
    sketch, weights = model.sketch_, model.weights_now()
    assert [layer.name for layer in sketch.layers] == ["input", "edges", "edges_pooled", "decision"]
    assert weights["input_edges"].shape == (6, 1, 3, 3)
    assert weights["edges_pooled_decision"].shape == (4, 6, 3, 3)


def test_a_layer_that_never_fires_is_warned_about():
    x, y = bars(40)
    with pytest.warns(SilentLayer, match=r"decision: no neuron fired for any of 40 images.*Lower the threshold, 1000"):
        network(threshold=1000.0, passes=1).fit(x, y)


def test_images_without_contrast_teach_nothing():
    x, y = np.zeros((20, 64), np.uint8), np.arange(20) % 2
    model = network(passes=1).begin(x, y)
    before = model.w_.copy()
    with pytest.warns(SilentLayer, match="no neuron fired"):
        model.round(x, y, 0)
    np.testing.assert_array_equal(model.w_, before)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"per_class": 0}, "per_class is 0: a whole number >= 1"),
        ({"passes": 1.5}, "passes is 1.5"),
        ({"dropout": 1.0}, "dropout is a probability"),
        ({"cooling": 2.0}, "cooling is the share"),
        ({"kernel": (9, 9), "padding": (0, 0)}, "8 x 8|fit"),
        ({"image_shape": (3, 5)}, "64 pixels, which make no image of 3 x 5"),
    ],
)
def test_what_makes_no_network_is_refused(more, message):
    with pytest.raises(InputError, match=message):
        network(**more).fit(*bars(20))


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.full((4, 64), np.nan), [0, 1, 0, 1], "NaN or infinite"),
        (np.full((4, 64), -1.0), [0, 1, 0, 1], "Negative values"),
        (np.ones((4, 64)), [0, 1, 0], "expected one label each"),
        (np.ones((4, 64)), [1, 1, 1, 1], "reward needs classes to tell apart"),
        (np.ones((4, 64)), None, "requires y"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(x, y, message):
    with pytest.raises(InputError, match=message):
        network().fit(x, y)
