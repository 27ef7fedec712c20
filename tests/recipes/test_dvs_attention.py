"""Attention is where the object is; the run can be read; the measures count what they say."""

import io
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from spikesight.base.errors import MissingData
from spikesight.base.randomness import generator
from spikesight.circuits.engine import Fired
from spikesight.datasets.n_mnist import EventSet
from spikesight.datasets.outlines import Drawn, Outlines
from spikesight.events.stream import EventStream
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.recipes.contract import Order
from spikesight.recipes.dvs_attention.digits import Canvas, accuracies, counted
from spikesight.recipes.dvs_attention.hits import (
    Trials,
    both_visited,
    chance,
    hits,
    hits_of_counts,
    seen,
    touched,
    visited,
)
from spikesight.recipes.dvs_attention.novelty import Repeats
from spikesight.recipes.dvs_attention.recipe import RECIPE, WINDOW
from spikesight.recipes.dvs_attention.recording import busy, led, with_noise
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace
from spikesight.zoo.saliency import Attention, Gate, Regions, attend

REGIONS = Regions(64, 64)


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """The quick version, once."""
    said = io.StringIO()
    order = Order(seed=1, quick=True, runs=tmp_path_factory.mktemp("runs"), stream=said)
    return RECIPE.reproduce(order)


def test_attention_beats_counting_and_counting_beats_chance(tried):
    metrics = Run.open(tried.run).facts["metrics"]
    assert tried.value > 0.9
    assert tried.value > tried.control + 0.3
    assert tried.control > 3 * metrics["chance"]
    assert 0.02 < metrics["chance"] < 0.06
    assert metrics["both_visited"] == metrics["scenes_of_two"]
    assert metrics["window_of_object"] > 0.8
    assert metrics["window_kept"] < 0.2


def test_the_run_holds_events_winners_and_what_passed(tried):
    run = Run.open(tried.run)
    ElementTree.parse(run.folder / "saliency.svg")
    with Trace.open(run.trace_folder) as trace:
        spikes = {name: trace.spikes(name) for name in ("events", "regions", "output")}
    assert all(len(one) for one in spikes.values())
    assert run.facts["status"] == "finished"


def test_data_that_are_missing_are_named(tmp_path):
    with pytest.raises(MissingData, match="N-MNIST"):
        RECIPE.train(Order(data=tmp_path, runs=tmp_path))


def test_a_touch_is_an_overlap_of_squares():
    scene = Outlines(milliseconds=1)
    places = np.array([[[5, 9]]])  # x 5 to 12: columns 1 and 2; y 9 to 16: rows 1, 2 and 3
    drawn = Drawn(EventStream([], [], [], [], 64, 64), np.empty(0, np.int64), places)
    where = touched(REGIONS, scene, drawn)[0, 0].reshape(13, 13)
    assert np.argwhere(where).tolist() == [[row, column] for row in (1, 2, 3) for column in (1, 2)]
    fired = Fired(np.array([0, 1]), np.array([13 + 1, 0], np.int32))
    assert visited(fired, np.stack([where.reshape(1, -1)] * 2)).tolist() == [[True], [False]]


def test_noise_alone_hits_by_chance_and_an_object_alone_always():
    nothing = Trials(Outlines(hertz=0.0, noise=50.0), 2, 0)
    assert hits(REGIONS, nothing).rate == pytest.approx(chance(REGIONS, nothing), abs=0.04)
    pure = Trials(Outlines(noise=0.0), 2, 0)
    assert hits(REGIONS, pure).rate == 1.0
    assert hits_of_counts(REGIONS, pure).rate == 1.0
    silent = Trials(Outlines(hertz=0.0, noise=0.0), 1, 0)
    assert hits(REGIONS, silent).rate is None
    assert both_visited(REGIONS, silent) == 0


def test_the_window_sees_what_it_should():
    pure = seen(WINDOW, REGIONS, Trials(Outlines(noise=0.0), 2, 0))
    assert pure.kept == pure.of_objects > 0.8
    noisy = seen(replace(WINDOW, side=10**6), REGIONS, Trials(Outlines(), 1, 0))
    assert noisy.kept > 0.9, "after the first win everything"


def test_a_scene_is_the_same_every_time():
    one, again = (next(iter(Trials(Outlines(), 1, 3)))[0] for _ in range(2))
    assert np.array_equal(one.events.t, again.events.t)
    assert not np.array_equal(one.events.t, next(iter(Trials(Outlines(), 1, 4)))[0].events.t)


def test_what_passes_the_gate_is_what_happened():
    (_, events), *_ = Trials(Outlines(milliseconds=80), 1, 0)
    attention = Attention(Regions(64, 64), Gate(patience=20e-3), kick=60e-3)
    passed = attend(attention, events, FusedCpu()).passed
    assert len(passed.unit) > 50
    happened = events.dense(64 * 64)
    at_once = happened[passed.step - 1, passed.unit].astype(np.bool_)
    assert at_once.mean() > 0.8
    assert happened.cumsum(axis=0)[passed.step - 1, passed.unit].all(), "the others were kept until a gate opened"


def bar_of(side, upright):
    """A made-up digit: a bar that flickers in the middle of 34 x 34 pixels."""
    random = np.random.default_rng(side + 100 * upright)
    t = np.sort(random.integers(0, 300_000, 4000))
    long, short = random.integers(8, 26, 4000), random.integers(15, 19, 4000)
    x, y = (short, long) if upright else (long, short)
    return EventStream(t, x, y, np.ones(4000, np.bool_), 34, 34)


def test_windows_find_a_pasted_digit():
    canvas = Canvas(noise=20.0)
    pasted = canvas.pasted(bar_of(0, True), generator(0, "paste"))
    true = canvas.true(pasted, 34)
    assert np.abs(np.subtract(canvas.attended(REGIONS, pasted), true)).max() <= 5
    densest = pasted.events.window(*canvas.densest(pasted), 28, 28)
    assert len(densest) == max(len(pasted.events.window(left, top, 28, 28)) for left in range(37) for top in range(37))
    kept = counted(pasted.events, true, 28)
    assert kept.shape == (196,)
    assert (kept**2).sum() > 4000
    assert canvas.around(10.0, 20.5) == (-4, 7)


def test_classifiers_tell_bars_apart_and_learn_only_from_training():
    labels = np.array([0, 1] * 4)
    streams = [bar_of(number, bool(label)) for number, label in enumerate(labels)]
    found = EventSet(streams[:6], labels[:6], streams[6:], labels[6:])
    done = []
    told = accuracies(found, Canvas(noise=10.0), REGIONS, 0, (2, 3), lambda: done.append(1))
    assert told.true == 1.0
    assert told.attended >= 0.5
    assert len(done) == 6 * 2 + 2 * 3


def test_noise_in_a_recording():
    recording = Outlines(noise=0.0).draw(generator(0, "scene")).events
    noisy = with_noise(recording, 3.0, 0)
    assert len(noisy) == 4 * len(recording)
    assert busy(REGIONS, recording).sum() == 17
    found = led(REGIONS, recording, 3.0, 0)
    assert found.chance == pytest.approx(17 / 169)
    assert found.hits > 2 * found.chance


def test_the_attention_neuron_tires_of_what_repeats():
    """Two bars that share but a few pixels: the second one is nearly as new as if nothing had come before."""
    habit = Repeats().habit([bar_of(0, True), bar_of(0, False)])
    assert habit.habit_repeated < 0.9
    assert habit.habit_repeated + 0.05 < habit.habit_novel < 1.0
