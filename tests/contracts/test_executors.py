"""Every executor computes what the reference computes, bit for bit: equation x executor x type x shape x length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.equations import CATALOGUE
from spikesight.equations.contract import Equation
from spikesight.executors import Executor, FusedCpu, Reference, generated
from spikesight.executors.fused_cpu import HEADER, array_names, population_functions, population_source
from spikesight.executors.sequence import FloatType

SHAPES = [(1,), (7,), (3, 5), (1025,), (2, 3, 4)]
"""One neuron, odd ones, several axes, and one more than a block of the fused loop."""

with_inputs = pytest.mark.parametrize("name", sorted(name for name in CATALOGUE if CATALOGUE[name].inputs))
executors = pytest.mark.parametrize("executor", [Reference(), FusedCpu()], ids=lambda executor: executor.name)

Result = tuple[NDArray[np.bool_], dict[str, NDArray[Any]]]


def same(one: Result, other: Result) -> None:
    """Spikes and states agree in every bit, and in their types."""
    (spikes, state), (other_spikes, other_state) = one, other
    np.testing.assert_array_equal(other_spikes, spikes, strict=True)
    assert list(other_state) == list(state)
    for field, values in state.items():
        np.testing.assert_array_equal(other_state[field], values, strict=True, err_msg=field)
        assert other_state[field].tobytes() == values.tobytes(), f"{field}: zeros of different sign"


def alike(equation: Equation, rounding: Callable[..., float], one: Result, other: Result) -> None:
    """Of two executors: spikes agree in every bit, and so do states, unless elementary functions round differently."""
    if not equation.functions:
        same(one, other)
        return
    (spikes, state), (other_spikes, other_state) = one, other
    np.testing.assert_array_equal(other_spikes, spikes, strict=True)
    for field, values in state.items():
        assert other_state[field].dtype == values.dtype
        np.testing.assert_allclose(
            other_state[field], values, rtol=0, atol=rounding(equation, field, values), err_msg=field, strict=True
        )


def run(executor: Executor, given: Any, dtype: FloatType, **more: Any) -> Result:
    dt = given.equation.usual_dt
    return executor.run(given.equation, given.params, given.inputs, dt, **{"state": given.state, "dtype": dtype} | more)


@with_inputs
@pytest.mark.parametrize("steps", [1, 2, 37])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_sequences_agree(
    neurons: Callable[..., Any],
    rounding: Callable[..., float],
    name: str,
    dtype: FloatType,
    shape: tuple[int, ...],
    steps: int,
) -> None:
    given = neurons(name, shape, steps, dtype)
    expected = run(Reference(), given, dtype)
    alike(given.equation, rounding, expected, run(FusedCpu(), given, dtype))
    if steps > 2 and expected[0].size > 500:
        assert 0.003 < expected[0].mean() < 0.5  # neither silent nor saturated: the comparison says something


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_populations_agree(
    neurons: Callable[..., Any],
    reference_step: Callable[..., Any],
    rounding: Callable[..., float],
    name: str,
    dtype: FloatType,
    shape: tuple[int, ...],
) -> None:
    given = neurons(name, shape, 37, dtype)
    arrays = array_names(given.equation)
    text = f"""{HEADER}{population_source(given.equation, "neurons")}
@njit(cache=True)
def step(now, {arrays}, spikes, flags, constants):
    return advance_neurons(0, flags.shape[0], now, {arrays}, spikes, flags, constants)
"""
    compiled = generated.load(f"population_{name}", text, population_functions(given.equation, "neurons")).step
    scratch = np.full(given.state["v"].size, -1), np.ones(given.state["v"].size, np.bool_)

    def fused_step(state: Any, inputs: Any, now: int, constants: Any) -> NDArray[np.int64]:
        count = compiled(np.int32(now), *state.values(), *inputs, *scratch, constants)
        return scratch[0][:count]

    fired, states = given.play(reference_step(given.equation), dtype)
    also, also_states = given.play(fused_step, dtype)
    assert also == fired
    for one, other in zip(states, also_states, strict=True):
        alike(given.equation, rounding, (np.zeros(0, np.bool_), one), (np.zeros(0, np.bool_), other))
    assert len(fired[-1]) < given.state["v"].size or given.state["v"].size < 10
    if given.state["v"].size > 500:
        assert 0.003 < sum(map(len, fired)) / (37 * given.state["v"].size) < 0.5


@with_inputs
@executors
def test_a_sequence_in_pieces_is_the_sequence(
    neurons: Callable[..., Any], name: str, dtype: FloatType, executor: Executor
) -> None:
    given = neurons(name, (5, 7), 37, dtype)
    whole = run(executor, given, dtype, start=100)
    state, pieces = given.state, []
    for first, last in ((0, 1), (1, 14), (14, 37)):
        part = given._replace(inputs={one: values[first:last] for one, values in given.inputs.items()})
        spikes, state = run(executor, part, dtype, state=state, start=100 + first)
        pieces.append(spikes)
    assert whole[0].any()
    same(whole, (np.concatenate(pieces), state))


@with_inputs
@executors
def test_what_was_given_is_left_as_it_was(
    neurons: Callable[..., Any], name: str, dtype: FloatType, executor: Executor
) -> None:
    given = neurons(name, (6,), 20, dtype)
    kept = {one: values.copy() for one, values in (given.state | given.inputs).items()}
    first, second = run(executor, given, dtype), run(executor, given, dtype)
    for one, values in (given.state | given.inputs).items():
        np.testing.assert_array_equal(values, kept[one], strict=True)
    same(first, second)
    assert not any(np.shares_memory(values, given.state[field]) for field, values in first[1].items())


@with_inputs
@executors
def test_without_a_state_it_begins_at_rest(name: str, dtype: FloatType, executor: Executor) -> None:
    equation = CATALOGUE[name]
    params = equation.params()
    inputs = {one: np.zeros((3, 2, 2)) for one in equation.inputs}
    spikes, state = executor.run(equation, params, inputs, equation.usual_dt, dtype=dtype)
    assert not spikes.any()
    for field, value in equation.initial(params)._asdict().items():
        assert state[field].dtype == (np.int32 if equation.is_step_number(field) else dtype)
        np.testing.assert_allclose(state[field], np.full((2, 2), value), rtol=1e-6, atol=1e-12)


@with_inputs
@executors
def test_memory_left_over_changes_nothing(
    neurons: Callable[..., Any], name: str, dtype: FloatType, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = neurons(name, (7,), 20, dtype)
    empty, results = np.empty, []
    for byte in (0x00, 0xFF):

        def soiled(*args: Any, _byte: int = byte, **kwargs: Any) -> Any:
            array = empty(*args, **kwargs)
            array.reshape(-1).view(np.uint8)[:] = _byte
            return array

        monkeypatch.setattr(np, "empty", soiled)
        results.append(run(executor, given, dtype))
    same(*results)


@with_inputs
@executors
def test_any_layout_of_the_input_will_do(neurons: Callable[..., Any], name: str, executor: Executor) -> None:
    given = neurons(name, (5, 7), 20, np.float64)
    turned = given._replace(
        inputs={one: np.asfortranarray(values) for one, values in given.inputs.items()},
        state={field: np.asfortranarray(values) for field, values in given.state.items()},
    )
    same(run(executor, given, np.float64), run(executor, turned, np.float64))


@with_inputs
@executors
@pytest.mark.parametrize("shape", [(0, 3), (4, 0)], ids=str)
def test_no_steps_and_no_neurons(name: str, executor: Executor, shape: tuple[int, ...]) -> None:
    equation = CATALOGUE[name]
    inputs = {one: np.zeros(shape) for one in equation.inputs}
    spikes, state = executor.run(equation, equation.params(), inputs, equation.usual_dt)
    assert spikes.shape == shape
    assert {values.shape for values in state.values()} == {shape[1:]}


def refused(executor: Executor, equation: Equation, message: str, **changed: Any) -> None:
    inputs = {one: np.zeros((4, 3)) for one in equation.inputs}
    given = {"params": equation.params(), "inputs": inputs, "dt": equation.usual_dt} | changed
    with pytest.raises(InputError, match=message):
        executor.run(equation, **given)


@with_inputs
@executors
def test_inputs_that_do_not_fit(name: str, executor: Executor) -> None:
    equation = CATALOGUE[name]
    one = equation.inputs[0]
    others = {other: np.zeros((4, 3)) for other in equation.inputs[1:]}
    refused(
        executor, equation, rf"{name} takes inputs \('{one}'.*got \('voltage',\)", inputs={"voltage": np.zeros((4, 3))}
    )
    refused(executor, equation, rf"{name} takes inputs .*got \(\)", inputs={})
    flat = {one: np.zeros(4)}
    refused(executor, equation, rf"shape \(T, \.\.\.\).*got \{{'{one}': \(4,\)", inputs=others | flat)
    for bad in (np.nan, np.inf, -np.inf):
        values = np.zeros((4, 3))
        values[2, 1] = bad
        refused(executor, equation, rf"input '{one}' of {name} holds NaN or infinite", inputs=others | {one: values})


@with_inputs
@executors
def test_states_that_do_not_fit(name: str, executor: Executor) -> None:
    equation = CATALOGUE[name]
    right = {field: np.zeros(3) for field in equation.fields}
    message = rf"state of {name} has shapes \{{.*\(4,\).*\}}, these inputs need \{{.*\(3,\)"
    refused(executor, equation, message, state={field: np.zeros(4) for field in equation.fields})
    last = equation.fields[-1]
    refused(executor, equation, rf"these inputs need .*'{last}': \(3,\)", state={"elsewhere": np.zeros(3)})
    refused(executor, equation, r"'extra': \(3,\)", state=right | {"extra": np.zeros(3)})


@with_inputs
@executors
@pytest.mark.parametrize("dt", [0.0, -1e-3, np.nan, np.inf])
def test_a_time_step_is_a_positive_number(name: str, executor: Executor, dt: float) -> None:
    refused(executor, CATALOGUE[name], rf"dt is {dt}; a time step is a positive number of seconds", dt=dt)


@executors
@pytest.mark.parametrize("name", sorted(name for name in CATALOGUE if not CATALOGUE[name].inputs))
@pytest.mark.parametrize("inputs", [{}, {"current": np.zeros((4, 3))}], ids=["none", "one"])
def test_a_model_driven_by_synapses_alone(name: str, executor: Executor, inputs: Any) -> None:
    refused(executor, CATALOGUE[name], f"{name} takes no input of its own.*put it in a circuit", inputs=inputs)


@executors
def test_parameters_of_another_model(executor: Executor) -> None:
    leaky, current = CATALOGUE["leaky"], CATALOGUE["current"]
    with pytest.raises(TypeError, match=r"leaky takes spikesight\.equations\.leaky\.Params, got Params"):
        executor.run(leaky, current.params(), {"current": np.zeros((4, 3))}, 0.5e-3)
