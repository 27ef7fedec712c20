"""Maps with delays: what they see, what they may know, and the claim on two networks."""

import io
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.engine import start
from spikesight.datasets.moving_shapes import DIRECTIONS, SHAPES
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.recipes.contract import Order
from spikesight.recipes.motion_delays.recipe import RECIPE
from spikesight.recipes.motion_direction.scene import within
from spikesight.recipes.settings import adjusted
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace

MODEL = replace(RECIPE.model, outputs=2, settling=5)


@pytest.mark.parametrize("shape", ["pixel", "square"])
def test_the_way_there_covers_what_the_way_back_covers(shape):
    """Where something moves must not tell where it moves to: 9 places along the way, none of them broken by an edge."""
    motion = replace(MODEL.motion, shape=SHAPES[shape])
    random = np.random.default_rng(0)
    covered = {}
    for name in DIRECTIONS:
        ways = set()
        for place in {within(motion, name, random) for _ in range(3000)}:
            events = motion.events(name, place, random).only_on()
            rows, columns = np.divmod(events.pixel, 13)
            assert np.ptp(columns if name in "EW" else rows) == 4
            ways.add(tuple(sorted(events.pixel.tolist())))
        covered[name] = ways
    assert covered["E"] == covered["W"]
    assert covered["S"] == covered["N"]
    assert len(covered["E"]) == 9 * (13 if shape == "pixel" else 12)


def with_delays(kernels):
    """A frozen network of two maps, theirs the delays (milliseconds, (2, 5, 5)), that need four events at once."""
    network = MODEL.network().frozen()
    delay = np.asarray(kernels, float)[:, None] * 1e-3 / MODEL.dt
    engine = start(network, {"kernels.w": np.ones((2, 1, 5, 5)), "kernels.delay": delay}, FusedCpu())
    engine.arrays["out.theta"][:] = 3.6
    return engine


def test_ideal_delays_find_their_direction_anywhere():
    """For E the delays fall by a millisecond per pixel, (4, 3, 2, 1, 0) and a constant; for N they fall upwards."""
    east = np.broadcast_to(6.0 + np.arange(5)[::-1], (5, 5))
    north = np.broadcast_to(6.0 + np.arange(5)[:, None], (5, 5))
    engine = with_delays([east, north])
    random = np.random.default_rng(1)
    for _ in range(20):
        for direction, expected in ((0, [1, 0]), (1, [0, 0]), (2, [0, 0]), (3, [0, 1])):
            drawn = MODEL.draw(direction, random)
            fired = engine.advance({"input": drawn.spikes}, MODEL.length)["out"]
            assert MODEL.counts(fired).tolist() == expected, tuple(DIRECTIONS)[direction]


def test_learning_keeps_the_mean_delay_and_fades():
    engine = MODEL.begin(np.random.default_rng(2))
    delay = engine.arrays["kernels.delay"]
    drawn = MODEL.draw(0, np.random.default_rng(3))
    engine.arrays["out.theta"][:] = 1.9
    begun = delay.copy()
    assert MODEL.counts(MODEL.learn(engine, drawn, 0.0)).sum() == 1
    np.testing.assert_array_equal(delay, begun)
    np.testing.assert_array_equal(engine.arrays["out.theta"], np.float32(1.9))
    assert MODEL.counts(MODEL.learn(engine, drawn, 1.0)).sum() == 1
    moved = delay != begun
    assert 3 <= moved.sum() <= 5
    assert np.abs(delay - begun).max() * MODEL.dt <= 2 * MODEL.shift
    assert delay[moved].mean() == pytest.approx(begun[moved].mean(), rel=1e-5)


def test_thresholds_rise_for_winners_and_fall_in_silence():
    engine = MODEL.begin(np.random.default_rng(2))
    theta = engine.arrays["out.theta"].reshape(2, -1)
    for level, left in ((1.9, 1.0), (99.0, 0.5)):
        theta[:] = level
        won = MODEL.counts(MODEL.learn(engine, MODEL.draw(0, np.random.default_rng(3)), left)).astype(bool)
        expected = np.where(won, 1.9 * MODEL.harder, 1.9) if level == 1.9 else np.full(2, 99.0 * MODEL.easier**0.5)
        np.testing.assert_allclose(theta, np.broadcast_to(expected[:, None], theta.shape), rtol=1e-6)


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    return RECIPE.reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO()))


def test_learning_delays_helps(tried):
    assert tried.value > tried.control + 0.1


def test_the_run_can_be_looked_at(tried):
    run = Run.open(tried.run)
    arrays, _ = run.load_weights()
    assert arrays["kernels.delay"].shape == (RECIPE.outputs, 1, 5, 5)
    with Trace.open(run.trace_folder) as trace:
        assert len(trace.stimuli()["stim"]) == RECIPE.patterns
        assert trace.header.layer("out").shape == (RECIPE.outputs, 13, 13)
        assert len(trace.spikes("input").t) == 5 * RECIPE.patterns


def test_delays_are_drawn_where_matplotlib_is(tried):
    pytest.importorskip("matplotlib")
    ElementTree.parse(Run.open(tried.run).folder / "delays.svg")


def test_settings():
    assert adjusted(RECIPE, {"shift": "0"}).model.shift == 0.0
    with pytest.raises(UnknownName):
        adjusted(RECIPE, {"shape": "sqare"})
    with pytest.raises(InputError, match="at least one"):
        adjusted(RECIPE, {"spread": "-1"})
