import numpy as np
import pytest

from spikesight.analysis.space_order import hilbert_order
from spikesight.base.errors import InputError


@pytest.mark.parametrize("side", [2, 4, 8, 32])
def test_each_unit_is_followed_by_a_neighbour(side):
    y, x = np.divmod(hilbert_order(side, side), side)
    assert (np.abs(np.diff(y)) + np.abs(np.diff(x)) == 1).all()


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 9), (5, 3), (28, 28), (34, 2)])
def test_every_unit_once(height, width):
    assert sorted(hilbert_order(height, width)) == list(range(height * width))


def test_it_keeps_neighbours_closer_than_rows_do():
    y, x = np.divmod(hilbert_order(28, 28), 28)
    apart = np.abs(y[:-16] - y[16:]) + np.abs(x[:-16] - x[16:])
    rows = 16  # row by row, the sixteenth unit further is 13 to 16 away
    assert apart.mean() < rows / 2


def test_a_picture_has_sides():
    with pytest.raises(InputError, match="0 x 3"):
        hilbert_order(0, 3)
