"""Every neuron's gradients against an oracle without autograd, in double precision."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tangents import tangent  # noqa: E402

from spikesight.deep.neurons import ALIF, CUBA, IF, LIF, PLIF  # noqa: E402
from spikesight.equations.leaky import Capacitor, Resistor  # noqa: E402
from spikesight.equations.reset import NoReset, Subtract, ToValue  # noqa: E402
from spikesight.equations.surrogate import ArcTan, Sigmoid  # noqa: E402

T, B, C = 12, 3, 4
TAUS = (2e-3, 3e-3, 5e-3, 20e-3)
ALL_LEAKY = ("decay", "gain", "rest", "threshold", "landing")
NEURONS = {
    "lif": lambda: LIF(4e-3),
    "lif, to a value": lambda: LIF(4e-3, reset=ToValue(0.2), surrogate=Sigmoid()),
    "lif, subtract": lambda: LIF(4e-3, reset=Subtract()),
    "lif, no reset": lambda: LIF(4e-3, reset=NoReset()),
    "lif, refractory": lambda: LIF(4e-3, refractory=2e-3),
    "lif, resistor": lambda: LIF(4e-3, 0.4, drive=Resistor(), reset=Subtract()),
    "lif, capacitor": lambda: LIF(4e-3, drive=Capacitor(1e-3)),
    "lif, not through the reset": lambda: LIF(4e-3, through_reset=False),
    "lif, per channel": lambda: LIF(TAUS, (0.8, 0.9, 1.0, 1.1), Subtract()),
    "lif, all learned": lambda: LIF(4e-3, reset=ToValue(0.1), learn=ALL_LEAKY),
    "lif, learned per channel": lambda: LIF(TAUS, reset=Subtract(), learn=("decay", "threshold")),
    "lif, resistor, learned": lambda: LIF(4e-3, 0.4, drive=Resistor(), learn=("decay",)),
    "plif": lambda: PLIF(4e-3, 0.4),
    "plif, per channel": lambda: PLIF(TAUS, 0.4, Subtract()),
    "if": lambda: IF(),
    "if, subtract, learned": lambda: IF(reset=Subtract(), learn=("threshold",)),
    "alif": lambda: ALIF(5e-3, 0.3),
    "alif, to a value, learned": lambda: ALIF(
        5e-3, 0.3, ToValue(0.0), jump=0.2, learn=("decay", "decay_theta", "jump", "threshold")
    ),
    "alif, per channel": lambda: ALIF(TAUS, 0.3, tau_theta=(20e-3, 30e-3, 40e-3, 50e-3), learn=("decay_theta",)),
    "cuba": lambda: CUBA(4e-3, 2e-3, 0.5),
    "cuba, subtract, refractory": lambda: CUBA(4e-3, 2e-3, 0.5, Subtract(), refractory=1e-3),
    "cuba, learned": lambda: CUBA(4e-3, 2e-3, 0.5, Subtract(), learn=("decay", "decay_syn", "threshold")),
    "cuba, per channel": lambda: CUBA(TAUS, 7e-3, 0.5, learn=("decay",)),
}


def prepared(name: str) -> tuple[Any, Any, Any]:
    """Return a neuron in double precision, an input that makes it fire, and weights of its spikes."""
    neuron = NEURONS[name]().double()
    random = np.random.default_rng(3)
    x = torch.tensor(random.normal(0.35, 0.5, (T, B, C)), dtype=torch.float64, requires_grad=True)
    return neuron, x, torch.tensor(random.normal(size=(T, B, C)))


def numbers(neuron: Any, x: Any) -> list[Any]:
    values = neuron.constants(x)
    return [value.detach().clone().numpy() if isinstance(value, torch.Tensor) else value for value in values]


@pytest.mark.parametrize("name", NEURONS)
def test_gradients_are_those_of_the_reference(name: str) -> None:
    neuron, x, weights = prepared(name)
    spikes, state = neuron.run(x)
    loss = (weights * spikes).sum() + (0.7 * state.v).sum()
    learned = list(neuron.parameters())
    gradients = torch.autograd.grad(loss, [x, *learned])
    assert 3 < spikes.sum() < 0.8 * spikes.numel()

    random, constants = np.random.default_rng(4), numbers(neuron, x)
    still = [0.0] * len(constants)
    for _ in range(3):
        to_x = random.normal(size=x.shape)
        fired, moved = tangent(neuron, x.detach(), to_x, constants, still, weights=weights.numpy(), last=0.7)
        np.testing.assert_array_equal(fired, spikes.detach().numpy() != 0)
        assert float((gradients[0].numpy() * to_x).sum()) == pytest.approx(moved, rel=1e-6, abs=1e-8)
    for parameter, gradient in zip(learned, gradients[1:], strict=True):
        to_constants = along(neuron, x, parameter)
        none = np.zeros(x.shape)
        _, moved = tangent(neuron, x.detach(), none, constants, to_constants, weights=weights.numpy(), last=0.7)
        assert float(gradient.sum()) == pytest.approx(moved, rel=1e-5, abs=1e-8)


def along(neuron: Any, x: Any, parameter: Any, small: float = 1e-6) -> list[Any]:
    """Return how the constants move with a learned parameter, all its values together, by central differences."""
    sides = []
    with torch.no_grad():
        for step in (small, -2 * small):
            parameter += step
            sides.append(numbers(neuron, x))
        parameter += small
    return [0.0 if isinstance(up, int) else (up - down) / (2 * small) for up, down in zip(*sides, strict=True)]


def test_values_of_the_sheet() -> None:
    # dS1/dX of an integrate-and-fire neuron: SpikingJelly 2.0.0, spec of spikingjelly, example 5.
    for through, expected in ((True, [0.55017, 0.71696]), (False, [0.71696, 0.71696])):
        x = torch.tensor([[0.6], [0.6]], dtype=torch.float64, requires_grad=True)
        spikes = IF(surrogate=ArcTan(2.0), through_reset=through)(x)
        assert spikes.flatten().tolist() == [0.0, 1.0]
        spikes[1].sum().backward()
        assert x.grad.flatten().tolist() == pytest.approx(expected, abs=5e-6)
    assert 1.0 / (1.0 + (0.2 * math.pi) ** 2) == pytest.approx(0.71696, abs=5e-6)


def test_with_the_spikes_as_they_are_the_membrane_has_its_true_derivative() -> None:
    neuron, x, _ = prepared("lif, not through the reset")
    (gradient,) = torch.autograd.grad(neuron.run(x)[1].v.sum(), x)
    rises = torch.zeros_like(x)
    with torch.no_grad():
        for place in np.ndindex(*x.shape):
            up, down = x.detach().clone(), x.detach().clone()
            up[place] += 1e-6
            down[place] -= 1e-6
            rises[place] = (neuron.run(up)[1].v.sum() - neuron.run(down)[1].v.sum()) / 2e-6
    # Where a spike depends on the input by less than 1e-6 of threshold nothing is to be compared: none is so near.
    torch.testing.assert_close(gradient, rises, rtol=1e-6, atol=1e-8)
