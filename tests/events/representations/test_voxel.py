import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.events.representations import BeyondLastBin, ToLastBin, VoxelGrid, reference, signed_image, voxel_grid
from spikesight.events.stream import EventStream

REACHES = [ToLastBin(), BeyondLastBin()]
ROUNDED = 2.0**-22
"""Each event's share is rounded to this, by half of it; sums are exact, and rounded to single precision at the end."""


def one_pixel(t, p):
    return EventStream(t, np.zeros(len(t), np.uint16), np.zeros(len(t), np.uint16), p, 1, 1)


def close(found, expected, events):
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=0, atol=ROUNDED * max(1, len(events)))


def test_published_example():
    grid = voxel_grid(one_pixel([0, 250_000, 500_000, 1_000_000], [1, 1, 0, 1]), 5)
    np.testing.assert_allclose(grid.ravel(), [1, 1, -1, 0, 1], rtol=0, atol=1e-7)


def test_an_event_between_bins_is_shared():
    grid = voxel_grid(one_pixel([0, 13, 40], [1, 1, 1]), 5)  # at 0, 1.3 and 4
    np.testing.assert_allclose(grid.ravel(), [1, 0.7, 0.3, 0, 1], rtol=0, atol=1e-7)


def test_beyond_the_last_bin_the_last_event_is_lost():
    grid = voxel_grid(one_pixel([0, 10, 18, 20], [1, 1, 1, 1]), 2, BeyondLastBin())  # at 0, 1, 1.8 and 2
    np.testing.assert_allclose(grid.ravel(), [1, 1.2], rtol=0, atol=1e-7)


@pytest.mark.parametrize("reach", REACHES, ids=lambda reach: type(reach).__name__)
@pytest.mark.parametrize("bins", [1, 2, 5])
def test_equal_to_the_reference(events, bins, reach):
    found = voxel_grid(events, bins, reach)
    assert found.shape == (bins, events.height, events.width)
    close(found, reference.voxel_grid(events, bins, reach), events)
    np.testing.assert_array_equal(VoxelGrid(bins, reach)(events), found)


def test_events_of_one_time_are_in_the_first_bin():
    for reach in REACHES:
        assert voxel_grid(one_pixel([10**15] * 3, [1, 1, 0]), 3, reach).ravel().tolist() == [1, 0, 0]


@settings(deadline=None)  # the first call compiles
@given(
    st.lists(st.tuples(st.integers(-(10**15), 10**15), st.integers(0, 2), st.booleans()), max_size=40),
    st.integers(1, 9),
)
def test_bins_sum_up_to_the_signs(rows, bins):
    t, x, p = np.array(sorted(rows), np.int64).reshape(-1, 3).T
    events = EventStream(t, x, np.zeros(len(t), int), p, 3, 1)
    np.testing.assert_allclose(voxel_grid(events, bins).sum(0), signed_image(events), rtol=0, atol=1e-5)
    close(voxel_grid(events, bins), reference.voxel_grid(events, bins, ToLastBin()), events)


def test_a_hot_pixel_keeps_its_fractions():
    n = 300_001
    events = one_pixel(np.arange(n), np.ones(n, bool))
    np.testing.assert_allclose(
        voxel_grid(events, 3).ravel(), reference.voxel_grid(events, 3, ToLastBin()).ravel(), rtol=3e-7
    )


@pytest.mark.parametrize("p", [True, False])
def test_sums_of_a_hot_pixel_do_not_reach_each_other(p):
    n = 1_100_000
    t = np.full(n, 10**15 + 7)
    t[0] -= 7
    sign = 1.0 if p else -1.0
    assert voxel_grid(one_pixel(t, np.full(n, p)), 2).ravel().tolist() == [sign, sign * (n - 1)]


def test_no_bins_and_events_out_of_order_are_errors(backward):
    with pytest.raises(InputError, match="got 0"):
        voxel_grid(backward.sorted(), 0)
    with pytest.raises(InputError, match="step back"):
        voxel_grid(backward, 3)
