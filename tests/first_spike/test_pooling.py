import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.pooling import Pooling, earliest_of_each_map, grid, largest_of_each_map

POOLINGS = [
    Pooling((2, 2)),
    Pooling((2, 2), padding=(1, 1)),
    Pooling((3, 2), stride=(1, 2), padding=(1, 1)),
    Pooling((7, 7), stride=(6, 6)),
    Pooling((2, 3), stride=(3, 4)),
]


def one_by_one(pooling, values, best, worst):
    """Return the same, window by window."""
    (down, across), (rows, columns) = pooling.padding, pooling.shape(values.shape[1:])[1:]
    padded = np.pad(values, ((0, 0), (0, 0), (down, down), (across, across)), constant_values=worst)
    found = np.empty((*values.shape[:2], rows, columns), values.dtype)
    for row in range(rows):
        for column in range(columns):
            top, left = row * pooling.moves[0], column * pooling.moves[1]
            window = padded[:, :, top : top + pooling.window[0], left : left + pooling.window[1]]
            found[:, :, row, column] = best(window, axis=(2, 3))
    return found


@pytest.mark.parametrize("pooling", POOLINGS)
def test_each_window_gives_its_earliest_spike_or_largest_potential(pooling):
    random = generator(0, "pooling")
    times, v = random.integers(0, 6, (3, 4, 13, 14)), random.normal(size=(3, 4, 13, 14))
    latencies = Latencies(times, 5)
    np.testing.assert_array_equal(pooling.earliest(latencies).times, one_by_one(pooling, times, np.min, 5))
    np.testing.assert_array_equal(pooling.largest(v), one_by_one(pooling, v, np.max, -np.inf))
    seconds = Latencies(np.where(times < 5, times * 0.1, np.inf))
    expected = one_by_one(pooling, seconds.times, np.min, np.inf)
    np.testing.assert_array_equal(pooling.earliest(seconds).times, expected)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_it_commutes_with_the_axis_of_time(pooling):
    latencies = Latencies(generator(0, "wave").integers(0, 6, (2, 3, 13, 14)), 5)
    wave = latencies.wave()
    pooled = np.stack([pooling.largest(step.astype(float)) > 0 for step in wave])
    np.testing.assert_array_equal(pooling.earliest(latencies).wave(), pooled)


def test_padding_is_below_whole_numbers_too():
    np.testing.assert_array_equal(Pooling((2, 2), padding=(1, 1)).largest(np.full((1, 1, 1, 1), -3)), [[[[-3]]]])


def test_what_was_given_stays_as_it_is():
    times = generator(0, "kept").integers(0, 6, (2, 3, 8, 8)).astype(np.uint8)
    kept = times.copy()
    pooled = Pooling((2, 2)).earliest(Latencies(times, 5))
    np.testing.assert_array_equal(times, kept)
    assert not np.shares_memory(pooled.times, times)


def test_whole_maps_and_grids_of_them():
    times = generator(0, "whole").integers(0, 6, (2, 3, 7, 5))
    v = generator(0, "v").normal(size=(2, 3, 7, 5))
    np.testing.assert_array_equal(earliest_of_each_map(Latencies(times, 5)).times, times.min(axis=(2, 3)))
    np.testing.assert_array_equal(largest_of_each_map(v), v.max(axis=(2, 3)))
    np.testing.assert_array_equal(grid(v, 1)[..., 0, 0], v.max(axis=(2, 3)))
    fields = grid(v, 2)
    assert fields.shape == (2, 3, 2, 2)
    np.testing.assert_array_equal(fields[..., 0, 1], v[:, :, :3, 2:].max(axis=(2, 3)))
    np.testing.assert_array_equal(grid(v, 5)[..., 4, 0], v[:, :, 5:, :1].max(axis=(2, 3)))


def test_what_cannot_be():
    with pytest.raises(InputError, match="half of a window"):
        Pooling((2, 2), padding=(2, 0))
    with pytest.raises(InputError, match="1 at least"):
        Pooling((0, 2))
    with pytest.raises(InputError, match="does not fit"):
        Pooling((9, 9)).largest(np.zeros((1, 1, 8, 8)))
    with pytest.raises(InputError, match="needs maps"):
        Pooling((2, 2)).earliest(Latencies(np.zeros((2, 8), int), 3))
    for reading in (Pooling((2, 2)).largest, largest_of_each_map, lambda v: grid(v, 1)):
        with pytest.raises(InputError, match="needs potentials of maps"):
            reading(np.zeros((3, 4)))
    with pytest.raises(InputError, match="fields"):
        grid(np.zeros((1, 1, 3, 8)), 4)
