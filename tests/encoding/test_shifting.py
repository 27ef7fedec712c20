import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.shifting import Shifts


def test_a_dot_goes_to_all_places_around_it_equally_often():
    images = np.zeros((9000, 5, 6), np.uint8)
    images[:, 2, 3] = 7
    shifted = Shifts(1)(images, np.random.default_rng(0))
    assert (shifted.sum(axis=(1, 2)) == 7).all()
    counts = (shifted > 0).sum(axis=0)
    assert counts[1:4, 2:5].min() > 900
    assert counts.sum() == 9000


def test_what_leaves_is_lost_and_0_comes_in():
    shifted = Shifts(2)(np.ones((500, 3, 3)), np.random.default_rng(1))
    assert set(shifted.sum(axis=(1, 2))) == {1, 2, 3, 4, 6, 9}


def test_no_shift_is_no_change():
    images = np.random.default_rng(0).integers(0, 9, (4, 3, 5))
    np.testing.assert_array_equal(Shifts(0)(images, np.random.default_rng(0)), images)
    with pytest.raises(InputError, match="0 pixels or more"):
        Shifts(-1)
