import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.circuits.engine import Fired
from spikesight.zoo.gaze import Window, centres, fixation, regions_of_interest
from spikesight.zoo.saliency import Regions

REGIONS = Regions(12, 7, block=5)


def fired(*pairs):
    return Fired(np.array([step for step, _ in pairs], np.int64), np.array([unit for _, unit in pairs], np.int32))


def test_middles_of_whole_and_of_cut_regions():
    assert centres(REGIONS).tolist() == [[2, 2], [7, 2], [10.5, 2], [2, 5.5], [7, 5.5], [10.5, 5.5]]


def test_a_fixation_is_a_median():
    assert fixation(REGIONS, fired((0, 0), (1, 1), (2, 1))).tolist() == [7, 2]
    assert fixation(REGIONS, fired()).tolist() == [5.5, 3]


def test_the_window_follows_remembers_and_waits():
    window = Window(side=4, memory=3e-3)
    path = window.path(REGIONS, fired((2, 0), (4, 1), (9, 5)), 11)
    assert np.isnan(path[:2]).all()
    assert path[2:5, 0].tolist() == [2, 2, 4.5]
    assert path[5:9, 0].tolist() == [7, 7, 7, 7], "the first win is forgotten, the second one held"
    assert path[9:].tolist() == [[10.5, 5.5]] * 2
    assert np.isnan(window.path(REGIONS, fired(), 3)).all()


def test_what_the_window_sees():
    window = Window(side=4)
    path = np.array([[np.nan, np.nan], [5.0, 5.0]])
    step = np.array([0, 1, 1, 1])
    pixel = np.array([[5.0, 5.0], [3.0, 7.0], [2.9, 5.0], [5.0, 7.1]])
    assert window.sees(path, step, pixel).tolist() == [False, True, False, False]
    with pytest.raises(InputError, match="a pixel or more"):
        Window(side=0)


def test_regions_that_fired_are_of_interest_for_a_while():
    """Two of 3 x 2 regions of 5 x 5 cells, the last ones smaller; cells of 4 x 4 pixels, steps of 0.1 ms."""
    regions = Regions(12, 9, dt=0.1e-3)
    found = regions_of_interest(regions, Fired(np.array([1, 7]), np.array([0, 5])), latency=1000, factor=4, begin=50)
    assert found.begin.tolist() == [150, 750]
    assert found.end.tolist() == [1150, 1750]
    assert found.box.tolist() == [[0, 0, 20, 20], [40, 20, 48, 36]]
    with pytest.raises(InputError, match="0 us or more"):
        regions_of_interest(regions, Fired(np.array([1]), np.array([0])), latency=-1)
