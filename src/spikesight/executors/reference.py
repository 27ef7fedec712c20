"""The meaning: every equation, one step after the other, in NumPy. Slow and right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.equations.contract import Equation, step
from spikesight.executors.sequence import FloatType, checked, checked_state, typed_constants


@dataclass(frozen=True)
class Reference:
    """NumPy, neuron arrays inside, a Python loop over time outside."""

    name = "reference"

    def run(
        self,
        equation: Equation,
        params: Any,
        inputs: dict[str, NDArray[Any]],
        dt: float,
        *,
        state: dict[str, NDArray[Any]] | None = None,
        start: int = 0,
        dtype: FloatType = np.float32,
    ) -> tuple[NDArray[np.bool_], dict[str, NDArray[Any]]]:
        """Run neurons over a sequence: returns the spikes (T, ...) and the state after it.

        `start` is the number of the first step: hand in the last state and start + T to go on.
        Shapes: each input (T, ...).   Units: those of `params`; dt in seconds.
        Errors: InputError on wrong names, shapes, or values that are not finite.
        """
        steps, shape = checked(equation, inputs)
        current = checked_state(equation, params, state, shape, dtype)
        constants = typed_constants(equation, params, dt, dtype)
        spikes = np.zeros((steps, *shape), np.bool_)
        for k in range(steps):
            now = np.int32(start + k)
            arrived = tuple(np.asarray(inputs[name][k], dtype) for name in equation.inputs)
            values, spikes[k] = step(equation, tuple(current.values()), arrived, now, constants, np)
            current = dict(zip(equation.fields, values, strict=True))
        return spikes, current


def advance_in_place(
    equation: Equation,
    state: dict[str, NDArray[Any]],
    inputs: tuple[NDArray[Any], ...],
    now: int,
    constants: tuple[Any, ...],
) -> NDArray[np.int64]:
    """Advance a population that an engine owns; return the indices of the neurons that fired, in ascending order."""
    values, spikes = step(equation, tuple(state.values()), inputs, np.int32(now), constants, np)
    for array, value in zip(state.values(), values, strict=True):
        array[...] = value
    return np.flatnonzero(spikes)
