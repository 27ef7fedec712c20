"""Charges of crossings, exact gradients, and the limit of a narrow zone."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.deep.neurons import LIF, Recurrent  # noqa: E402
from spikesight.deep.neurons.smooth import BoxGate, CosineGate, SmoothLIF, TriangleGate  # noqa: E402
from spikesight.equations.leaky import Charge, Resistor  # noqa: E402
from spikesight.equations.reset import NoReset, ToValue  # noqa: E402

GATES = {"box": BoxGate, "triangle": TriangleGate, "cosine": CosineGate}


def line(steps: int) -> Any:
    return torch.linspace(0.0, 2.0, steps + 1, dtype=torch.float64)


def density(gate: Any, u: Any) -> Any:
    u = u.clone().requires_grad_()
    return torch.autograd.grad(gate.primitive(u).sum(), u)[0]


@pytest.mark.parametrize("steps", [1, 9, 11, 20, 1000])
@pytest.mark.parametrize("name", GATES)
def test_a_crossing_deposits_1_whatever_the_speed(name: str, steps: int) -> None:
    passed = GATES[name](0.1).primitive(line(steps) - 1.0)
    assert float(passed.diff().sum()) == pytest.approx(1.0, abs=1e-12)
    assert (passed.diff() >= -1e-15).all()


@pytest.mark.parametrize(("steps", "charge"), [(11, 1.818), (9, 0.0)])
def test_the_literal_step_is_wrong_when_coarse(steps: int, charge: float) -> None:
    v = line(steps)
    literal = (density(BoxGate(0.1), v[:-1] - 1.0) * v.diff()).sum()
    assert float(literal) == pytest.approx(charge, abs=5e-4)


@pytest.mark.parametrize("name", GATES)
def test_gates_are_even_densities_of_area_1(name: str) -> None:
    gate = GATES[name](0.4)
    u = torch.linspace(-0.6, 0.6, 12001, dtype=torch.float64)
    g = density(gate, u)
    assert float(torch.trapezoid(g, u)) == pytest.approx(1.0, abs=1e-3)
    assert (g >= 0).all()
    torch.testing.assert_close(g, g.flip(0), rtol=1e-6, atol=1e-8)
    assert gate.primitive(torch.tensor([-9.0, 0.0, 9.0])).tolist() == pytest.approx([0.0, 0.5, 1.0], abs=1e-7)


@pytest.mark.parametrize("name", GATES)
def test_turning_back_takes_the_charge_back(name: str) -> None:
    gate = GATES[name](0.1)
    neuron = SmoothLIF(math.inf, math.inf, reset=NoReset(), gate=gate, drive=Charge())
    x = torch.tensor([0.5, 0.5, -0.5, -0.5], dtype=torch.float64).reshape(-1, 1, 1)
    assert neuron(x).flatten().tolist() == pytest.approx([0.0, 0.5, 0.0, 0.0], abs=1e-12)


def test_a_reset_takes_nothing_back() -> None:
    neuron = SmoothLIF(math.inf, math.inf, reset=ToValue(0.0), gate=BoxGate(0.1), drive=Charge())
    s, state = neuron.run(torch.full((8, 1, 1), 0.6, dtype=torch.float64))
    assert s.flatten().tolist() == pytest.approx([0, 1, 1, 2, 2, 3, 3, 4])
    assert float(state.v) == 0.0


def test_in_a_narrow_zone_it_is_the_filtered_spikes_of_the_hard_neuron() -> None:
    random = np.random.default_rng(8)
    x = torch.from_numpy(random.normal(0.9, 1.2, (400, 3, 20)))
    spikes = LIF(10e-3, drive=Resistor())(x)
    filtered, trace = [], torch.zeros(3, 20, dtype=torch.float64)
    for fired in spikes:
        trace = math.exp(-0.2) * trace + fired
        filtered.append(trace)
    away = []
    for half_width in (0.3, 0.03, 0.003, 1e-9):
        s = SmoothLIF(10e-3, 5e-3, gate=CosineGate(half_width))(x)
        away.append(float((s - torch.stack(filtered)).abs().mean()))
    assert spikes.mean() > 0.02
    assert away == sorted(away, reverse=True)
    assert away[-1] < 1e-12


@pytest.mark.parametrize("reset", [NoReset(), ToValue(-2.0)], ids=["no reset", "to a value"])
def test_gradients_are_exact(reset: Any) -> None:
    # The membrane stays below the end of the zone: a jump would be a discontinuity, where no difference is a slope.
    random = np.random.default_rng(9)
    connection = nn.Linear(4, 4).double()
    with torch.no_grad():
        connection.weight.copy_(torch.from_numpy(random.normal(0.0, 0.5, (4, 4))))
    net = Recurrent(SmoothLIF(10e-3, 10e-3, reset=reset, gate=CosineGate(0.5)), connection)
    x = torch.from_numpy(random.normal(0.9, 0.5, (40, 3, 4))).requires_grad_()
    weights = torch.from_numpy(random.normal(size=(40, 3, 4)))

    def loss(given: Any) -> Any:
        return (weights * net(given)).sum()

    gradient, to_weight = torch.autograd.grad(loss(x), [x, connection.weight])
    assert float(net(x).detach().max()) > 0.2
    with torch.no_grad():
        for _ in range(5):
            way = torch.from_numpy(random.normal(size=x.shape))
            moved = float(loss(x + 1e-5 * way) - loss(x - 1e-5 * way)) / 2e-5
            assert float((gradient * way).sum()) == pytest.approx(moved, rel=1e-5)
        way = torch.from_numpy(random.normal(size=(4, 4)))
        connection.weight += 1e-5 * way
        up = float(loss(x))
        connection.weight -= 2e-5 * way
        assert float((to_weight * way).sum()) == pytest.approx((up - float(loss(x))) / 2e-5, rel=1e-5)


def test_chunks_give_the_bits_of_the_whole() -> None:
    neuron, x = SmoothLIF(), torch.from_numpy(np.random.default_rng(1).normal(1.0, 1.0, (20, 3, 4)))
    whole, end = neuron.run(x)
    first, state = neuron.run(x[:7])
    second, state = neuron.run(x[7:], state)
    assert torch.equal(torch.cat([first, second]), whole)
    assert torch.equal(state.v, end.v)
    assert not neuron.state_dict()


def test_what_cannot_be() -> None:
    with pytest.raises(InputError, match="lies in the zone"):
        SmoothLIF(reset=ToValue(0.8), gate=BoxGate(0.3))
    with pytest.raises(InputError):
        BoxGate(0.0)
    with pytest.raises(InputError, match="tau_syn"):
        SmoothLIF(tau_syn=-1.0)
    _, state = SmoothLIF().run(torch.zeros(3, 2, 4))
    with pytest.raises(InputError, match="has shape"):
        SmoothLIF().run(torch.zeros(3, 5, 4), state)
    with pytest.raises(InputError, match="a step at least"):
        SmoothLIF()(torch.zeros(0, 2, 4))
