"""The published examples, the ways to compute them against each other, causality, and chunks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.deep.course import before_step  # noqa: E402
from spikesight.deep.network import Network  # noqa: E402
from spikesight.deep.neurons import LIF, PSN, MaskedPSN, SlidingPSN  # noqa: E402
from spikesight.deep.training.optimisers import groups  # noqa: E402
from spikesight.equations.reset_free import leaky_weights, sliding_weights  # noqa: E402
from spikesight.equations.surrogate import ArcTan, slope  # noqa: E402


def sequence(*values: float) -> Any:
    return torch.tensor(values).reshape(-1, 1, 1)


def random(*shape: int) -> Any:
    return torch.from_numpy(np.random.default_rng(2).normal(0.3, 0.8, shape)).float()


def set_weight(neuron: Any, weight: Any, bias: float = -1.0) -> Any:
    with torch.no_grad():
        neuron.weight.copy_(torch.as_tensor(weight))
        neuron.bias.fill_(bias)
    return neuron


def membranes(neuron: Any, x: Any) -> Any:
    """Return H by the weights, in double precision."""
    return torch.tensordot(neuron.weights().double(), x.double(), dims=1) + neuron.bias.double().reshape(-1, 1, 1)


def test_a_matrix_of_the_paper() -> None:
    neuron = set_weight(PSN(4), 1.5 * torch.eye(4))
    x = sequence(1.0, 0.5, 0.7, -2.0)
    assert membranes(neuron, x).flatten().tolist() == pytest.approx([0.5, -0.25, 0.05, -4.0], abs=1e-6)
    assert neuron(x).flatten().tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize("x", [(1.1, 0.5, 0.7, -2.0), (1.0, 0.5, 0.7, -2.0)])
def test_sliding_reaches_the_threshold_at_0(x: tuple[float, ...]) -> None:
    neuron = SlidingPSN(3)
    assert neuron.weight.tolist() == [0.25, 0.5, 1.0]
    assert neuron(sequence(*x)).flatten().tolist() == [1, 1, 1, 0]
    as_matrix = set_weight(PSN(4), sliding_weights(np.array([0.25, 0.5, 1.0]), 4))
    assert torch.equal(as_matrix(sequence(*x)), neuron(sequence(*x)))


def test_sliding_as_a_convolution() -> None:
    neuron, x = SlidingPSN(5), random(30, 4, 6)
    padded = torch.nn.functional.pad(x.permute(1, 2, 0).reshape(-1, 1, 30), (4, 0))
    h = torch.nn.functional.conv1d(padded, neuron.weight.reshape(1, 1, -1)).reshape(4, 6, 30).permute(2, 0, 1) - 1.0
    assert (h.abs() > 1e-5).all()
    assert torch.equal(neuron(x), (h >= 0).float())


def test_masked_of_all_orders() -> None:
    w = torch.rand(6, 6)
    x = random(6, 3, 4)
    masked, plain = set_weight(MaskedPSN(6, 6), w), set_weight(PSN(6), w.tril())
    assert torch.equal(masked(x), plain(x))
    diagonal = set_weight(MaskedPSN(6, 1), w)
    assert torch.equal(diagonal(x), (w.diagonal().reshape(-1, 1, 1) * x - 1.0 >= 0).float())


def test_the_mask_closes_in_the_course_of_training() -> None:
    neuron = set_weight(MaskedPSN(8, 2), torch.ones(8, 8))
    net = Network(neuron)
    for share, open_ in ((0.0, 1.0), (0.0625, 0.5), (0.125, 0.0), (1.0, 0.0)):
        before_step(net, share)
        assert neuron.open == pytest.approx(open_)
        assert float(neuron.weights()[0, 7].detach()) == pytest.approx(open_)
        assert float(neuron.weights()[3, 2].detach()) == 1.0
    assert "band" not in neuron.state_dict()


@pytest.mark.parametrize("made", [lambda: MaskedPSN(9, 4), lambda: SlidingPSN(4)], ids=["masked", "sliding"])
def test_causal(made: Any) -> None:
    neuron, x = made(), random(9, 3, 4)
    with torch.no_grad():
        neuron.weight.abs_()
    changed = x.clone()
    changed[5] += 50.0
    assert torch.equal(neuron(x)[:5], neuron(changed)[:5])
    assert not torch.equal(neuron(x)[5], neuron(changed)[5])


def test_a_step_may_see_later_ones() -> None:
    neuron = set_weight(PSN(2), [[0.0, 1.0], [0.0, 0.0]])
    assert neuron(sequence(0.0, 1.0)).flatten().tolist() == [1, 0]


@pytest.mark.parametrize("cuts", [(1,), (4, 5), tuple(range(1, 9))])
@pytest.mark.parametrize("made", [lambda: MaskedPSN(9, 4), lambda: SlidingPSN(4), lambda: SlidingPSN(1)],
                         ids=["masked", "sliding", "sliding, order 1"])  # fmt: skip
def test_chunks_give_the_bits_of_the_whole(made: Any, cuts: tuple[int, ...]) -> None:
    neuron, x = made(), random(9, 3, 7)
    whole, end = neuron.run(x)
    parts, state = [], None
    for first, last in zip((0, *cuts), (*cuts, 9), strict=True):
        y, state = neuron.run(x[first:last], state)
        parts.append(y)
    assert torch.equal(torch.cat(parts), whole)
    assert torch.equal(state.inputs, end.inputs)
    assert int(state.steps) == int(end.steps) == 9


def test_a_leaky_neuron_without_reset_is_one_of_the_family() -> None:
    # H of tau = 2 against a leaky integration whose threshold is never reached.
    x = random(16, 3, 4).double()
    weights = torch.from_numpy(leaky_weights(16, 2.0))
    neuron = set_weight(PSN(16).double(), weights)
    v, loop = torch.zeros(3, 4, dtype=torch.float64), []
    for step in x:
        v = v + (step - v) / 2.0
        loop.append(v)
    torch.testing.assert_close(membranes(neuron, x).detach() + 1.0, torch.stack(loop))
    assert torch.equal(neuron(x), (torch.stack(loop) >= 1.0).double())


@pytest.mark.parametrize("made", [lambda: PSN(6), lambda: MaskedPSN(6, 3)], ids=["whole", "masked"])
def test_gradients(made: Any) -> None:
    neuron = made().double()
    x, weights = random(6, 3, 4).double().requires_grad_(), random(6, 3, 4).double()
    (weights * neuron(x)).sum().backward()
    with torch.no_grad():
        to_h = weights * slope(ArcTan(), membranes(neuron, x), torch)
        to_w = torch.einsum("tbn,sbn->ts", to_h, x)
        mask = getattr(neuron, "band", torch.ones(6, 6)).double()
        torch.testing.assert_close(neuron.weight.grad, to_w * mask)
        torch.testing.assert_close(neuron.bias.grad.flatten(), to_h.sum((1, 2)))
        torch.testing.assert_close(x.grad, torch.einsum("ts,tbn->sbn", neuron.weights(), to_h))


def test_gradients_of_sliding_ones_are_those_of_their_matrix() -> None:
    neuron, x, weights = SlidingPSN(3).double(), random(7, 3, 4).double(), random(7, 3, 4).double()
    (weights * neuron(x)).sum().backward()
    ages = np.subtract.outer(np.arange(7), np.arange(7))
    with torch.no_grad():
        matrix = torch.from_numpy(sliding_weights(neuron.weight.numpy(), 7))
        to_h = weights * slope(ArcTan(), torch.tensordot(matrix, x, dims=1) - 1.0, torch)
        to_w = torch.einsum("tbn,sbn->ts", to_h, x).numpy()
    expected = [to_w[ages == age].sum() for age in (2, 1, 0)]
    assert neuron.weight.grad.tolist() == pytest.approx(expected)
    assert float(neuron.bias.grad) == pytest.approx(float(to_h.sum()))


def test_thresholds_are_not_pulled_to_0() -> None:
    net = Network(PSN(4), SlidingPSN(2), LIF(learn=("threshold",)))
    assert [group["weight_decay"] for group in groups(net)] == [0.0]


def test_what_cannot_be() -> None:
    x = random(6, 3, 4)
    with pytest.raises(InputError, match="weights for 5 steps, got a sequence of shape"):
        PSN(5)(x)
    _, state = PSN(6).run(x)
    with pytest.raises(InputError, match="cannot go on"):
        PSN(6).run(x, state)
    masked = MaskedPSN(8, 2)
    _, state = masked.run(x)
    with pytest.raises(InputError, match="after 6 steps"):
        masked.run(x, state)
    with pytest.raises(InputError, match="needs others"):
        masked.run(random(1, 2, 4), state)
    masked.at(0.01)
    with pytest.raises(InputError, match="chunks are not possible"):
        masked.run(x)
    with pytest.raises(InputError, match="order is 0"):
        SlidingPSN(0)
    with pytest.raises(InputError, match="closing is 0"):
        MaskedPSN(8, 2, closing=0.5)
    with pytest.raises(InputError, match="a step at least"):
        SlidingPSN(2)(x[:0])
    _, state = SlidingPSN(2).run(x)
    with pytest.raises(InputError, match="needs others"):
        SlidingPSN(2).run(random(1, 2, 4), state)


@pytest.mark.oracle
@pytest.mark.parametrize("kind", ["PSN", "MaskedPSN", "SlidingPSN"])
def test_spikingjelly_itself(kind: str) -> None:
    theirs = pytest.importorskip("spikingjelly.activation_based.neuron")
    x = random(8, 3, 6)
    if kind == "SlidingPSN":
        other = theirs.SlidingPSN(k=3, exp_init=True, step_mode="m")
        mine = SlidingPSN(3)
    else:
        other = theirs.PSN(8) if kind == "PSN" else theirs.MaskedPSN(3, 8, lambda_init=1.0, step_mode="m")
        mine = PSN(8) if kind == "PSN" else MaskedPSN(8, 3)
        set_weight(mine, other.weight.detach())
    assert torch.equal(mine(x), other(x))
