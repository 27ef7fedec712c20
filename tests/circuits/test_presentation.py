"""A stimulus is shown, silence follows, and it is shown again, brighter, as long as nobody answers."""

from dataclasses import replace

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.circuits import presentation
from spikesight.circuits.engine import Fired, start
from spikesight.circuits.presentation import Showing, Watch, show
from spikesight.encoding.rate import bernoulli
from spikesight.encoding.spike_list import silence
from spikesight.executors.fused_cpu import FusedCpu

SHOWING = Showing(hertz=300.0, hertz_more=200.0, shown=0.1, rest=0.05, enough=5)
STREAM = (7, "training", 3)
STIMULUS = np.array([1.0, 0.5, 0.0, 1.0, 2.0])


@pytest.fixture
def engine(competition):
    return start(*competition(7, 5), FusedCpu())


def test_steps():
    assert SHOWING.steps(0.5e-3) == (200, 300)
    assert replace(SHOWING, shown=0.35, rest=0.15).steps(0.5e-3) == (700, 1000)


def test_one_try_is_enough_where_somebody_answers(engine):
    shown = show(engine, STIMULUS, SHOWING, "exc", STREAM)
    assert len(shown.tries) == 1
    assert (shown.first_tick, shown.length, engine.clock) == (0, 300, 300)
    assert shown.counts.shape == (7,)
    assert shown.counts.sum() >= SHOWING.enough


def test_it_shows_what_the_encoder_draws_for_the_named_stream_then_silence(engine):
    shown = show(engine, STIMULUS, SHOWING, "exc", STREAM)
    expected = bernoulli(STIMULUS * 300.0, 200, 0.5e-3, generator(7, "training", 3, 0))
    np.testing.assert_array_equal(shown.given.unit, expected.units)
    np.testing.assert_array_equal(shown.given.step, expected.times)
    assert len(expected.units) > 100
    assert shown.given.step.max() < 200
    assert 2 not in shown.given.unit


def test_counts_are_the_spikes_while_the_stimulus_is_on(engine, monkeypatch):
    """The stimulus is on for 200 steps: a spike of step 199 counts, one of step 200 does not."""
    fired = Fired(np.array([0, 10, 199, 200, 250]), np.array([1, 1, 4, 6, 1], np.int32))
    monkeypatch.setattr(engine, "advance", lambda spikes, steps, drives: {"exc": fired})
    shown = show(engine, STIMULUS, replace(SHOWING, enough=3), "exc", STREAM)
    assert shown.counts.tolist() == [0, 2, 0, 0, 1, 0, 0]
    assert len(shown.tries) == 1


def test_with_too_few_answers_it_is_shown_again_brighter(engine):
    showing = replace(SHOWING, hertz=0.0, hertz_more=40.0)
    shown = show(engine, STIMULUS, showing, "exc", STREAM)
    answers = [np.count_nonzero(t.fired["exc"].step < 200) for t in shown.tries]
    assert len(answers) > 2
    assert all(answer < 5 for answer in answers[:-1])
    assert answers[-1] >= 5
    assert shown.counts.sum() == answers[-1]
    assert engine.clock == 300 * len(shown.tries)
    for number, once in enumerate(shown.tries):
        rates = STIMULUS * (number * showing.hertz_more)
        drawn = bernoulli(rates, 200, 0.5e-3, generator(7, "training", 3, number))
        np.testing.assert_array_equal(once.given.units, drawn.units)


@pytest.mark.parametrize("answers", [4, 5])
def test_five_answers_are_enough_and_four_are_not(engine, monkeypatch, answers):
    def advance(spikes, steps, drives):
        return {"exc": Fired(np.arange(answers), np.zeros(answers, np.int32))}

    monkeypatch.setattr(engine, "advance", advance)
    shown = show(engine, STIMULUS, replace(SHOWING, tries=3), "exc", STREAM)
    assert len(shown.tries) == (1 if answers == 5 else 3)


def test_a_black_image_is_shown_once(engine):
    """No brighter try would be of any use: a black image stays black."""
    shown = show(engine, np.zeros(5), SHOWING, "exc", STREAM)
    assert len(shown.tries) == 1
    assert shown.counts.tolist() == [0] * 7
    assert engine.clock == 300


def test_tries_are_bounded(engine):
    shown = show(engine, STIMULUS, replace(SHOWING, hertz_more=0.0, enough=10**6, tries=4), "exc", STREAM)
    assert len(shown.tries) == 4
    assert len({t.given.units.tobytes() for t in shown.tries}) == 4, "each try draws its own spikes"


def test_all_tries_stand_on_one_count_of_steps(engine):
    shown = show(engine, STIMULUS, replace(SHOWING, enough=10**6, tries=3), "exc", STREAM, watch=Watch(("exc.v",), 60))
    for events, parts in [
        (shown.given, [(t.given.times, t.given.units) for t in shown.tries]),
        (shown.fired("exc"), [(t.fired["exc"].step, t.fired["exc"].unit) for t in shown.tries]),
    ]:
        np.testing.assert_array_equal(events.step, np.concatenate([300 * k + s for k, (s, _) in enumerate(parts)]))
        np.testing.assert_array_equal(events.unit, np.concatenate([units for _, units in parts]))
        assert (np.diff(events.step) >= 0).all()
    samples = shown.samples("exc.v")
    np.testing.assert_array_equal(samples.step, np.arange(0, 900, 60))
    assert samples.value.shape == (15, 7)


def test_weights_are_normalised_before_every_try(engine, monkeypatch):
    order = []
    for name in ("normalise", "advance"):
        inner = getattr(engine, name)
        monkeypatch.setattr(engine, name, lambda *a, name=name, inner=inner: (order.append(name), inner(*a))[1])
    sums = []
    normalise = engine.normalise
    monkeypatch.setattr(
        engine, "normalise", lambda *a: (normalise(*a), sums.append(engine.arrays["input_exc.w"].sum(axis=0)))
    )
    showing = replace(SHOWING, enough=10**6, tries=3)
    show(engine, STIMULUS, showing, "exc", STREAM, normalise=("input_exc", 2.5))
    assert order == ["normalise", "advance"] * 3
    for total in sums:
        np.testing.assert_allclose(total, 2.5, rtol=1e-6)


def test_without_normalisation_weights_keep_their_sum(engine):
    before = engine.arrays["input_exc.w"].sum(axis=0)
    show(engine, np.zeros(5), SHOWING, "exc", STREAM)
    np.testing.assert_array_equal(engine.arrays["input_exc.w"].sum(axis=0), before)


def test_the_threshold_drifts_once_a_try(competition):
    network, parameters = competition(7, 5, dtype=np.float64)
    exc = replace(network.node("exc").params, tau_theta=1.0)
    network = replace(network, nodes=(network.nodes[0], replace(network.nodes[1], params=exc), network.nodes[2]))
    engine = start(network, parameters, FusedCpu())
    show(engine, np.zeros(5), SHOWING, "exc", STREAM)
    np.testing.assert_allclose(engine.arrays["exc.theta"], parameters["exc.theta"] * np.exp(-0.15), rtol=1e-12)


@pytest.mark.parametrize("every", [1, 7, 60, 300, 1000])
def test_watching_changes_no_bit(competition, assert_same, every):
    showing = replace(SHOWING, enough=10**6, tries=2)
    ends = []
    for watch in (Watch(), Watch(("exc.v", "inh.g_e"), every)):
        engine = start(*competition(7, 5, delay=6), FusedCpu())
        ends.append((engine, show(engine, STIMULUS, showing, "exc", STREAM, normalise=("input_exc", 2.5), watch=watch)))
    (blind, unseen), (seeing, seen) = ends
    assert_same.arrays(seeing.arrays, blind.arrays)
    for name in ("exc", "inh"):
        assert_same.fired({name: seen.fired(name)}, {name: unseen.fired(name)})
    np.testing.assert_array_equal(seen.counts, unseen.counts)
    assert len(unseen.fired("exc").step) > 5


def test_what_was_watched_is_the_state_before_each_step(competition):
    engine = start(*competition(7, 5), FusedCpu())
    initial = engine.arrays["exc.v"].copy()
    seen = show(engine, STIMULUS, SHOWING, "exc", STREAM, watch=Watch(("exc.v",), 1)).samples("exc.v")
    assert seen.value.shape == (300, 7)
    np.testing.assert_array_equal(seen.value[0], initial)
    step_by_step = start(*competition(7, 5), FusedCpu())
    spikes = bernoulli(STIMULUS * 300.0, 200, 0.5e-3, generator(7, "training", 3, 0)).padded(300)
    step_by_step.advance({"input": spikes.part(0, 123)}, 123)
    np.testing.assert_array_equal(seen.value[123], step_by_step.arrays["exc.v"])


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.float64])
def test_rates_do_not_depend_on_the_type_of_the_pixels(engine, monkeypatch, dtype):
    seen = []
    draw = presentation.bernoulli
    monkeypatch.setattr(presentation, "bernoulli", lambda rates, *rest: (seen.append(rates), draw(rates, *rest))[1])
    show(engine, np.array([3, 0, 7, 11, 250]).astype(dtype), replace(SHOWING, hertz=0.3, tries=1), "exc", STREAM)
    np.testing.assert_array_equal(seen, [np.array([3, 0, 7, 11, 250]) * 0.3], strict=False)


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_a_stimulus_that_is_no_rate_is_refused(engine, bad):
    with pytest.raises(InputError, match="rates"):
        show(engine, np.array([1.0, bad, 0.0, 0.0, 0.0]), SHOWING, "exc", STREAM)
    assert engine.clock == 0


def test_what_is_over_before_the_first_step_is_refused(engine):
    blink = replace(SHOWING, shown=0.2e-3)
    for watch in (presentation.NOTHING, Watch(("exc.v",))):
        with pytest.raises(InputError, match=r"0\.0002 s.*less than half a step.*0\.0005 s"):
            show(engine, STIMULUS, blink, "exc", STREAM, watch=watch)
    assert engine.clock == 0


@pytest.mark.parametrize("length", [0, -3])
def test_a_call_without_steps_cannot_be_watched(engine, length):
    with pytest.raises(InputError, match=f"at least one step is needed to look at exc.v, got {length}"):
        presentation.advance_watched(engine, {"input": silence(0)}, length, Watch(("exc.v",)))
    assert engine.clock == 0


def test_one_looks_every_so_many_steps():
    with pytest.raises(InputError, match="every 1 step or more, got 0"):
        Watch(("exc.v",), 0)


@pytest.mark.parametrize(
    "wrong", [{"shown": 0.0}, {"hertz": -1.0}, {"rest": -0.1}, {"tries": 0}, {"hertz_more": np.nan}, {"enough": -1}]
)
def test_a_showing_that_cannot_be_is_refused(wrong):
    good = {"hertz": 0.25, "hertz_more": 0.125, "shown": 0.35, "rest": 0.15, "enough": 5}
    with pytest.raises(InputError, match="shown for a while, at rates >= 0, at least once"):
        Showing(**{**good, **wrong})
