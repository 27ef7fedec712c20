import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.analysis import fields, levels
from spikesight.base.errors import InputError


def test_field_of_a_unit_is_its_column_as_a_picture():
    w = np.arange(12.0).reshape(6, 2)
    pictures = fields(w, (2, 3))
    assert pictures.shape == (2, 2, 3)
    np.testing.assert_array_equal(pictures[1], [[1, 3, 5], [7, 9, 11]])


def test_channels_are_summed():
    w = np.ones((8, 3))
    np.testing.assert_array_equal(fields(w, (2, 2, 2)), np.full((3, 2, 2), 2.0))


@pytest.mark.parametrize("shape", [(6,), (2, 2), (1, 1, 2, 3)])
def test_what_is_no_picture_is_refused(shape):
    with pytest.raises(InputError, match="not a picture"):
        fields(np.ones((6, 2)), shape)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=400))
def test_levels_are_within_half_a_step(values):
    grey, top = levels(np.array(values))
    expected = np.clip(np.array(values) / top, 0, 1)
    assert np.abs(grey / 255 - expected).max() <= 0.5 / 255 + 1e-12


def test_one_strong_synapse_does_not_dim_the_others():
    values = np.full(1000, 0.2)
    values[0] = 100.0
    grey, top = levels(values)
    assert top == pytest.approx(0.2)
    assert grey.min() == 255


def test_levels_of_nothing():
    grey, top = levels(np.zeros((2, 3)))
    assert top == 1.0
    assert grey.sum() == 0
