import numpy as np
import pytest

from spikesight.events.representations import Histogram, Normalised, normalised, voxel_grid


@pytest.mark.parametrize("correction", [0, 1])
def test_cells_have_mean_0_and_deviation_1(events, correction):
    grid = voxel_grid(events, 5)
    found = normalised(grid, correction)
    active = found[grid != 0]
    if len(active) > 1 and np.ptp(grid[grid != 0]) > 0:
        np.testing.assert_allclose((active.mean(), active.std(ddof=correction)), (0, 1), atol=1e-5)
    else:
        assert not found.any()
    assert not found[grid == 0].any()
    assert (found.shape, found.dtype) == (grid.shape, np.float32)


def test_of_another_representation(events):
    np.testing.assert_array_equal(Normalised(Histogram(), 1)(events), normalised(Histogram()(events), 1))


def test_by_hand():
    np.testing.assert_allclose(normalised(np.array([0.0, 1.0, 3.0])), [0, -1, 1])
    np.testing.assert_allclose(normalised(np.array([0.0, 1.0, 3.0]), 1), [0, -(0.5**0.5), 0.5**0.5], rtol=1e-6)
    assert normalised(np.array([0.0, 4.0, 4.0])).tolist() == [0, 0, 0]
    assert normalised(np.full(3, 0.1)).tolist() == [0, 0, 0]  # whose mean is 0.1, but for a rounding
