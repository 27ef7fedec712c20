import numpy as np
import pytest
from hypothesis import given, settings
from streams_to_clean import ROWS, of, rows, same

from spikesight.base.errors import InputError
from spikesight.events.cleaning import FlipLeftRight, FlipUpsideDown, Shift, Turn


def test_what_leaves_the_sensor_is_lost():
    some = of([(0, 0, 0, True), (1, 5, 3, False)])
    assert rows(Shift(2, 1)(some)) == [(0, 2, 1, True)]
    assert rows(Shift(-1, -3)(some)) == [(1, 4, 0, False)]


@settings(deadline=None)
@given(ROWS)
def test_half_a_turn_is_both_mirrors(some):
    events = of(some)
    assert same(Turn(180.0)(events), FlipUpsideDown()(FlipLeftRight()(events)))
    assert same(Turn(0.0)(events), events)
    assert same(Turn(-360.0)(events), events)


def test_a_quarter_of_a_square_is_exact():
    """Clockwise, as a picture is seen with y downwards: the upper left corner comes to the upper right."""
    square = of([(k, k % 4, k // 4, True) for k in range(16)], 4, 4)
    assert rows(Turn(90.0)(of([(0, 0, 0, True)], 4, 4))) == [(0, 3, 0, True)]
    assert len(Turn(90.0)(square)) == 16
    assert same(Turn(270.0)(Turn(90.0)(square)), square)


def test_some_degrees_move_the_border_by_as_much():
    far = of([(0, 100, 50, True)], 101, 101)
    x, y = rows(Turn(10.0)(far))[0][1:3]
    assert abs(x - (50 + 50 * np.cos(np.deg2rad(10.0)))) <= 0.5
    assert abs(y - (50 + 50 * np.sin(np.deg2rad(10.0)))) <= 0.5
    with pytest.raises(InputError, match="an angle"):
        Turn(np.nan)
