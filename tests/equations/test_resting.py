import pytest

from spikesight.base.errors import InputError
from spikesight.equations.resting import resting_potential


def test_the_lowest_stable_zero_to_the_last_bit() -> None:
    # (v + 1) v (v - 1), turned: rests at -1 and 1, and 0 pushes away.
    assert resting_potential(lambda v: -(v + 1.0) * v * (v - 1.0), -3.0, 3.1) == pytest.approx(-1.0, rel=1e-15)
    assert resting_potential(lambda v: 0.3 - v, -3.0, 3.1) == pytest.approx(0.3, rel=1e-15)


def test_where_there_is_none() -> None:
    with pytest.raises(InputError, match=r"rests nowhere between 0\.0 and 1\.0"):
        resting_potential(lambda v: 1.0, 0.0, 1.0)
