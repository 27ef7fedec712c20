import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.datasets.outlines import Outlines
from spikesight.encoding.event_steps import by_step
from spikesight.encoding.spike_list import from_dense
from spikesight.events.cleaning import EventCount
from spikesight.events.foveation import Foveation
from spikesight.events.stream import EventStream
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.zoo.gaze import regions_of_interest
from spikesight.zoo.saliency import Growing
from spikesight.zoo.salient_regions import Habit, SalientRegions, salient

STEPS = 200


def blocks(stimuli, side=25):
    """Return spikes of three pixels of a block each millisecond, of (row, column, first step)."""
    frame = np.zeros((STEPS, side, side), np.int64)
    for row, column, first in stimuli:
        frame[first::10, 5 * row + 2, 5 * column + 1 : 5 * column + 4] = 1
    return from_dense(frame.reshape(STEPS, -1))


@pytest.mark.parametrize("executor", [FusedCpu(), Reference()], ids=lambda e: type(e).__name__)
def test_the_block_with_events_fires_alone(executor):
    fired = salient(SalientRegions(25, 25), blocks([(2, 3, 0)]), executor)
    assert set(fired.unit.tolist()) == {13}
    assert (np.diff(fired.step) > 1).all(), "it rests after a spike"
    nothing = salient(SalientRegions(25, 25), blocks([]), executor)
    assert len(nothing.unit) == 0


def test_both_of_two_fire_unless_they_inhibit_more():
    """The second begins a millisecond later: with the published inhibition the first keeps it down."""
    both = blocks([(0, 0, 0), (4, 4, 10)])
    counts = [
        np.bincount(salient(SalientRegions(25, 25, habit=None, inhibition=much), both, FusedCpu()).unit, minlength=25)
        for much in (Growing(cap=0.01), Growing())
    ]
    assert counts[0][[0, 24]].min() > 10
    assert np.flatnonzero(counts[1]).tolist() == [0]


def test_equal_stimuli_fire_alike():
    fired = salient(SalientRegions(25, 25), blocks([(1, 1, 0), (3, 3, 0)]), FusedCpu())
    assert fired.step[fired.unit == 6].tolist() == fired.step[fired.unit == 18].tolist() != []


@pytest.mark.parametrize(("weight", "enough"), [(1.2, 1), (1.0, 2), (0.3, 4)])
def test_how_many_events_within_a_millisecond_are_enough(weight, enough):
    answers = []
    for events in (enough - 1, enough):
        frame = np.zeros((STEPS, 25), np.int64)
        frame[np.linspace(5, 14, events).astype(int), np.arange(events)] = 1
        network = SalientRegions(5, 5, weight=weight, habit=None)
        answers.append(len(salient(network, from_dense(frame), FusedCpu()).unit) > 0)
    assert answers == [False, True]


def test_weights_grow_with_use_and_fall_back():
    habit = Habit()
    weights, silent = np.array([1.0, 1.0, 1.9999, 1.5, 0.5]), np.array([0.5e-3, 50e-3, 1e-3, 101e-3, 101e-3])
    assert habit.moved(weights, silent).tolist() == pytest.approx([1.01, 1.0, 2.0, 0.7, 0.7])


def test_the_network_learns_as_it_looks():
    """Weights that grow make the same events fire more often."""
    stimulus = blocks([(2, 3, 0)])
    count = {
        more: len(salient(SalientRegions(25, 25, weight=0.3, habit=Habit(more=more)), stimulus, FusedCpu()).unit)
        for more in (0.0, 0.1)
    }
    assert count[0.1] > count[0.0] > 0


def test_weights_are_in_units_of_the_leak():
    parameters = SalientRegions(25, 25).parameters
    assert parameters["block.w"][0] == pytest.approx(2.5)
    assert np.array_equal(parameters["lateral.w"], Growing().weights(5, 5) / 0.4)
    with pytest.raises(InputError):
        SalientRegions(0, 3)


@pytest.fixture(scope="module")
def looked_at():
    """Scenes, where their object was and what was of interest."""
    scene = Outlines(side=128, square=20, noise=5.0, hertz=300.0)
    found = []
    for k in range(4):
        drawn = scene.draw(generator(k, "scene"))
        coarse = EventCount(4)(drawn.events)
        network = SalientRegions(coarse.width, coarse.height)
        fired = salient(network, by_step(coarse, network.dt, 3000), FusedCpu())
        found.append((scene, drawn, regions_of_interest(network.grid, fired, 20_000, 4)))
    return found


def middles(scene, drawn):
    """Return the middle of the object as an event in the middle of each millisecond."""
    x, y = (drawn.places[:, 0] + scene.square // 2).T
    t = np.arange(scene.milliseconds) * 1000 + 500
    return EventStream(t, x, y, np.ones(len(t), bool), scene.side, scene.side)


def test_a_moving_object_is_found_among_noise(looked_at):
    """23 events of the object and 82 of noise each millisecond; a tenth of the sensor is of interest."""
    covered = [found.hold(middles(scene, drawn)).mean() for scene, drawn, found in looked_at]
    assert min(covered) > 0.7
    assert np.mean(covered) > 0.8
    random = generator(0, "anywhere")
    x, y = random.integers(0, 128, (2, 3000))
    anywhere = EventStream(np.arange(3000) * 100, x, y, np.ones(3000, bool), 128, 128)
    assert max(found.hold(anywhere).mean() for _, _, found in looked_at) < 0.12


def test_foveated_it_keeps_the_object_and_loses_the_noise(looked_at):
    for _, drawn, found in looked_at:
        foveated = Foveation(EventCount(4))(drawn.events, found)
        kept = found.hold(drawn.events)
        assert kept[drawn.source == 0].mean() > 3 * kept[drawn.source < 0].mean()
        assert len(foveated) < 0.35 * len(drawn.events)
