import numpy as np
import pytest

from spikesight.base.randomness import generator
from spikesight.first_spike.spike_order import COLUMN, MASK, ROW, fired_ones, order_seconds, order_steps

SHAPE = (5, 7, 3)


def unpacked(order):
    return order >> ROW, order >> COLUMN & MASK, order & MASK


@pytest.mark.parametrize("steps", [1, 4, 300])
@pytest.mark.parametrize("silence", [0, 1])
def test_steps_are_sorted_and_those_that_never_fire_left_out(steps, silence):
    times = generator(0, "times").integers(0, steps + silence, SHAPE).astype(np.min_scalar_type(steps))
    found, order, starts = np.empty(times.size + 1, int), np.empty(times.size + 1, int), np.empty(steps + 2, int)
    order_steps(times, steps, found, order, starts)
    assert starts[steps] == (times < steps).sum()
    for step in range(steps):
        here = np.argwhere(times == step)
        np.testing.assert_array_equal(np.stack(unpacked(order[starts[step] : starts[step + 1]]), axis=1), here)


def test_seconds_are_grouped_by_equal_times():
    times = generator(0, "times").choice([0.0, 0.1, 0.7, np.inf], SHAPE)
    found, order = np.empty(times.size + 1, int), np.empty(times.size + 1, int)
    starts, when = np.empty(times.size + 1, int), np.empty(times.size)
    assert order_seconds(times, found, order, starts, when) == 3
    np.testing.assert_array_equal(when[:3], [0.0, 0.1, 0.7])
    for group in range(3):
        here = np.argwhere(times == when[group])
        np.testing.assert_array_equal(np.stack(unpacked(order[starts[group] : starts[group + 1]]), axis=1), here)


def test_no_spike_and_all_spikes():
    found, order, starts = np.empty(106, int), np.empty(106, int), np.empty(106, int)
    assert fired_ones(np.full(SHAPE, 9, np.uint8), 9, found) == 0
    assert fired_ones(np.zeros(SHAPE, np.uint8), 9, found) == 105
    assert order_seconds(np.full(SHAPE, np.inf), found, order, starts, np.empty(105)) == 0
    assert starts[0] == 0
