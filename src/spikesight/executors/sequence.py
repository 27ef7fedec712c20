"""The checks and the first state that every executor's `run` begins with."""

from __future__ import annotations

import math
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.equations.contract import Equation

FloatType = type[np.float32] | type[np.float64]


def checked(equation: Equation, inputs: dict[str, NDArray[Any]]) -> tuple[int, tuple[int, ...]]:
    """Return (T, shape of the neurons) of inputs that are all (T, ...), named as the equation names them.

    Errors: InputError where names, ranks or shapes do not fit, or a value is not finite.
    """
    if not equation.inputs:
        raise InputError(f"{equation.name} takes no input of its own, only what synapses bring: put it in a circuit")
    if set(inputs) != set(equation.inputs):
        raise InputError(f"{equation.name} takes inputs {equation.inputs}, got {tuple(sorted(inputs))}")
    shapes = {name: np.shape(values) for name, values in inputs.items()}
    if len(set(shapes.values())) != 1 or min(map(len, shapes.values())) < 2:
        raise InputError(
            f"inputs of {equation.name} must share one shape (T, ...) with at least one neuron axis, got {shapes}"
        )
    for name, values in inputs.items():
        if not np.isfinite(values).all():
            raise InputError(f"input '{name}' of {equation.name} holds NaN or infinite values")
    steps, *shape = next(iter(shapes.values()))
    return steps, tuple(shape)


def initial_state(equation: Equation, params: Any, shape: tuple[int, ...], dtype: FloatType) -> dict[str, NDArray[Any]]:
    """Return the state at rest as arrays: int32 for step numbers, `dtype` for the rest."""
    values = equation.initial(params)._asdict()
    return {
        field: np.full(shape, value, np.int32 if equation.is_step_number(field) else dtype)
        for field, value in values.items()
    }


def checked_state(
    equation: Equation, params: Any, state: dict[str, NDArray[Any]] | None, shape: tuple[int, ...], dtype: FloatType
) -> dict[str, NDArray[Any]]:
    """Return a copy of `state` after checking its shape, or the state at rest where it is None.

    Errors: InputError that prints both shapes.
    """
    fresh = initial_state(equation, params, shape, dtype)
    if state is None:
        return fresh
    got = {field: np.shape(values) for field, values in state.items()}
    expected = {field: values.shape for field, values in fresh.items()}
    if got != expected:
        raise InputError(f"state of {equation.name} has shapes {got}, these inputs need {expected}")
    return {field: np.array(state[field], dtype=values.dtype) for field, values in fresh.items()}


def typed_constants(equation: Equation, params: Any, dt: float, dtype: FloatType) -> tuple[Any, ...]:
    """Return the equation's constants as NumPy scalars: int32 for step numbers, `dtype` for the rest.

    Errors: TypeError where `params` belongs to another equation, InputError where `dt` is no positive number.
    """
    if not isinstance(params, equation.params):
        raise TypeError(f"{equation.name} takes {equation.params.__module__}.Params, got {type(params).__qualname__}")
    if not 0.0 < dt < math.inf:
        raise InputError(f"dt is {dt}; a time step is a positive number of seconds (half a millisecond: 0.5e-3)")
    # By declared type: a threshold given as 1 is a quantity all the same.
    values = equation.constants(params, dt)
    types = get_type_hints(type(values)).values()
    return tuple(np.int32(value) if known is int else dtype(value) for value, known in zip(values, types, strict=True))
