from typing import Any

import numpy as np

from spikesight.equations import CATALOGUE
from spikesight.equations.contract import above, reaches, step


def test_above_and_reaches_differ_at_the_threshold() -> None:
    excess = np.array([-1e-300, 0.0, 1e-300])
    assert above(excess).tolist() == [False, False, True]
    assert reaches(excess).tolist() == [False, True, True]


def test_a_step_number_is_told_from_a_quantity() -> None:
    equation = CATALOGUE["conductance"]
    assert {field: equation.is_step_number(field) for field in equation.fields} == {
        "v": False, "g_e": False, "g_i": False, "ready": True,
    }  # fmt: skip


def test_a_step_fires_those_and_only_those_over_the_threshold() -> None:
    # leaky: decay 1/2, gain 1, rest 0, threshold 1, reset by v = 0 v - 5, held for 2 steps; dust below 1e-20.
    constants = (0.5, 1.0, 0.0, 1.0, 0.0, -5.0, np.int32(3), 1e-20, 0.0, -1.0)
    v, ready = np.array([0.0, 0.0, 2.0, 2.0]), np.array([0, 0, 7, 8], np.int32)
    state: tuple[Any, ...] = (v, ready)
    current = np.array([0.75, 1.0, 0.25, 3.0])
    (after, ready_after), spikes = step(CATALOGUE["leaky"], state, (current,), np.int32(7), constants, np)
    assert spikes.tolist() == [False, True, True, False]
    assert after.tolist() == [0.75, -5.0, -5.0, 2.0]
    assert ready_after.tolist() == [0, 10, 10, 8]
