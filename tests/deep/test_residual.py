"""Residual blocks: truth tables, identities, gradients and ranges known from the formulas."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep import IF, LIF, Network
from spikesight.deep.residual import (
    Add,
    And,
    Basic,
    Bottleneck,
    IAnd,
    Join,
    SewBlock,
    SpikingBlock,
    fire,
    last_norm,
    projection,
)
from spikesight.deep.temporal import Temporal
from spikesight.equations.leaky import Resistor

A, S = torch.tensor([0.0, 0.0, 1.0, 1.0]), torch.tensor([0.0, 1.0, 0.0, 1.0])
HALF = 1e-3 / math.log(2.0)


def spikes(steps: int = 6, channels: int = 3) -> Tensor:
    return (torch.rand(steps, 2, channels, 5, 5, generator=torch.Generator().manual_seed(1)) < 0.4).float()


def constant(block: SewBlock, value: float) -> SewBlock:
    """Make the branch's last neurons see `value` at every step."""
    norm = last_norm(block.branch)
    nn.init.zeros_(norm.weight)
    nn.init.constant_(norm.bias, value)
    return block


def sew(join: Join = Add(), inputs: int = 3, outputs: int = 3, stride: int = 1) -> SewBlock:  # noqa: B008 (frozen)
    shortcut = projection(inputs, outputs, stride)
    return SewBlock(fire(Basic().branch(inputs, outputs, stride, IF), IF), shortcut and fire(shortcut, IF), join)


@pytest.mark.parametrize(
    ("join", "out"), [(Add(), [0, 1, 1, 2]), (And(), [0, 0, 0, 1]), (IAnd(), [0, 1, 0, 0])], ids=["add", "and", "iand"]
)
def test_truth_table(join: Join, out: list[int]) -> None:
    assert join(A, S).tolist() == out


@pytest.mark.parametrize("join", [Add(), IAnd()], ids=["add", "iand"])
def test_a_silent_branch_is_the_identity(join: Join) -> None:
    assert torch.equal(constant(sew(join), 0.0)(spikes()), spikes())


def test_and_is_the_identity_where_the_branch_always_fires() -> None:
    assert torch.equal(constant(sew(And()), 1.0)(spikes()), spikes())


def test_a_branch_at_half_the_threshold_fires_every_second_step() -> None:
    out, x = constant(sew(And()), 0.5)(spikes()), spikes()
    assert torch.equal(out[1::2], x[1::2])
    assert not out[::2].any()


def test_gradient_of_a_chain_of_identities_is_one_at_any_depth() -> None:
    for blocks in (1, 5, 20):
        x = spikes().requires_grad_()
        Network(*(constant(sew(), 0.0) for _ in range(blocks)))(x).sum().backward()
        assert x.grad is not None
        assert torch.equal(x.grad, torch.ones_like(x))


def test_added_spikes_are_whole_numbers_up_to_blocks_plus_one() -> None:
    torch.manual_seed(0)
    x, blocks = spikes(), 5
    net = Network(*(constant(sew(), 1.0) for _ in range(blocks)))
    assert torch.equal(net(x), x + blocks)
    out = Network(*(sew() for _ in range(blocks)))(x)
    assert torch.equal(out, out.round())
    assert out.min() >= 0
    assert 1 < out.max() <= blocks + 1


def baseline(neuron: Temporal) -> SpikingBlock:
    branch = Basic().branch(3, 3, 1, IF)
    norm = last_norm(branch)
    nn.init.zeros_(norm.weight)
    return SpikingBlock(branch, neuron)


def test_the_baseline_is_an_identity_for_spikes_and_neurons_without_leak_only() -> None:
    assert torch.equal(baseline(IF())(spikes()), spikes())
    assert not torch.equal(baseline(IF())(2.0 * spikes()), 2.0 * spikes())
    always = torch.ones(20, 1, 3, 4, 4)
    assert not baseline(LIF(HALF, drive=Resistor()))(always).any()


def test_branch_shortcut_and_neuron_are_what_the_formula_says() -> None:
    torch.manual_seed(0)
    block, x = sew(And(), 3, 4, 2).eval(), spikes()
    assert block.shortcut is not None
    assert torch.equal(block(x), block.branch(x) * block.shortcut(x))
    plain = SpikingBlock(Bottleneck().branch(3, 8, 2, IF), IF(), projection(3, 8, 2)).eval()
    assert plain.shortcut is not None
    assert torch.equal(plain(x), IF()(plain.branch(x) + plain.shortcut(x)))


@pytest.mark.parametrize("kind", ["sew", "plain"])
def test_in_chunks_it_gives_the_bits_of_the_whole(kind: str) -> None:
    torch.manual_seed(0)
    branch, shortcut = Basic().branch(3, 4, 2, IF), projection(3, 4, 2)
    assert shortcut is not None
    block = SewBlock(fire(branch, IF), fire(shortcut, IF)) if kind == "sew" else SpikingBlock(branch, IF(), shortcut)
    net, x = Network(block=block.eval(), more=sew(IAnd(), 4, 4).eval()), spikes()
    first, state = net.run(x[:2])
    second, _ = net.run(x[2:], state)
    assert torch.equal(torch.cat([first, second]), net(x))
    assert set(net.state_dict()) == {name for name, _ in [*net.named_parameters(), *net.named_buffers()]}


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(InputError, match="ends in neurons"):
        SewBlock(Basic().branch(3, 3, 1, IF))
    with pytest.raises(InputError, match=r"the branch gives \(6, 2, 4, 3, 3\), the shortcut \(6, 2, 3, 5, 5\)"):
        SewBlock(fire(Basic().branch(3, 4, 2, IF), IF))(spikes())
    _, state = sew().run(spikes())
    with pytest.raises(InputError, match="this block has"):
        sew(Add(), 3, 4, 2).run(spikes(), state)
    with pytest.raises(InputError, match="has none"):
        last_norm(Network(IF()))
