"""SEW ResNets: exact numbers of parameters, depth that does no harm, streams."""

from __future__ import annotations

import math
from functools import partial

import pytest
import torch
from torch import nn

from spikesight.deep import IF, LIF, Network
from spikesight.deep.residual import Add, SewBlock, last_norm
from spikesight.equations.leaky import Resistor
from spikesight.zoo.residual_layout import PUBLISHED, Layout, SmallStem
from spikesight.zoo.sew_resnet import SewResNet
from spikesight.zoo.spiking_resnet import SpikingResNet

PARAMETERS = {18: 11_689_512, 34: 21_797_672, 50: 25_557_032, 101: 44_549_160, 152: 60_192_808}
GIGA_MACS = {18: 1.81, 34: 3.66, 50: 4.09, 101: 7.80, 152: 11.51}


def macs(net: nn.Module) -> float:
    """Return multiplications of one step in units of 1e9, of shapes alone."""
    total = 0.0

    def count(layer: nn.Module, _: object, out: torch.Tensor) -> None:
        nonlocal total
        total += layer.weight.numel() * out[0, 0].numel() if isinstance(layer, nn.Conv2d) else layer.weight.numel()

    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.register_forward_hook(count)
    net(torch.empty(1, 3, 224, 224, device="meta"))
    return total / 1e9


@pytest.mark.parametrize("depth", list(PARAMETERS))
def test_parameters_and_operations_of_the_published_nets(depth: int) -> None:
    with torch.device("meta"):
        net = SewResNet(PUBLISHED[depth], steps=1).build((3, 224, 224), 1000).eval()
    assert sum(parameter.numel() for parameter in net.parameters()) == PARAMETERS[depth]
    assert macs(net) == pytest.approx(GIGA_MACS[depth], abs=0.008)


def small(blocks: int = 2, **more: object) -> SewResNet:
    return SewResNet(Layout((blocks, 1), width=8), stem=SmallStem(), **more)  # type: ignore[arg-type]


def test_whole_published_net_makes_a_step() -> None:
    net = SewResNet(PUBLISHED[18], steps=2).build((3, 64, 64), 10)
    y = net(torch.rand(2, 3, 64, 64))
    assert y.shape == (2, 2, 10)
    y.mean(0).logsumexp(1).sum().backward()
    assert all(parameter.grad is not None for parameter in net.parameters())


def first_layer_gradient(architecture: SewResNet | SpikingResNet) -> float:
    torch.manual_seed(0)
    net, x = architecture.build((1, 16, 16), 10), torch.rand(8, 1, 16, 16)
    nn.functional.cross_entropy(net(x).mean(0), torch.arange(8)).backward()
    return float(net.held[0].weight.grad.norm())


def test_depth_does_no_harm_to_gradients_of_sew_blocks() -> None:
    neuron = partial(LIF, tau=1e-3 / math.log(2.0), drive=Resistor(), through_reset=False)
    sew, plain = [], []
    for blocks in (8, 16, 32):
        layout = Layout((blocks,), width=16)
        sew.append(first_layer_gradient(SewResNet(layout, 4, Add(), SmallStem(), neuron)))
        plain.append(first_layer_gradient(SpikingResNet(layout, 4, SmallStem(), neuron, silent_branches=False)))
    assert max(sew) < 2.0 * min(sew)
    assert plain[0] > 30.0 * plain[2]
    assert first_layer_gradient(SpikingResNet(Layout((32,), width=16), 4, SmallStem(), neuron)) == 0.0


def test_where_branches_begin_silent_gradients_of_the_baseline_may_explode() -> None:
    few, many = (
        first_layer_gradient(SpikingResNet(Layout((blocks,), width=16), 4, SmallStem(), IF)) for blocks in (8, 32)
    )
    assert many > 10.0 * few


def test_streams_and_has_names() -> None:
    torch.manual_seed(0)
    net = small().build((3, 16, 16), 10).eval()
    body = Network(**dict(list(net.named_children())[1:]))
    held = net.held(torch.rand(2, 3, 16, 16))
    first, state = body.run(held[:1])
    second, _ = body.run(held[1:], state)
    assert torch.equal(torch.cat([first, second]), body(held))
    names = [name for name, layer in net.named_modules() if isinstance(layer, LIF)]
    assert names[:3] == ["neuron", "stage1.block1.branch.neuron1", "stage1.block1.branch.neuron"]


def test_only_the_baseline_begins_with_silent_branches() -> None:
    layout = Layout((1, 1), width=4)
    for architecture, value in ((SpikingResNet(layout, stem=SmallStem()), 0.0), (small(), 1.0)):
        blocks = [layer for layer in architecture.build((3, 8, 8), 10).modules() if hasattr(layer, "branch")]
        assert blocks
        for block in blocks:
            assert isinstance(block, SewBlock) or value == 0.0
            assert (last_norm(block.branch).weight == value).all()
