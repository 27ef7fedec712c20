"""The uniform quantiser: cells by hand, and every value in its cell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.encoding.dead_zone import DeadZone


def test_cells_by_hand():
    quantiser = DeadZone(step=2.0, dead=3.0)
    values = np.array([-7.5, -5.0, -3.0, -2.9, 0.0, 2.9, 3.0, 4.9, 5.0, 10.0])
    assert quantiser(values).tolist() == [-3, -2, -1, 0, 0, 0, 1, 1, 2, 4]
    assert quantiser.decode(np.array([-2, -1, 0, 1, 4])).tolist() == [-6.0, -4.0, 0.0, 4.0, 10.0]
    assert quantiser(np.array([200], np.uint8)).tolist() == [99]


@given(value=st.floats(-1e3, 1e3), step=st.floats(0.1, 50.0), dead=st.floats(0.0, 50.0))
def test_a_decoded_value_is_within_half_a_step_or_in_the_dead_zone(value, step, dead):
    quantiser = DeadZone(step, dead)
    (cell,) = quantiser(np.array([value]))
    (decoded,) = quantiser.decode(np.array([cell]))
    assert abs(decoded - value) <= (step / 2.0 if cell else dead) * (1.0 + 1e-9) + 1e-9


def test_what_is_no_quantiser():
    for step, dead in ((0.0, 1.0), (1.0, -1.0), (np.nan, 1.0)):
        with pytest.raises(InputError, match="a step above 0"):
            DeadZone(step, dead)
