import numpy as np
import pytest

from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.executors.reference import Reference
from spikesight.first_spike.convolution import Convolution, fire
from spikesight.first_spike.fused_winners import find_winners
from spikesight.first_spike.inhibition import Winner, fire_in_last_step, k_winners
from spikesight.first_spike.inhibition import one_map_per_place as one_map
from spikesight.first_spike.room import room
from spikesight.first_spike.runs_of_taps import plan, taps

STEPS = 15


class Search:
    """`find_winners` on one item after the other, in the same room."""

    def __init__(self, layer, shape, w, k, radius, one_map_per_place):
        self.room, self.runs = room(layer, shape, STEPS, w.dtype), plan(layer, shape)
        self.w, self.asked = taps(w).ravel(), (k, radius, one_map_per_place)
        self.threshold = layer.threshold

    def __call__(self, times):
        winners, potentials = np.full((self.asked[0], 4), -7), np.full(self.asked[0], np.nan, self.w.dtype)
        given = np.ascontiguousarray(np.moveaxis(times, 0, -1))
        found = find_winners(
            given, STEPS, self.w, self.threshold, self.runs, *self.asked, self.room, winners, potentials
        )
        return [Winner(*map(int, at), float(v)) for at, v in zip(winners[:found], potentials, strict=False)]


@pytest.mark.parametrize(
    "geometry", [{}, {"padding": (1, 2)}, {"stride": (3, 2), "padding": (2, 2), "dilation": (2, 1)}]
)
@pytest.mark.parametrize("threshold", [1.0, 4.0, 8.0, np.inf])
@pytest.mark.parametrize("one_map_per_place", [False, True])
@pytest.mark.parametrize(("k", "radius"), [(1, 0), (4, 0), (5, 1), (3, 3)])
def test_winners_are_those_of_the_reference(geometry, threshold, one_map_per_place, k, radius):
    """Weights are eighths, so that sums are exact, and many potentials equal."""
    random = generator(0, "winners")
    layer = Convolution(5, (3, 2), threshold, **geometry)
    given = Latencies(random.integers(0, STEPS + 1, (4, 3, 11, 13)), STEPS)
    w = (random.integers(-3, 8, layer.weight_shape(given.shape)) / 8).astype(np.float32)
    search = Search(layer, given.shape, w, k, radius, one_map_per_place)
    fired = fire(layer, w, given, Reference())
    if threshold == np.inf:
        fired = fire_in_last_step(fired)
    expected = k_winners(one_map(fired) if one_map_per_place else fired, k, radius)
    assert [search(times) for times in given.times] == [[Winner(*winner) for winner in item] for item in expected]
    assert any(expected) or threshold == 8.0


def test_a_silent_item_has_no_winner_and_leaves_nothing_behind():
    layer = Convolution(2, (2, 2), 1.5)
    shape, w = (1, 4, 4), np.ones((2, 1, 2, 2), np.float32)
    search = Search(layer, shape, w, 2, 0, True)
    silent, loud = np.full(shape, STEPS, np.uint8), np.zeros(shape, np.uint8)
    assert search(silent) == []
    first = search(loud)
    assert first == [Winner(0, 0, 0, 0, 4.0)]  # every place is the lower map's
    assert search(silent) == []
    assert search(loud) == first
