import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.inhibition import Winner, fire_in_last_step, k_winners, one_map_per_place, silence
from spikesight.first_spike.layer import Fired


def fired(times, potentials, steps=3):
    return Fired(Latencies(np.array(times)[None], steps), np.array(potentials, float)[None])


def test_one_map_stays_at_a_place_the_earliest_of_those_the_strongest():
    """Potentials over three steps and threshold 2: 0, 3, 4 against 0, 5, 6 against 0, 0, 9."""
    kept = one_map_per_place(fired([[[1]], [[1]], [[2]]], [[[3]], [[5]], [[9]]]))
    np.testing.assert_array_equal(kept.latencies.times.ravel(), [3, 1, 3])
    np.testing.assert_array_equal(kept.potentials.ravel(), [0, 5, 0])


def test_of_equals_the_lower_map_stays_and_a_silent_place_is_left_alone():
    kept = one_map_per_place(fired([[[1, 3]], [[1, 3]]], [[[5, 1]], [[5, 2]]]))
    np.testing.assert_array_equal(kept.latencies.times[0, :, 0], [[1, 3], [3, 3]])
    np.testing.assert_array_equal(kept.potentials[0, :, 0], [[5, 1], [0, 2]])


def test_inhibition_goes_for_seconds_too():
    kept = one_map_per_place(fired([[[0.5]], [[0.25]]], [[[3]], [[2]]], None))
    np.testing.assert_array_equal(kept.latencies.times.ravel(), [np.inf, 0.25])


def test_winners_come_in_the_order_of_time_then_potential():
    """The example of the sheet: A fires in step 1 with 3, B in step 1 with 5, C in step 0 with 2.1: C, B, A."""
    layer = fired([[[1]], [[1]], [[0]]], [[[3]], [[5]], [[2.1]]])
    assert k_winners(layer, 3)[0] == [Winner(2, 0, 0, 0, 2.1), Winner(1, 0, 0, 1, 5.0), Winner(0, 0, 0, 1, 3.0)]
    assert [winner.map for winner in k_winners(layer, 2)[0]] == [2, 1]


def test_a_map_wins_once_and_equals_go_by_map_row_and_column():
    layer = fired([[[0, 0], [0, 0]], [[0, 0], [0, 0]]], np.ones((2, 2, 2)))
    assert [winner[:3] for winner in k_winners(layer, 2)[0]] == [(0, 0, 0), (1, 0, 0)]
    assert [winner[:3] for winner in k_winners(layer, 2, radius=1)[0]] == [(0, 0, 0)]


def test_a_radius_keeps_neighbours_of_every_map_from_winning():
    times = np.full((3, 1, 5), 3)
    times[0, 0, 2], times[1, 0, 1], times[1, 0, 4], times[2, 0, 3] = 0, 0, 1, 2
    layer = fired(times, np.ones((3, 1, 5)))
    assert [winner[:3] for winner in k_winners(layer, 3)[0]] == [(0, 0, 2), (1, 0, 1), (2, 0, 3)]
    assert [winner[:3] for winner in k_winners(layer, 3, radius=1)[0]] == [(0, 0, 2), (1, 0, 4)]
    assert [winner[:3] for winner in k_winners(layer, 3, radius=2)[0]] == [(0, 0, 2)]


def test_nobody_wins_where_nobody_fires():
    silent = Fired(Latencies(np.full((2, 3, 1, 1), 3), 3), np.ones((2, 3, 1, 1)))
    assert k_winners(silent, 2) == [[], []]


def test_more_winners_than_maps_and_other_things_that_cannot_be():
    layer = fired([[[1]], [[1]]], [[[3]], [[5]]])
    with pytest.raises(InputError, match="2 maps have 1 to 2 winners; got 3"):
        k_winners(layer, 3)
    with pytest.raises(InputError, match="got 0"):
        k_winners(layer, 0)
    with pytest.raises(InputError, match="radius"):
        k_winners(layer, 1, -1)
    with pytest.raises(InputError, match=r"got 1\.5"):
        k_winners(layer, 1.5)
    with pytest.raises(InputError, match="whole places"):
        k_winners(layer, 1, 0.5)
    for maps in ([True, False], [1.7]):
        with pytest.raises(InputError, match="told by their numbers"):
            silence(layer, maps)
    with pytest.raises(InputError, match="needs maps"):
        one_map_per_place(Fired(Latencies(np.zeros((2, 3), int), 3), np.zeros((2, 3))))


def test_potentials_decide_in_the_last_step_where_no_threshold_does():
    late = fire_in_last_step(fired([[[3, 1]], [[3, 3]]], [[[2, 5]], [[-1, 0]]]))
    np.testing.assert_array_equal(late.latencies.times[0, :, 0], [[2, 1], [3, 3]])
    with pytest.raises(InputError, match="whole steps"):
        fire_in_last_step(fired([[[np.inf]]], [[[1]]], None))


def test_whole_maps_can_be_silenced():
    layer = fired([[[1]], [[0]], [[2]]], [[[3]], [[5]], [[9]]])
    quiet = silence(layer, [0, 2])
    np.testing.assert_array_equal(quiet.latencies.times.ravel(), [3, 0, 3])
    np.testing.assert_array_equal(quiet.potentials.ravel(), [0, 5, 0])
    np.testing.assert_array_equal(layer.latencies.times.ravel(), [1, 0, 2])
    np.testing.assert_array_equal(silence(layer, []).potentials, layer.potentials)
    with pytest.raises(InputError, match="0 to 2"):
        silence(layer, [3])
