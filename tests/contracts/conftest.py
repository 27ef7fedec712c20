"""Neurons of any equation, driven until they fire: what the contract tests of equations and of executors share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from spikesight.equations import CATALOGUE
from spikesight.equations.contract import Equation
from spikesight.executors.reference import advance_in_place
from spikesight.executors.sequence import FloatType, initial_state, typed_constants

TRIED = 2.0 ** np.arange(-40, 40)
ROUNDINGS = 2048
"""Last bits of the largest value of a field; 300 were seen, in the upswing of an exponential. See `rounding`."""
STRONGEST = 2.0
"""A stroke is at most so many times the strength: no scheme follows a membrane that is thrown by volts."""

Arrays = dict[str, NDArray[Any]]
Step = Callable[[Arrays, tuple[NDArray[Any], ...], int, tuple[Any, ...]], NDArray[np.int64]]
"""What advances a population in place: (state, inputs, step number, constants) -> neurons that fired."""


class Neurons(NamedTuple):
    """An equation with parameters, a state to begin with, and what reaches it: inputs and kicks are (T, ...).

    A kick is what synapses bring: it is added to a state field before the step.
    """

    equation: Equation
    params: Any
    state: Arrays
    inputs: Arrays
    kicks: Arrays
    steps: int

    def play(self, step: Step, dtype: FloatType) -> tuple[list[list[int]], list[Arrays]]:
        """Return which neurons fired in each step, and the state after each."""
        state = {name: values.reshape(-1).copy() for name, values in self.state.items()}
        constants = typed_constants(self.equation, self.params, self.equation.usual_dt, dtype)
        fired, states = [], []
        for k in range(self.steps):
            for name, kick in self.kicks.items():
                state[name] += kick[k].reshape(-1)
            inputs = tuple(self.inputs[name][k].reshape(-1) for name in self.equation.inputs)
            fired.append(step(state, inputs, k, constants).tolist())
            states.append({name: values.copy() for name, values in state.items()})
        return fired, states


def reference_step(equation: Equation) -> Step:
    return lambda state, inputs, now, constants: advance_in_place(equation, state, inputs, now, constants)


def parameters(equation: Equation) -> Any:
    """Defaults, with a refractory time of three steps where there is one."""
    params = equation.params()
    return replace(params, refractory=3 * equation.usual_dt) if hasattr(params, "refractory") else params


@cache
def strength(name: str, target: str) -> float:
    """How strong an input, or a kick to a state field, must be for half of the neurons to fire; 0 if in vain."""
    equation = CATALOGUE[name]
    params = parameters(equation)
    state = initial_state(equation, params, (16,), np.float64)
    steady = np.minimum(np.random.default_rng(0).exponential(1.0, (20, 16)), STRONGEST)
    once = np.where(np.arange(20)[:, None] == 0, steady, 0.0)
    for tried in TRIED:
        inputs = {one: tried * steady * (one == target) for one in equation.inputs}
        kicks = {one: tried * once for one in equation.targets if one == target}
        fired, _ = Neurons(equation, params, state, inputs, kicks, 20).play(reference_step(equation), np.float64)
        if len({neuron for step in fired for neuron in step}) >= 8:
            return float(tried)
    return 0.0


def neurons(name: str, shape: tuple[int, ...], steps: int, dtype: FloatType, seed: int = 0) -> Neurons:
    """Return neurons in some state, whose every input and every field that can make them fire is driven at random."""
    equation, random = CATALOGUE[name], np.random.default_rng(seed)
    params = parameters(equation)
    state = initial_state(equation, params, shape, dtype)
    for field, values in state.items():
        if equation.is_step_number(field):
            values += random.integers(0, 4, shape, dtype=values.dtype)
        elif field in equation.targets:
            values += (strength(name, field) or 0.1) * random.random(shape)

    def noise(target: str, share: float) -> NDArray[Any]:
        strokes = np.minimum(random.exponential(1.0, (steps, *shape)), STRONGEST)
        strokes *= random.random((steps, *shape)) < share
        return (strength(name, target) * strokes).astype(dtype)

    inputs = {one: noise(one, 0.5) for one in equation.inputs}
    kicks = {one: noise(one, 0.05) for one in equation.targets}
    return Neurons(equation, params, state, inputs, kicks, steps)


@pytest.fixture(name="neurons")
def _neurons() -> Callable[..., Neurons]:
    return neurons


@pytest.fixture(name="reference_step")
def _reference_step() -> Callable[[Equation], Step]:
    return reference_step


def rounding(equation: Equation, field: str, values: NDArray[Any]) -> float:
    """How far two executors may be apart in one field after the few dozen steps of these tests.

    Nothing, unless the model uses elementary functions: NumPy, the C library and torch round those differently in the
    last bit, a Runge-Kutta step of Hodgkin & Huxley's takes 24 of them, and an upswing multiplies what went before.
    """
    if not equation.functions or equation.is_step_number(field):
        return 0.0
    rest = getattr(equation.initial(equation.params()), field)
    return float(ROUNDINGS * np.finfo(values.dtype).eps * max(abs(rest), np.abs(values).max(initial=0.0)))


@pytest.fixture(name="rounding")
def _rounding() -> Callable[[Equation, str, NDArray[Any]], float]:
    return rounding


@pytest.fixture(params=sorted(CATALOGUE))
def name(request: pytest.FixtureRequest) -> str:
    """Each neuron model of the catalogue."""
    return str(request.param)


@pytest.fixture
def equation(name: str) -> Equation:
    found: Equation = CATALOGUE[name]
    return found


@pytest.fixture(params=[np.float32, np.float64], ids=["float32", "float64"])
def dtype(request: pytest.FixtureRequest) -> FloatType:
    found: FloatType = request.param
    return found
