from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from spikesight.equations.contract import Equation
from spikesight.executors.reference import advance_in_place
from spikesight.executors.sequence import initial_state, typed_constants


class Course(NamedTuple):
    """What neurons did, step by step: `v` and `fired` are (T, n), `state` is the one after the last step."""

    v: NDArray[np.float64]
    fired: NDArray[np.bool_]
    state: dict[str, NDArray[Any]]


@pytest.fixture
def follow() -> Callable[..., Course]:
    """Advance neurons as a circuit does: from rest, or from the fields given, which synapses have just changed."""

    def course(equation: Equation, params: Any, dt: float, steps: int, **fields: Any) -> Course:
        given = {name: np.atleast_1d(value) for name, value in fields.items()}
        n = max((len(value) for value in given.values()), default=1)
        state = initial_state(equation, params, (n,), np.float64)
        for name, value in given.items():
            state[name][:] = value
        constants = typed_constants(equation, params, dt, np.float64)
        none = tuple(np.zeros(n) for _ in equation.inputs)
        v, fired = np.empty((steps, n)), np.zeros((steps, n), np.bool_)
        for k in range(steps):
            fired[k, advance_in_place(equation, state, none, k, constants)] = True
            v[k] = state["v"]
        return Course(v, fired, state)

    return course
