"""Torch steps an equation as the NumPy reference does, and its gradients are those of the mathematics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from spikesight.base.errors import InputError
from spikesight.equations import CATALOGUE, leaky
from spikesight.equations.reset import Subtract, ToValue
from spikesight.equations.surrogate import ArcTan
from spikesight.executors import Reference, torch_loop
from spikesight.executors.sequence import initial_state, typed_constants

DRIVEN = sorted(name for name in CATALOGUE if CATALOGUE[name].inputs and not CATALOGUE[name].functions)
"""Models without elementary functions, which libraries round differently: here every bit must agree."""

STRONG = 3.0
SI = {"exponential": 1e-9, "izhikevich": 10.0}


def stepped(equation: Any, params: Any, inputs: np.ndarray, dtype: Any, chunks: int = 1) -> Any:
    constants = typed_constants(equation, params, equation.usual_dt, dtype)
    numbers = tuple(int(c) if isinstance(c, np.int32) else float(c) for c in constants)
    first = initial_state(equation, params, inputs.shape[1:], dtype)
    state: tuple[Any, ...] = tuple(torch.from_numpy(values) for values in first.values())
    spikes = []
    for part in np.array_split(inputs, chunks):
        given = tuple(torch.from_numpy(part) for _ in equation.inputs)
        fired, state = torch_loop.run(equation, numbers, given, state, ArcTan())
        spikes.append(fired)
    return torch.cat(spikes), state


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("name", DRIVEN)
def test_spikes_and_state_are_those_of_the_reference(name: str, dtype: Any) -> None:
    equation = CATALOGUE[name]
    random = np.random.default_rng(0)
    inputs = (random.exponential(STRONG, (60, 3, 11)) * SI.get(name, 1.0)).astype(dtype)
    params = equation.params()
    given = dict.fromkeys(equation.inputs, inputs)
    expected, state = Reference().run(equation, params, given, equation.usual_dt, dtype=dtype)
    spikes, after = stepped(equation, params, inputs, dtype)
    np.testing.assert_array_equal(spikes.numpy() != 0, expected)
    for field, values in zip(equation.fields, after, strict=True):
        steps = 60 if equation.is_step_number(field) else 0
        np.testing.assert_array_equal(values.numpy() + steps, state[field], err_msg=field)


def test_the_comparison_says_something() -> None:
    inputs = np.random.default_rng(0).exponential(STRONG, (60, 3, 11)).astype(np.float32)
    for name in ("adaptive", "current", "leaky"):
        spikes, _ = stepped(CATALOGUE[name], CATALOGUE[name].params(), inputs, np.float32)
        assert 0.01 < float(spikes.mean()) < 0.5, name


@pytest.mark.parametrize("chunks", [2, 7])
def test_a_sequence_in_chunks_is_the_whole_one(chunks: int) -> None:
    params = leaky.Params(refractory=2.5e-3, drive=leaky.Charge())
    inputs = np.random.default_rng(1).exponential(0.6, (40, 2, 9)).astype(np.float32)
    whole, state = stepped(leaky.EQUATION, params, inputs, np.float32)
    parts, after = stepped(leaky.EQUATION, params, inputs, np.float32, chunks)
    assert torch.equal(whole, parts)
    assert all(torch.equal(one, other) for one, other in zip(state, after, strict=True))


def gradient(params: leaky.Params, values: list[float], *, through_reset: bool) -> list[float]:
    x = torch.tensor(values, dtype=torch.float64)[:, None].requires_grad_()
    constants = leaky.constants(params, 1e-3)
    state = (torch.zeros(1, dtype=torch.float64), torch.zeros(1, dtype=torch.int32))
    spikes, _ = torch_loop.run(leaky.EQUATION, constants, (x,), state, ArcTan(2.0), through_reset=through_reset)
    spikes[1].sum().backward()
    found: list[float] = x.grad.flatten().tolist()
    return found


IF = leaky.Params(tau=float("inf"), drive=leaky.Charge(), reset=ToValue(0.0))


def test_gradients_pass_through_time_and_through_the_reset() -> None:
    # Two inputs of 0.6 into an integrate-and-fire neuron; values of SpikingJelly 2.0.0, and by hand:
    # g(u) = 1 / (1 + (pi u)^2): g(0.2) = 0.71696; through the reset 0.71696 (1 - 0.6 g(-0.4)) = 0.55017.
    assert gradient(IF, [0.6, 0.6], through_reset=True) == pytest.approx([0.55017, 0.71696], abs=1e-5)
    assert gradient(IF, [0.6, 0.6], through_reset=False) == pytest.approx([0.71696, 0.71696], abs=1e-5)


def test_a_reset_by_subtraction_passes_the_gradient_on() -> None:
    # The first input fires; what is over stays: v1 = 1.5 - 1, and through the reset dv1/dx0 = 1 - g(0.5).
    params = leaky.Params(tau=float("inf"), drive=leaky.Charge(), reset=Subtract())
    slope = 1.0 / (1.0 + (np.pi * 0.5) ** 2)
    # v2 = 0.5 + 0.4, u = -0.1
    last = 1.0 / (1.0 + (np.pi * 0.1) ** 2)
    assert gradient(params, [1.5, 0.4], through_reset=False) == pytest.approx([last, last])
    assert gradient(params, [1.5, 0.4], through_reset=True) == pytest.approx([last * (1.0 - slope), last])


def test_a_refractory_neuron_passes_no_gradient() -> None:
    params = leaky.Params(tau=float("inf"), drive=leaky.Charge(), refractory=5e-3)
    assert gradient(params, [1.5, 0.4], through_reset=True)[1] == 0.0


def test_no_step_is_an_error() -> None:
    with pytest.raises(InputError, match=r"a step at least.*\(0, 3\)"):
        torch_loop.run(leaky.EQUATION, leaky.constants(IF, 1e-3), (torch.zeros(0, 3),), (), ArcTan())
