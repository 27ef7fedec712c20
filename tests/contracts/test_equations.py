"""What every neuron model of the catalogue must bring. A new one is tested by being listed there."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any, get_type_hints

import numpy as np
import pytest

from spikesight.equations import CATALOGUE
from spikesight.equations.contract import Choices, Equation, above, reaches, step
from spikesight.executors.sequence import FloatType, initial_state, typed_constants


def test_it_says_what_it_is(name: str, equation: Equation) -> None:
    assert equation.name == name
    assert isinstance(equation.choices, Choices)
    for choice, said in equation.choices._asdict().items():
        assert len(said.strip()) >= 3, f"choice '{choice}' says nothing"
    assert re.search(r"\b(1[89]|20)\d\d\b", equation.source), "a source has a year"
    for told in ("Shapes:", "Units:", "Choices:", "Source:"):
        assert told in (equation.advance.__doc__ or ""), f"advance does not tell its {told}"
    assert equation.fire.__doc__
    assert equation.crossing in (above, reaches)
    assert (">=" in equation.choices.threshold) == (equation.crossing is reaches)


def test_parameters_are_a_frozen_dataclass_with_defaults(equation: Equation) -> None:
    params = equation.params()
    assert dataclasses.is_dataclass(params)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(params, dataclasses.fields(params)[0].name, 0.0)
    assert params == equation.params()
    assert hash(params) == hash(equation.params())


def test_the_state_at_rest_is_a_state(equation: Equation) -> None:
    rest = equation.initial(equation.params())
    assert type(rest) is equation.state
    assert equation.fields == rest._fields
    for field, value in rest._asdict().items():
        assert type(value) is (int if equation.is_step_number(field) else float), field
    assert set(get_type_hints(equation.state).values()) <= {int, float}


def test_moving_learned_and_inputs_are_fields_and_names(equation: Equation) -> None:
    assert set(equation.moving) <= set(equation.fields)
    assert set(equation.targets) <= set(equation.moving)
    assert set(equation.learned) <= set(equation.fields)
    assert not any(equation.is_step_number(field) for field in equation.moving)
    assert not set(equation.inputs) & set(equation.fields)
    # In the order of the fields: that is how `step` and the generated code put them back.
    assert [field for field in equation.fields if field in equation.moving] == list(equation.moving)


def test_functions_take_fields_inputs_and_constants_in_their_order(equation: Equation) -> None:
    constants = equation.constants(equation.params(), equation.usual_dt)
    names = tuple(get_type_hints(type(constants)))
    advance, fire = (tuple(inspect.signature(part).parameters) for part in (equation.advance, equation.fire))
    assert advance in tuple(
        (*equation.fields, *equation.inputs, "now", "where", *equation.functions, *last)
        for last in (names, ("constants",))
    )
    assert fire in ((*equation.fields, "now", *names), (*equation.fields, "now", "constants"))
    for known, value in zip(get_type_hints(type(constants)).values(), constants, strict=True):
        assert type(value) is known


@pytest.mark.parametrize("part", ["advance", "fire"])
def test_functions_have_no_branches_and_no_numbers(equation: Equation, part: str) -> None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(getattr(equation, part))))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.If | ast.IfExp | ast.For | ast.While | ast.BoolOp | ast.Match), ast.unparse(
            node
        )
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, int | float)), ast.unparse(node)


def test_at_rest_nothing_happens(equation: Equation, dtype: FloatType) -> None:
    params = equation.params()
    rest = initial_state(equation, params, (3,), dtype)
    constants = typed_constants(equation, params, equation.usual_dt, dtype)
    inputs = tuple(np.zeros(3, dtype) for _ in equation.inputs)
    state = tuple(rest.values())
    for k in range(10):
        state, spikes = step(equation, state, inputs, np.int32(k), constants, np)
        assert not spikes.any()
    for before, after in zip(rest.values(), state, strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-6, atol=1e-15)


def test_a_step_changes_nothing_that_it_was_given(neurons: Callable[..., Any], name: str, dtype: FloatType) -> None:
    given = neurons(name, (40,), 1, dtype)
    state = {field: values + given.kicks.get(field, [values * 0])[0] for field, values in given.state.items()}
    inputs = tuple(given.inputs[one][0] for one in given.equation.inputs)
    constants = typed_constants(given.equation, given.params, given.equation.usual_dt, dtype)
    kept = [values.copy() for values in (*state.values(), *inputs)]
    for values in (*state.values(), *inputs):
        values.flags.writeable = False
    _, spikes = step(given.equation, tuple(state.values()), inputs, np.int32(5), constants, np)
    for before, after in zip(kept, (*state.values(), *inputs), strict=True):
        np.testing.assert_array_equal(after, before)
    again = step(given.equation, tuple(state.values()), inputs, np.int32(5), constants, np)[1]
    np.testing.assert_array_equal(spikes, again)


def test_types_stay(neurons: Callable[..., Any], name: str, dtype: FloatType) -> None:
    given = neurons(name, (40,), 1, dtype)
    inputs = tuple(given.inputs[one][0] for one in given.equation.inputs)
    constants = typed_constants(given.equation, given.params, given.equation.usual_dt, dtype)
    after, spikes = step(given.equation, tuple(given.state.values()), inputs, np.int32(5), constants, np)
    assert spikes.dtype == np.bool_
    for field, values in zip(given.equation.fields, after, strict=True):
        assert values.dtype == (np.int32 if given.equation.is_step_number(field) else dtype), field


def whole(params: Any) -> Any:
    """The same parameters, with 1 where they say 1.0."""
    values = {field.name: getattr(params, field.name) for field in dataclasses.fields(params)}
    changed = {name: int(value) for name, value in values.items() if isinstance(value, float) and value.is_integer()}
    nested = {name: whole(value) for name, value in values.items() if dataclasses.is_dataclass(value)}
    return dataclasses.replace(params, **changed, **nested)


def test_whole_numbers_are_quantities_too(
    neurons: Callable[..., Any], reference_step: Callable[..., Any], name: str, dtype: FloatType
) -> None:
    given = neurons(name, (40,), 20, dtype)
    if repr(whole(given.params)) == repr(given.params):
        pytest.skip("none of its defaults is a whole number")
    step_ = reference_step(given.equation)
    (fired, states), (also, also_states) = (
        one.play(step_, dtype) for one in (given, given._replace(params=whole(given.params)))
    )
    assert fired == also
    for field, values in states[-1].items():
        np.testing.assert_array_equal(values, also_states[-1][field], strict=True)


def test_frozen_holds_what_is_learned(
    neurons: Callable[..., Any], reference_step: Callable[..., Any], name: str, dtype: FloatType
) -> None:
    given = neurons(name, (40,), 37, dtype)
    params, learned = given.equation.frozen(given.params), given.equation.learned
    fired, states = given._replace(params=params).play(reference_step(given.equation), dtype)
    assert any(fired)
    assert isinstance(params, given.equation.params)
    _, free = given.play(reference_step(given.equation), dtype)
    for field in learned:
        np.testing.assert_array_equal(states[-1][field], given.state[field])
        assert (free[-1][field] != given.state[field]).any(), f"nothing was learned in {field}"


@pytest.mark.parametrize("name", sorted(name for name in CATALOGUE if CATALOGUE[name].drift))
def test_drift_depends_on_the_time_alone(equation: Equation) -> None:
    assert equation.drift is not None
    params = equation.params()
    rest = equation.initial(params)
    state = rest._replace(**{field: 0.25 for field in equation.fields if not equation.is_step_number(field)})
    assert equation.drift(state, params, 0.0) == state
    in_two = equation.drift(equation.drift(state, params, 100.0), params, 900.0)
    assert in_two == pytest.approx(equation.drift(state, params, 1000.0), rel=1e-12)
    assert in_two != state
    for field in equation.moving:
        assert getattr(in_two, field) == 0.25, f"{field} moves by `advance`, it cannot drift too"
    assert equation.drift(state, equation.frozen(params), 1e6) == state


def test_the_same_text_runs_in_torch(
    neurons: Callable[..., Any],
    reference_step: Callable[..., Any],
    rounding: Callable[..., float],
    name: str,
    dtype: FloatType,
) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")
    given = neurons(name, (41,), 37, dtype)

    def torch_step(state: Any, inputs: Any, now: int, constants: Any) -> Any:
        tensors = [torch.from_numpy(values.copy()) for values in state.values()]
        numbers = [torch.from_numpy(np.asarray(value)) for value in constants]
        arrived = tuple(torch.from_numpy(values.copy()) for values in inputs)
        at = torch.tensor(now, dtype=torch.int32)
        after, spikes = step(given.equation, tuple(tensors), arrived, at, tuple(numbers), torch)
        for values, tensor in zip(state.values(), after, strict=True):
            assert tensor.numpy().dtype == values.dtype
            values[:] = tensor.numpy()
        return np.flatnonzero(spikes.numpy())

    (fired, states), (by_torch, torch_states) = (
        given.play(reference_step(given.equation), dtype),
        given.play(torch_step, dtype),
    )
    assert any(fired)
    assert by_torch == fired
    for field, values in states[-1].items():
        np.testing.assert_allclose(
            torch_states[-1][field], values, rtol=0, atol=rounding(given.equation, field, values)
        )
