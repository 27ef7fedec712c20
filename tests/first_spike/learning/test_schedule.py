"""Rates that fall, and orders of images."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.first_spike.learning.schedule import AsGiven, Constant, Drawn, Falling, Shuffled


def test_factors():
    assert [Constant()(done) for done in (0.0, 0.5, 1.0)] == [1.0] * 3
    assert [Falling(0.2)(done) for done in (0.0, 0.5, 1.0, 2.0)] == pytest.approx([1.0, 0.6, 0.2, 0.2])
    with pytest.raises(InputError, match="0 to 1"):
        Falling(1.5)


def test_orders():
    assert AsGiven()(4, 0, 3).tolist() == [0, 1, 2, 3]
    assert sorted(Shuffled()(50, 0, 3)) == list(range(50))
    assert len(set(Drawn()(50, 0, 3).tolist())) < 50
    for order in (Shuffled(), Drawn()):
        np.testing.assert_array_equal(order(50, 0, 3), order(50, 0, 3))
        assert (order(50, 0, 3) != order(50, 0, 4)).any()
        assert (order(50, 0, 3) != order(50, 1, 3)).any()
