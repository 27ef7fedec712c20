import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.circuits.engine import start
from spikesight.datasets.outlines import Outlines
from spikesight.encoding.event_steps import by_step
from spikesight.encoding.spike_list import SpikeList, from_dense
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference
from spikesight.zoo.saliency import Attention, Gate, Growing, Local, Regions, attend, winners


def cluster(places, steps=4, side=25):
    """Eight events a step in blocks of 5 x 5, in its first two rows."""
    frame = np.zeros((steps, side, side), np.int64)
    for row, column in places:
        frame[:, 5 * row : 5 * row + 2, 5 * column : 5 * column + 4] = 1
    return from_dense(frame.reshape(steps, -1))


def test_inhibition_on_three_by_three():
    w = Growing().weights(3, 3)
    by_distance = {1: w[0, 1], np.sqrt(2): w[0, 4], 2: w[0, 2], np.sqrt(8): w[0, 8]}
    assert [by_distance[1], by_distance[np.sqrt(2)], by_distance[2]] == pytest.approx(
        [0.3020, 0.4570, 0.8210], abs=5e-5
    )
    assert Growing(cap=9.0).weights(3, 3)[0, 8] == pytest.approx(1.8799, abs=5e-5)
    assert by_distance[np.sqrt(8)] == 1.0
    assert (np.diag(w) == 0).all()


def test_a_local_kernel_falls_with_distance():
    w = Local(strength=2.0, length=1.5).weights(1, 4)
    assert w[0].tolist() == pytest.approx([0.0, *(2 * np.exp(-np.arange(1, 4) / 1.5))])


def test_thresholds_of_a_region_that_is_attended_and_released():
    gate = Gate()
    series = [np.array([gate.begin])]
    for _ in range(6):
        series.append(gate.moved(series[-1], np.array([0]), 100))
    assert np.concatenate(series[1:]) * 1e3 == pytest.approx([-30, -40, -50, -60, -64, -64])
    released = [series[-1]]
    assert gate.moved(released[0], np.array([100]), 100) == released[0]
    for k in range(7):
        released.append(gate.moved(released[-1], np.array([101 + k]), 100))
    assert np.concatenate(released[1:]) * 1e3 == pytest.approx([-54, -44, -34, -24, -14, -4, 0])


@pytest.mark.parametrize("executor", [FusedCpu(), Reference()], ids=lambda e: type(e).__name__)
def test_the_winner_is_where_the_events_are(executor):
    regions = Regions(25, 25)
    assert winners(regions, cluster([(2, 3)]), executor).unit.tolist() == [13] * 3
    assert winners(regions, cluster([(2, 1)]), executor).unit.tolist() == [11] * 3, "the mirrored scene"
    assert winners(regions, cluster([(2, 3)]), executor).step.tolist() == [1, 2, 3]


def test_ties_go_to_the_lowest_number_and_nothing_wins_nothing():
    regions = Regions(25, 25)
    everywhere = [(row, column) for row in range(5) for column in range(5)]
    assert winners(regions, cluster(everywhere), FusedCpu()).unit[0] == 0
    assert len(winners(regions, cluster([]), FusedCpu()).unit) == 0


def test_blocks_cover_the_sensor():
    regions = Regions(7, 6, block=5)
    assert regions.shape == (2, 2)
    assert np.bincount(regions.of_pixel).tolist() == [25, 10, 5, 2]
    with pytest.raises(InputError, match="a pixel or more"):
        Regions(7, 0)


def test_the_true_time_of_the_last_spike_is_kept():
    """Silent for a millisecond is not silent for a hundred: thresholds hold until patience is over."""
    attention = Attention(Regions(25, 25), Gate(patience=10e-3))
    engine = start(attention.network, attention.parameters, FusedCpu())
    given = cluster([(2, 3)], steps=6).padded(26)
    seen = []
    for k in range(26):
        engine.advance({"events": given.part(k, k + 1)}, 1)
        attention.turn(engine)
        seen.append(attention.thresholds(engine)[11 * 25 + 16])
    # Events of steps 0 to 5 win in steps 1 to 6; the threshold rises from step 17 on, 10 steps after.
    expected = [-20, -30, -40, -50, -60, *[-64] * 12, -54, -44, -34, -24, -14, -4, 0, 0, 0]
    assert np.array(seen) * 1e3 == pytest.approx(expected, abs=1e-3)


def test_only_events_of_the_attended_region_pass():
    events = cluster([(2, 3)], steps=12)
    elsewhere = from_dense(cluster([(0, 0)], steps=12).dense(625) * (np.arange(625) < 2))
    both = from_dense(events.dense(625) + elsewhere.dense(625))
    attention = Attention(Regions(25, 25), tau=0.1e-3)
    passed = attend(attention, both, FusedCpu()).passed
    assert set(attention.regions.of_pixel[passed.unit]) == {13}
    assert passed.step.min() == 4, "three wins, in steps 1 to 3, open the gate for a single event"


def test_both_engines_attend_alike():
    drawn = Outlines(side=30, noise=10.0, milliseconds=60).draw(generator(3, "scene"))
    events: SpikeList = by_step(drawn.events, 1e-3, 60)
    attention = Attention(Regions(30, 30, threshold=4.0))
    fast, slow = attend(attention, events, FusedCpu()), attend(attention, events, Reference())
    assert len(fast.winners.unit) > 5
    assert len(fast.passed.unit) > 5
    for one, other in zip(fast, slow, strict=True):
        assert np.array_equal(one.step, other.step)
        assert np.array_equal(one.unit, other.unit)
    alone = winners(attention.regions, events, FusedCpu())
    assert np.array_equal(alone.unit, fast.winners.unit), "the output acts back on nothing"
