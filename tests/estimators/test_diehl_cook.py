"""The estimator: scikit-learn's conventions, repeatability, and what it says to bad input."""

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from spikesight.base.errors import InputError
from spikesight.circuits import readout
from spikesight.circuits.plasticity.asp import AdaptiveStdp, Leak
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp
from spikesight.datasets.images import digits
from spikesight.estimators import diehl_cook
from spikesight.estimators.diehl_cook import EXCITATORY, SHOWING, DiehlCook
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

EXPECTED = {
    "check_classifiers_train": "asks for 83 % on two-dimensional blobs; two inputs are no pattern of firing rates",
    "check_transformer_preserve_dtypes": "the answers are spike counts: whole numbers, whatever X is",
    "check_parameters_default_constructible": "constants of the paper are frozen dataclasses, not words or numbers",
}

FLASH = replace(SHOWING, shown=0.02, rest=0.005, hertz=100.0, hertz_more=300.0, enough=2, tries=2)


@parametrize_with_checks(
    [DiehlCook(n=10, showing=FLASH, mean_weight=0.5, max_delay=0.0, threads=1)],
    expected_failed_checks=lambda estimator: EXPECTED,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.filterwarnings("ignore:20 stimuli in a row")  # the blobs of these checks are on no scale of rates
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def test_clone_get_and_set_params(tiny):
    estimator = tiny(n=33, rule=DiehlCookStdp(rate_pre=2e-4), seed=5)
    copied = clone(estimator)
    assert copied is not estimator
    assert copied.get_params() == estimator.get_params()
    assert copied.set_params(n=7, executor=Reference()).get_params()["n"] == 7
    assert estimator.n == 33
    with pytest.raises(ValueError, match="Invalid parameter 'neurons'"):
        estimator.set_params(neurons=3)


def test_repr_shows_what_was_changed():
    assert repr(DiehlCook()) == "DiehlCook()"
    assert repr(DiehlCook(n=100, seed=3)) == "DiehlCook(n=100, seed=3)"


def test_defaults_are_those_of_the_paper():
    estimator = DiehlCook()
    assert estimator.mean_weight * 784 == pytest.approx(78)
    assert (estimator.n, estimator.dt, estimator.exc_inh, estimator.inh_exc) == (400, 0.5e-3, 10.4, 17.0)
    assert estimator.showing.hertz * 255 == pytest.approx(63.75)
    assert estimator.showing.hertz_more * 255 == pytest.approx(255 / 8)
    assert (estimator.showing.shown, estimator.showing.rest, estimator.showing.enough) == (0.35, 0.15, 5)
    assert estimator.exc.threshold + estimator.exc.theta == pytest.approx(-52e-3)


def test_it_learns_more_than_it_would_untrained():
    """Three classes, 30 neurons, 300 lessons: over three seeds 91 % on held-out digits, 55 % for untrained networks."""
    images = digits()
    learn, held = images.train_labels < 3, images.test_labels < 3
    X, y = images.train[learn][:150], images.train_labels[learn][:150]
    values, controls = [], []
    for seed in range(3):
        showing = replace(SHOWING, hertz=36.0, hertz_more=18.0, shown=0.15, rest=0.1)
        exc = replace(EXCITATORY, jump=0.1e-3)
        model = DiehlCook(30, passes=2, exc=exc, showing=showing, mean_weight=0.12, max_delay=0.0, threads=1, seed=seed)
        untrained = clone(model).begin(X, y).name_neurons(X, y)
        for estimator, scores in ((model.fit(X, y), values), (untrained, controls)):
            scores.append(estimator.score(images.test[held], images.test_labels[held]))
    assert np.mean(values) > 0.8
    assert np.mean(controls) < np.mean(values) - 0.15


def test_shapes_and_types(fitted, some_digits):
    X_test = some_digits[2]
    responses, ballots, predicted = fitted.transform(X_test), fitted.votes(X_test), fitted.predict(X_test)
    assert responses.shape == (30, 20)
    assert responses.dtype == np.int64
    assert responses.sum() >= 5 * 30
    assert ballots.shape == (30, 3)
    np.testing.assert_array_equal(ballots, readout.votes(responses, fitted.assignment_, 3))
    np.testing.assert_array_equal(predicted, fitted.classes_[ballots.argmax(axis=1)])
    assert fitted.weights_.shape == (64, 20)
    assert fitted.n_features_in_ == 64
    assert fitted.lessons_seen_ == 120


def test_the_strict_score_counts_ties_as_mistakes(fitted, some_digits):
    X_test, y_test = some_digits[2:]
    right = readout.strictly_right(fitted.votes(X_test), y_test)
    assert fitted.strict_score(X_test, y_test) == right.mean()
    assert fitted.score(X_test, y_test) == (fitted.predict(X_test) == y_test).mean()
    nobody = np.zeros((2, 64))
    assert fitted.strict_score(nobody, [0, 1]) == 0.0, "no vote at all is a tie, and a tie is a mistake"
    assert fitted.score(nobody, [0, 1]) == 0.5, "predict takes the lower class"


def test_a_label_that_training_lacked_is_a_mistake_not_an_error(fitted, some_digits):
    X_test, y_test = some_digits[2:]
    strange = np.where(np.arange(30) < 10, 9, y_test)
    assert fitted.score(X_test, strange) == (fitted.predict(X_test) == strange).mean()


def test_stimuli_on_the_wrong_scale_are_noticed(some_digits):
    X, y = some_digits[:2]
    model = DiehlCook(5, max_delay=0.0, showing=replace(SHOWING, tries=2), threads=1)
    with pytest.warns(UserWarning, match=r"X goes up to 0\.94.*raise showing\.hertz"):
        model.partial_fit(X / 17, y)


def test_parameters_may_change_after_fit_without_harm(fitted, some_digits):
    before = fitted.transform(some_digits[2])
    n = fitted.n
    fitted.set_params(n=n + 3)
    np.testing.assert_array_equal(fitted.transform(some_digits[2]), before)
    fitted.set_params(n=n)


@pytest.mark.parametrize(
    "wrong",
    [{"n": 0}, {"n": 10.0}, {"passes": 0}, {"threads": -1}, {"mean_weight": -1.0}, {"max_delay": -1.0}, {"seed": -1}],
)
def test_parameters_that_make_no_network_are_named(wrong, some_digits):
    with pytest.raises(InputError, match=next(iter(wrong))):
        DiehlCook(**wrong).fit(*some_digits[:2])


def adaptive(tiny, **changes):
    return tiny(rule=AdaptiveStdp(), mean_weight=None, initial=(0.1, 0.5), **changes)


def test_a_leak_and_normalisation_together_are_refused(tiny, some_digits):
    with pytest.raises(InputError, match="normalisation undoes what leaks away"):
        tiny(rule=AdaptiveStdp(), leak=Leak()).fit(*some_digits[:2])


def test_without_normalisation_the_weights_begin_as_they_are_drawn(tiny, some_digits):
    w = adaptive(tiny).begin(*some_digits[:2]).weights_
    assert w.min() >= 0.1
    assert w.max() <= 0.5
    assert np.ptp(w.sum(axis=0)) > 0.5, "no sum is kept"


def test_an_endless_leak_changes_no_bit(tiny, some_digits):
    plain, leaky = (adaptive(tiny, leak=leak).fit(*some_digits[:2]) for leak in (None, Leak(tau=np.inf)))
    assert plain.weights_.tobytes() == leaky.weights_.tobytes()


def test_pixels_that_are_never_lit_leak_to_the_base(tiny, some_digits):
    """Closed form: recency is 0 there; theta hardly moves when its share in the leak is 0."""
    X, y = some_digits[:2]
    X = np.where(np.arange(64) < 8, 0, X)
    settings = Leak(base=0.3, tau=5.0, k_theta=0.0)
    model = adaptive(tiny, leak=settings).set_params(rule=AdaptiveStdp(rate=0.0)).begin(X, y)
    begun = model.weights_[:8].copy()
    seconds = sum((lesson.shown.end - lesson.shown.first_tick) * model.dt for lesson in model.lessons(X, y))
    left = (begun - 0.3) * np.exp(-seconds / settings.tau)
    np.testing.assert_allclose(model.weights_[:8] - 0.3, left, atol=1e-6)


def test_with_a_leak_it_goes_on_as_if_nothing_had_happened(tiny, some_digits):
    X, y = some_digits[:2]
    whole = adaptive(tiny, leak=Leak(tau=20.0)).begin(X, y).partial_fit(X, y)
    half = adaptive(tiny, leak=Leak(tau=20.0)).begin(X, y)
    for _ in zip(range(30), half.lessons(X, y), strict=False):
        pass
    other = adaptive(tiny, leak=Leak(tau=20.0)).go_on(half.snapshot(), X, y)
    first = other.lessons_seen_
    for _ in other.lessons(X, y, first=first):
        pass
    assert first == 30
    assert other.weights_.tobytes() == whole.weights_.tobytes()


def test_words_as_labels_can_be_kept_in_a_file(some_digits, tmp_path):
    X, y = some_digits[:2]
    words = np.array(["nought", "one", "two"])[y]
    model = DiehlCook(5, max_delay=0.0, threads=1).begin(X, words)
    save_file(model.snapshot(), tmp_path / "weights.safetensors")
    again = DiehlCook(5, max_delay=0.0, threads=1).go_on(load_file(tmp_path / "weights.safetensors"), X, words)
    assert again.classes_.tolist() == ["nought", "one", "two"]


def test_answers_depend_neither_on_the_batch_nor_on_its_order(fitted, some_digits):
    X_test = some_digits[2]
    together = fitted.transform(X_test)
    order = np.random.default_rng(0).permutation(30)
    np.testing.assert_array_equal(fitted.transform(X_test[order]), together[order])
    np.testing.assert_array_equal(
        np.concatenate([fitted.transform(X_test[k : k + 7]) for k in range(0, 30, 7)]), together
    )
    np.testing.assert_array_equal(fitted.transform(X_test[11:12])[0], together[11])
    np.testing.assert_array_equal(fitted.transform(X_test.astype(np.float32)), together)


@pytest.mark.parametrize("threads", [2, 7, None])
def test_answers_do_not_depend_on_the_number_of_threads(fitted, some_digits, threads, monkeypatch):
    monkeypatch.setattr(diehl_cook, "STIMULI_PER_PART", 4)  # so that an engine is used again, after other stimuli
    X_test = some_digits[2]
    several = copy.copy(fitted).set_params(threads=threads)
    np.testing.assert_array_equal(several.transform(X_test), fitted.transform(X_test))


def test_looking_teaches_nothing(fitted, some_digits):
    before = {name: values.copy() for name, values in fitted.snapshot().items()}
    fitted.predict(some_digits[2])
    for name, values in fitted.snapshot().items():
        assert values.tobytes() == before[name].tobytes(), name


def test_same_seed_same_weights_other_seed_others(tiny, fitted, some_digits, assert_same_state):
    X, y = some_digits[:2]
    assert_same_state(tiny(passes=2).fit(X, y), fitted)
    assert (tiny(seed=1).fit(X[:5], y[:5]).weights_ != tiny(seed=2).fit(X[:5], y[:5]).weights_).any()


def test_labels_teach_nothing(tiny, some_digits):
    X, y = some_digits[:2]
    honest, shuffled = tiny().fit(X, y), tiny().fit(X, np.random.default_rng(0).permutation(y))
    for name, values in honest.engine_.arrays.items():
        assert values.tobytes() == shuffled.engine_.arrays[name].tobytes(), name
    assert (honest.assignment_ != shuffled.assignment_).any()


def test_fit_begins_again(tiny, some_digits, assert_same_state):
    X, y = some_digits[:2]
    twice = tiny().fit(X[10:], y[10:]).fit(X, y)
    assert_same_state(twice, tiny().fit(X, y))


def test_partial_fit_goes_on(tiny, some_digits, assert_same_state):
    X, y = some_digits[:2]
    whole = tiny().partial_fit(X, y)
    parts = tiny().partial_fit(X[:25], y[:25], classes=[0, 1, 2]).partial_fit(X[25:], y[25:])
    assert_same_state(parts, whole)
    fit = tiny().fit(X, y)
    np.testing.assert_array_equal(parts.weights_, fit.weights_)


def test_partial_fit_needs_all_classes_at_first(tiny, some_digits):
    X, y = some_digits[:2]
    begun = tiny().partial_fit(X[:1], y[:1])
    with pytest.raises(InputError, match="not among the classes"):
        begun.partial_fit(X, y)


@pytest.mark.parametrize("stop", [1, 17, 33])
def test_it_goes_on_from_a_snapshot_as_if_nothing_had_happened(tiny, some_digits, assert_same_state, stop):
    X, y = some_digits[:2]
    whole = tiny(max_delay=5e-3).begin(X, y)
    expected = [(lesson.index, lesson.label, lesson.prediction) for lesson in whole.lessons(X, y)]
    first = tiny(max_delay=5e-3).begin(X, y)
    lessons = first.lessons(X, y)
    seen = [next(lessons) for _ in range(stop)]
    saved = {name: values.copy() for name, values in first.snapshot().items()}
    second = tiny(max_delay=5e-3).go_on(saved, X, y)
    seen += second.lessons(X, y, first=stop)
    assert [(lesson.index, lesson.label, lesson.prediction) for lesson in seen] == expected
    assert_same_state(second, whole)
    assert len({prediction for _, _, prediction in expected}) > 2, "predictions must differ to compare them"


def test_a_snapshot_of_another_network_is_refused(tiny, some_digits):
    X, y = some_digits[:2]
    snapshot = tiny().begin(X, y).snapshot()
    with pytest.raises(InputError, match="another network"):
        tiny(n=21).go_on(snapshot, X, y)
    with pytest.raises(InputError, match="other classes"):
        tiny().go_on(snapshot, X, y + 1)
    with pytest.raises(InputError, match=r"another network.*input_exc\.w"):
        tiny().go_on({}, X, y)


def test_what_was_given_is_untouched(tiny, some_digits):
    X, y = some_digits[0].astype(float), some_digits[1].copy()
    X.flags.writeable = y.flags.writeable = False
    tiny().fit(X[:10], y[:10]).predict(X[:10])


@pytest.mark.parametrize("delay", [0.0, 5e-3])
def test_both_executors_learn_and_answer_alike(tiny, some_digits, assert_same_state, delay):
    X, y, X_test, _ = some_digits
    brief = replace(SHOWING, hertz=36.0, hertz_more=18.0, shown=0.05, rest=0.02)
    slow, fast = (
        tiny(n=12, showing=brief, max_delay=delay, executor=ex).fit(X[:8], y[:8]) for ex in (Reference(), FusedCpu())
    )
    assert_same_state(fast, slow)
    np.testing.assert_array_equal(fast.transform(X_test[:6]), slow.transform(X_test[:6]))
    np.testing.assert_array_equal(fast.predict(X_test[:6]), slow.predict(X_test[:6]))
    assert slow.transform(X_test[:6]).sum() > 10


def test_copies_are_whole(tiny, fitted, some_digits, assert_same_state):
    X, y = some_digits[:2]
    for copied in (copy.deepcopy(fitted), pickle.loads(pickle.dumps(fitted))):  # noqa: S301 (our own bytes)
        assert_same_state(copied, fitted)
        np.testing.assert_array_equal(copied.predict(some_digits[2]), fitted.predict(some_digits[2]))
    begun = tiny().partial_fit(X[:20], y[:20], classes=[0, 1, 2])
    copied = copy.deepcopy(begun)
    assert_same_state(copied.partial_fit(X[20:], y[20:]), begun.partial_fit(X[20:], y[20:]))


def test_labels_may_be_words(tiny, some_digits):
    X, y, X_test, y_test = some_digits
    words = np.array(["null", "eins", "zwei"])
    estimator = tiny().fit(X, words[y])
    assert estimator.classes_.tolist() == ["eins", "null", "zwei"]
    assert set(estimator.predict(X_test)) <= set(words)
    assert estimator.score(X_test, words[y_test]) > 0.5


def test_pipeline_and_cross_validation(tiny, some_digits):
    X, y = some_digits[:2]
    pipeline = make_pipeline(FunctionTransformer(lambda x: x / 16), MinMaxScaler((0, 16)), tiny())
    assert pipeline.fit(X, y).predict(X[:3]).shape == (3,)
    pipeline.set_params(diehlcook__n=15)
    assert pipeline[-1].n == 15
    scores = cross_val_score(tiny(), X, y, cv=2)
    assert scores.shape == (2,)
    assert scores.min() > 1 / 3


def test_assign_on_names_neurons_by_the_first_so_many(tiny, some_digits):
    X, y = some_digits[:2]
    few = tiny(assign_on=20).fit(X, y)
    expected = readout.assign(few.transform(X[:20]), y[:20], 3)
    np.testing.assert_array_equal(few.assignment_, expected)


GOOD = np.ones((4, 9))


@pytest.mark.parametrize(
    ("X", "says"),
    [
        (
            np.where(np.eye(4, 9) * np.arange(4)[:, None] == 2, np.nan, 1.0),
            "NaN or infinite values in 1 of 4.*at row 2",
        ),
        (np.full((4, 9), np.inf), "NaN or infinite values in 4 of 4"),
        (GOOD - 3, "Negative values .* X goes down to -2"),
        (np.ones((0, 9)), "X is empty"),
        (np.ones((4, 0)), "0 feature"),
        (np.ones((4, 3, 3)), r"flatten images first: X\.reshape\(len\(X\), -1\)"),
        (np.ones(4), "1D array"),
        (np.full((4, 9), "x"), "could not convert|dtype"),
        (GOOD * 1j, "Complex data not supported"),
    ],
    ids=["NaN", "inf", "negative", "empty", "no inputs", "images", "one axis", "words", "complex"],
)
def test_bad_stimuli_are_answered(tiny, X, says):
    with pytest.raises(InputError, match=says):
        tiny().fit(X, np.arange(len(X)) % 2)


@pytest.mark.parametrize(
    ("y", "says"),
    [
        ([0, 1, 0], "y has shape .3,., X has 4 stimuli"),
        ([0, 1, 0, 1, 0], "y has shape .5,., X has 4 stimuli"),
        (np.eye(4), "1d array|y should be"),
        ([0.5, 1.5, 0.1, 2.7], "continuous"),
        (None, "requires y to be passed"),
    ],
    ids=["short", "long", "one-hot", "continuous", "none"],
)
def test_bad_labels_are_answered(tiny, y, says):
    with pytest.raises(InputError, match=says):
        tiny().fit(GOOD, y)


def test_a_label_that_was_never_learned(fitted, some_digits):
    with pytest.raises(InputError, match=r"labels \[7\] that are not among the classes \[0, 1, 2\]"):
        fitted.strict_score(some_digits[2][:2], [0, 7])


def test_stimuli_of_another_width(fitted):
    with pytest.raises(InputError, match="X has 63 features, but DiehlCook is expecting 64"):
        fitted.predict(np.ones((2, 63)))


@pytest.mark.parametrize("method", ["predict", "transform", "votes"])
def test_before_it_has_learned(tiny, method):
    with pytest.raises(NotFittedError):
        getattr(tiny(), method)(GOOD)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"n": 0}, "n is 0: a whole number >= 1 is needed"),
        ({"n": -3}, "n is -3"),
        ({"dt": 0.0}, "dt is 0.0: a positive number is needed"),
        ({"dt": 2e-3}, "shortest time constant is 0.001 s"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_impossible_settings_are_answered(tiny, change, says):
    with pytest.raises(InputError, match=says):
        tiny(**change).fit(GOOD, [0, 1, 0, 1])


def test_a_black_image_is_no_trouble(tiny):
    estimator = tiny().fit(np.zeros((4, 9)), [0, 1, 0, 1])
    assert estimator.assignment_.tolist() == [-1] * 20
    assert estimator.transform(np.zeros((2, 9))).sum() == 0
    assert estimator.predict(np.zeros((2, 9))).tolist() == [0, 0]


def test_what_is_pruned_stays_away(tiny, some_digits):
    """While it goes on learning, after a snapshot, and after a second pruning, which adds to the first."""
    X, y = some_digits[:2]
    model = tiny(prunable=True).begin(X, y)
    model.partial_fit(X, y)
    first = model.weights_ >= 0.1
    kept = model.weights_.copy()
    assert model.prune(first) is model
    np.testing.assert_array_equal(model.weights_, np.where(first, kept, 0.0))
    again = tiny(prunable=True).go_on(model.snapshot(), X, y)
    again.partial_fit(X, y)
    assert not again.weights_[~first].any()
    assert (again.weights_[first] != kept[first]).any()
    second = np.arange(first.size).reshape(first.shape) % 2 == 0
    again.prune(second).partial_fit(X, y)
    assert not again.weights_[~(first & second)].any()
    assert not again.engine_.arrays["input_exc.mask"][~(first & second)].any()


def test_a_network_that_can_be_pruned_learns_the_same(tiny, some_digits):
    X, y = some_digits[:2]
    models = [tiny(prunable=prunable).fit(X, y) for prunable in (False, True)]
    np.testing.assert_array_equal(models[0].weights_, models[1].weights_)


def test_pruning_what_cannot_be_pruned(tiny, some_digits):
    with pytest.raises(NotFittedError):
        tiny(prunable=True).prune(np.ones((64, 20), bool))
    with pytest.raises(InputError, match="has no masks"):
        tiny().begin(*some_digits[:2]).prune(np.ones((64, 20), bool))
    with pytest.raises(InputError, match=r"shape \(64, 20\), got \(20,\)"):
        tiny(prunable=True).begin(*some_digits[:2]).prune(np.ones(20, bool))
