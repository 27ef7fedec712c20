"""What every adjoint of the catalogue must do: the gradients of autograd. A new one is tested by being there."""

from __future__ import annotations

import inspect
from typing import Any, get_type_hints

import numpy as np
import pytest

from spikesight.equations import CATALOGUE
from spikesight.equations.contract import Adjoint, Equation
from spikesight.executors.sequence import typed_constants

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

EXACT = 1e-12
"""Both are sums of a few products in float64, in another order."""


@pytest.fixture(params=sorted(name for name in CATALOGUE if CATALOGUE[name].adjoint))
def name(request: pytest.FixtureRequest) -> str:
    """Each model that has an adjoint."""
    return str(request.param)


def adjoint(equation: Equation) -> Adjoint:
    assert equation.adjoint is not None
    return equation.adjoint


def test_it_takes_what_the_functions_take_and_gradients(equation: Equation) -> None:
    bars = tuple(f"to_{field}" for field in equation.quantities)
    there = tuple(inspect.signature(equation.advance).parameters)
    assert tuple(inspect.signature(adjoint(equation).advance).parameters) == (*there, *bars, "to_excess")
    there = tuple(inspect.signature(equation.fire).parameters)
    assert tuple(inspect.signature(adjoint(equation).fire).parameters) == (*there, *bars)


def test_every_constant_that_is_a_quantity_and_no_device_has_a_gradient(equation: Equation) -> None:
    constants = equation.constants(equation.params(), equation.usual_dt)
    quantities = [field for field, kind in get_type_hints(type(constants)).items() if kind is float]
    assert set(adjoint(equation).constants) == set(quantities) - {"floor", "none", "never"}


def drawn(equation: Equation, shape: tuple[int, ...]) -> tuple[list[Any], list[Any], list[Any]]:
    """Return state, inputs and constants (float64), near the threshold, some neurons held."""
    random = np.random.default_rng(0)
    params = equation.params()
    numbers = typed_constants(equation, params, equation.usual_dt, np.float64)
    state = [
        torch.from_numpy(random.integers(3, 8, shape).astype(np.int32))
        if equation.is_step_number(field)
        else torch.from_numpy(random.normal(0.5, 1.0, shape)).requires_grad_()
        for field in equation.fields
    ]
    inputs = [torch.from_numpy(random.normal(0.5, 1.0, shape)).requires_grad_() for _ in equation.inputs]
    names = list(get_type_hints(type(equation.constants(params, equation.usual_dt))))
    constants = [
        torch.tensor(float(value) + random.normal(0.0, 0.05), dtype=torch.float64, requires_grad=True)
        if name in adjoint(equation).constants
        else value
        for name, value in zip(names, numbers, strict=True)
    ]
    return state, inputs, constants


def gradients(outputs: list[Any], bars: list[Any], wanted: list[Any]) -> list[Any]:
    given = [(value, bar) for value, bar in zip(outputs, bars, strict=True) if value.requires_grad]
    found = torch.autograd.grad([v for v, _ in given], wanted, [b for _, b in given], allow_unused=True)
    return [torch.zeros_like(one) if grad is None else grad for one, grad in zip(wanted, found, strict=True)]


def compare(found: tuple[Any, ...], expected: list[Any], names: list[str]) -> None:
    assert len(found) == len(expected)
    for name, mine, theirs in zip(names, found, expected, strict=True):
        summed = torch.as_tensor(mine, dtype=torch.float64)
        if theirs.ndim == 0 and summed.ndim:
            summed = summed.sum()
        torch.testing.assert_close(summed.broadcast_to(theirs.shape), theirs, rtol=EXACT, atol=EXACT, msg=name)


def wanted(equation: Equation, state: list[Any], inputs: list[Any], constants: list[Any]) -> tuple[list[Any], ...]:
    quantities = [
        value for field, value in zip(equation.fields, state, strict=True) if not equation.is_step_number(field)
    ]
    learned = [value for value in constants if isinstance(value, torch.Tensor)]
    return quantities, inputs, learned


def test_advance(equation: Equation) -> None:
    state, inputs, constants = drawn(equation, (64,))
    functions = [getattr(torch, one) for one in equation.functions]
    arguments = (*state, *inputs, torch.tensor(5, dtype=torch.int32), torch.where, *functions, *constants)
    *moved, excess = equation.advance(*arguments)
    after = dict(zip(equation.fields, state, strict=True)) | dict(zip(equation.moving, moved, strict=True))
    bars = [torch.from_numpy(np.random.default_rng(k).normal(size=64)) for k in range(len(equation.quantities) + 1)]
    parts = wanted(equation, state, inputs, constants)
    expected = gradients(
        [*(after[field] for field in equation.quantities), excess], bars, [one for part in parts for one in part]
    )
    found = adjoint(equation).advance(*arguments, *bars)
    compare(found, expected, [*equation.quantities, *equation.inputs, *adjoint(equation).constants])
    assert all(grad.abs().sum() > 0 for grad in expected[: len(equation.quantities) + len(equation.inputs)])


def test_fire(equation: Equation) -> None:
    state, _, constants = drawn(equation, (64,))
    arguments = (*state, torch.tensor(5, dtype=torch.int32), *constants)
    after = dict(zip(equation.fields, equation.fire(*arguments), strict=True))
    bars = [torch.from_numpy(np.random.default_rng(k).normal(size=64)) for k in range(len(equation.quantities))]
    quantities, _, learned = wanted(equation, state, [], constants)
    expected = gradients([after[field] for field in equation.quantities], bars, [*quantities, *learned])
    found = adjoint(equation).fire(*arguments, *bars)
    compare(found, expected, [*equation.quantities, *adjoint(equation).constants])
