import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.events.representations import RectifiedVoxelGrid, rectified, reference, voxel_grid


def straight(width, height):
    return np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).astype(np.float32)


def test_pixels_that_stay_change_nothing(events):
    grid = RectifiedVoxelGrid(straight(events.width, events.height), 4)(events)
    np.testing.assert_array_equal(grid, voxel_grid(events, 4))


def test_equal_to_sharing_out_each_event(events):
    bent = straight(events.width, events.height)
    bent += generator(0, "bent").normal(0, 1.5, bent.shape).astype(np.float32)
    found = RectifiedVoxelGrid(bent, 4)(events)
    np.testing.assert_allclose(found, reference.rectified_voxel_grid(events, 4, bent), rtol=0, atol=1e-4)


def test_left_of_the_picture_shares_are_those_of_rounding_down():
    positions = np.array([[[-0.25, 0.0]]])
    assert rectified(np.ones((1, 1), np.float32), positions).tolist() == [[0.75]]
    assert rectified(np.ones((1, 1), np.float32), np.array([[[1e30, -1e30]]])).tolist() == [[0.0]]


def test_all_shares_add_up_inside():
    positions = straight(6, 5).clip(1, 3) + 0.37
    values = generator(0, "values").normal(size=(2, 5, 6)).astype(np.float32)
    np.testing.assert_allclose(rectified(values, positions).sum((1, 2)), values.sum((1, 2)), rtol=1e-5)


def test_positions_of_another_size_or_nowhere_are_errors():
    with pytest.raises(InputError, match="shape"):
        rectified(np.ones((2, 3)), straight(2, 3))
    with pytest.raises(InputError, match="NaN"):
        rectified(np.ones((2, 3)), np.full((2, 3, 2), np.nan))
