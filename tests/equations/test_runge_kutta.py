import math

import numpy as np
import pytest

from spikesight.equations.runge_kutta import lengths, of_four, planar


def test_a_turn_of_a_circle_is_of_fourth_order() -> None:
    def turn(x: float, y: float) -> tuple[float, float]:
        return -y, x

    errors = []
    for steps in (16, 32, 64):
        x, y = 1.0, 0.0
        for _ in range(steps):
            x, y = planar(turn, x, y, *lengths(1.0 / steps))
        errors.append(math.hypot(x - math.cos(1.0), y - math.sin(1.0)))
    np.testing.assert_allclose(np.log2(np.array(errors[:-1]) / np.array(errors[1:])), 4.0, atol=0.1)


def test_four_variables_are_two_pairs() -> None:
    def turns(x: float, y: float, z: float, w: float, speed: float) -> tuple[float, float, float, float]:
        return -y, x, -speed * w, speed * z

    got = of_four(turns, 1.0, 0.0, 1.0, 0.5, *lengths(0.1), 3.0)
    first = planar(lambda x, y: (-y, x), 1.0, 0.0, *lengths(0.1))
    second = planar(lambda x, y: (-3.0 * y, 3.0 * x), 1.0, 0.5, *lengths(0.1))
    assert got == pytest.approx((*first, *second), rel=1e-15)
