"""The readout by hand, the layer's symmetry, and the claim on two networks."""

import io
import json
import math
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.engine import start
from spikesight.datasets.moving_shapes import SHAPES, Motion
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.recipes.contract import Order
from spikesight.recipes.motion_direction.layer import Layer
from spikesight.recipes.motion_direction.protocol import chances, information, scores, specialised, told
from spikesight.recipes.motion_direction.recipe import RECIPE
from spikesight.recipes.motion_direction.scene import spikes_of
from spikesight.recipes.motion_direction.trial import numbers
from spikesight.recipes.settings import adjusted, settings_of
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace

PERFECT = 10 * np.eye(4, dtype=int)


def test_the_table_and_the_scores_by_hand():
    table = chances(np.array([[6, 2], [0, 4], [0, 0]]))
    np.testing.assert_allclose(table, [[0.75, 0.25], [0.0, 1.0], [0.0, 0.0]])
    found = scores(np.array([[2, 1], [0, 0]]), table)
    first = [2 * math.log(0.76) + math.log(0.26), 2 * math.log(0.01) + math.log(1.01), 3 * math.log(0.01)]
    np.testing.assert_allclose(found, [first, [0.0, 0.0, 0.0]])


def test_information_and_specialisation():
    assert information(PERFECT) == pytest.approx(2.0)
    assert information(np.full((4, 4), 3)) == pytest.approx(0.0)
    assert information(np.array([[5, 0], [5, 0], [0, 7], [0, 7]])) == pytest.approx(1.0)
    assert information(np.zeros((4, 4))) == 0.0
    assert specialised(PERFECT) == 4
    assert specialised(np.array([[5, 0, 3], [5, 0, 1]])) == 1


def test_who_says_nothing_or_the_same_for_two_directions_is_wrong():
    perfect = np.repeat(PERFECT[:, None], 25, axis=1)
    assert told(perfect).accuracy == 1.0
    assert told(np.zeros_like(perfect)).accuracy == 0.0
    axis = np.repeat(np.array([[9, 0], [9, 0], [0, 9], [0, 9]])[:, None], 25, axis=1)
    assert told(axis).accuracy == 0.0, "ties are strict"


def test_fresh_networks_never_were_for_choosing():
    assert min(numbers(0, 8)) >= 1000
    assert set(numbers(0, 8)).isdisjoint(numbers(1, 8))


def test_a_line_fires_once_in_a_step():
    spikes = spikes_of(np.array([0.11e-3, 0.19e-3, 0.05e-3]), np.array([3, 3, 1]), 5, 0.1e-3, 4)
    assert list(zip(spikes.times.tolist(), spikes.units.tolist(), strict=True)) == [(0, 1), (1, 3)]
    assert spikes.steps == 4


def quarter_turn(line):
    """The line of a pixel after a quarter turn clockwise of 5 x 5 pixels."""
    sign, pixel = np.divmod(line, 25)
    row, column = np.divmod(pixel, 5)
    return sign * 25 + column * 5 + 4 - row


def test_turning_shape_direction_and_weights_changes_no_spike():
    layer = Layer(Motion(SHAPES["diagonal"], jitter=0.0), dt=0.5e-3)
    turned = replace(layer, motion=replace(layer.motion, shape=((0, 2), (1, 1), (2, 0))))
    w = layer.begin(np.random.default_rng(3)).arrays["input_out.w"]
    moved = np.empty_like(w)
    moved[quarter_turn(np.arange(50))] = w
    random = np.random.default_rng(0)
    for direction, after in ((0, 2), (2, 1), (1, 3), (3, 0)):  # E S W N, clockwise
        name, then = ("E", "W", "S", "N")[direction], ("E", "W", "S", "N")[after]
        fired = []
        for model, weights, where, place in ((layer, w, name, (1, 1)), (turned, moved, then, (1, 1))):
            events = model.motion.events(where, place, random)
            given = spikes_of(events.t, events.lines(25), 50, model.dt, model.length)
            network = start(model.network(), {"input_out.w": weights}, FusedCpu())
            fired.append(network.advance({"input": given}, model.length)["out"])
        assert len(fired[0].step) > 5
        np.testing.assert_array_equal(fired[0].step, fired[1].step)
        np.testing.assert_array_equal(fired[0].unit, fired[1].unit)


def test_the_engines_learn_the_same():
    layer = Layer(Motion(SHAPES["square"], steps=8), dt=0.5e-3)
    begun = layer.begin(np.random.default_rng(0)).arrays
    drawn = layer.draw(1, np.random.default_rng(1))
    ends = []
    for executor in (Reference(), FusedCpu()):
        engine = start(layer.network(), begun, executor)
        fired = layer.learn(engine, drawn, 1.0)
        ends.append((fired.step.tolist(), fired.unit.tolist(), engine.arrays["input_out.w"]))
    assert ends[0][:2] == ends[1][:2]
    np.testing.assert_allclose(ends[0][2], ends[1][2], rtol=1e-5)
    assert (ends[0][2] != begun["input_out.w"]).any()


def test_an_examined_network_learns_nothing():
    layer = Layer(Motion(SHAPES["square"], steps=8), dt=0.5e-3)
    engine = layer.begin(np.random.default_rng(0))
    before = engine.arrays["input_out.w"].copy()
    copy = layer.frozen(engine)
    fired = copy.advance({"input": layer.draw(0, np.random.default_rng(1)).spikes}, layer.length)["out"]
    assert len(fired.step)
    np.testing.assert_array_equal(copy.arrays["input_out.w"], before)
    np.testing.assert_array_equal(engine.arrays["input_out.w"], before)


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    return RECIPE.reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO()))


def test_learning_helps(tried):
    assert tried.value > tried.control
    assert tried.value > 0.6
    assert json.dumps(tried.as_json())


def test_the_run_can_be_looked_at(tried):
    run = Run.open(tried.run)
    assert len(run.facts["metrics"]["networks"]) == 2
    with Trace.open(run.trace_folder) as trace:
        stimuli = trace.stimuli()
        assert len(stimuli["stim"]) == RECIPE.patterns
        assert set(stimuli["label"]) == {0, 1, 2, 3}
        assert len(trace.spikes("out").t) > RECIPE.patterns
        assert len(trace.snapshots("input_out")["t"]) == 1 + RECIPE.patterns // 10
        assert len(trace.scalars("accuracy")[0]) == RECIPE.patterns


def test_receptive_fields_are_drawn_where_matplotlib_is(tried):
    pytest.importorskip("matplotlib")
    ElementTree.parse(Run.open(tried.run).folder / "fields.svg")


def test_settings_are_words():
    other = adjusted(RECIPE, {"shape": "square", "polarity": "none", "starts": "random", "patterns": "3"})
    assert settings_of(other)["shape"] == "square"
    assert other.model.lines == 25
    for wrong in ({"shape": "circle"}, {"polarity": "on"}, {"starts": "here"}):
        with pytest.raises(UnknownName):
            adjusted(RECIPE, wrong)
    with pytest.raises(InputError, match="at least one"):
        adjusted(RECIPE, {"outputs": "0"})
