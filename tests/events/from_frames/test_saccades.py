import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.from_frames import moved, triangle, watch


def test_whole_pixels_are_moved_whole_and_half_pixels_are_shared():
    image = np.zeros((4, 5))
    image[1, 2] = 1.0
    there, between = moved(image, [(1, 2), (0.5, 0.0)])
    assert np.argwhere(there).tolist() == [[3, 3]]
    assert between[1].tolist() == [0.0, 0.0, 0.5, 0.5, 0.0]


def test_a_triangle_comes_back_in_equal_steps():
    path = triangle(3.0, 4)
    assert path.shape == (13, 2)
    assert path[0].tolist() == path[-1].tolist() == [0.0, 0.0]
    assert path[4].tolist() == [1.5, 3.0]
    for side in range(3):
        steps = np.diff(path[4 * side : 4 * side + 5], axis=0)
        assert np.allclose(steps, steps[0])


def test_a_picture_that_is_moved_gives_events_where_it_has_edges():
    image = np.full((20, 20), 0.2)
    image[6:14, 6:14] = 1.0
    path = triangle(2.0, 10)
    events = watch(moved(image, path, background=0.2), np.arange(len(path)) * 1000)
    assert events.counts[9:11, 9:11].sum() == 0
    assert events.counts[:, :5].sum() == 0
    assert events.counts[6:14, 5:9].sum() > 50


def test_what_is_no_picture_or_path_is_refused():
    with pytest.raises(InputError, match="a path"):
        next(moved(np.zeros((2, 2)), [1, 2]))
    with pytest.raises(InputError, match="NaN"):
        next(moved(np.zeros((2, 2)), [(0.0, np.nan)]))
    with pytest.raises(InputError, match="a frame or more"):
        triangle(1.0, 0)
