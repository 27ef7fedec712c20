import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.studio.plots.style import FAINT, class_colour, side_by_side, weights_of


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 9))
def test_pictures_lie_side_by_side_a_point_apart(count, height, width):
    pictures = np.arange(1.0, count * height * width + 1).reshape(count, height, width)
    sheet = side_by_side(pictures)
    assert np.nansum(sheet) == pictures.sum()
    assert np.isfinite(sheet).sum() == pictures.size
    np.testing.assert_array_equal(sheet[:height, :width], pictures[0])


def test_levels_are_weights_again():
    pytest.importorskip("matplotlib")
    weights, colours, low = weights_of(np.array([0, 255], np.uint8), 0.5, False)
    assert (weights.tolist(), colours.name, low) == ([0.0, 0.5], "strength", 0.0)
    weights, colours, low = weights_of(np.array([1, 128, 255], np.uint8), 0.5, True)
    assert (weights.tolist(), colours.name, low) == ([-0.5, 0.0, 0.5], "change", -0.5)


def test_no_class_is_grey():
    assert class_colour(-1) == FAINT
    assert class_colour(13) == class_colour(3)
