"""ConvMixer: exact numbers of parameters with and without sharing, the same operations."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.zoo.conv_mixer import ConvMixer
from spikesight.zoo.depthwise import Grid, LearnedPlaces
from spikesight.zoo.se_resnet import SeResNet


def parameters(net: nn.Module) -> int:
    return sum(parameter.numel() for parameter in net.parameters())


def giga_macs(net: nn.Module, side: int = 32) -> float:
    total = 0

    def count(layer: nn.Module, _: object, out: torch.Tensor) -> None:
        nonlocal total
        total += layer.weight.numel() * (out[0, 0].numel() if isinstance(layer, nn.Conv2d) else 1)

    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.register_forward_hook(count)
    net.to("meta")(torch.empty(1, 3, side, side, device="meta"))
    return total / 1e9


@pytest.mark.parametrize(("shared", "count"), [(False, 1_409_034), (True, 107_274)], ids=["apart", "shared"])
def test_the_published_mixer(shared: bool, count: int) -> None:
    net = ConvMixer(shared=shared).build((3, 32, 32), 10).eval()
    assert parameters(net) == count
    assert giga_macs(net) == pytest.approx(1.414, abs=5e-4)


@pytest.mark.parametrize(
    ("blocks", "count", "macs"),
    [(2, 1_223_002, 0.393), (3, 1_235_546, 0.619), (4, 1_248_090, 0.846), (6, 1_273_178, 1.299), (8, 1_298_266, 1.752),
     (10, 1_323_354, 2.205)],
    ids=["d2", "d3", "d4", "d6", "d8", "d10"],
)  # fmt: skip
def test_the_published_se_resnets(blocks: int, count: int, macs: float) -> None:
    net = SeResNet(blocks, shared=True).build((3, 32, 32), 10).eval()
    assert parameters(net) == count
    assert giga_macs(net) == pytest.approx(macs, abs=1e-3)


def test_without_sharing_there_are_more_parameters_and_as_many_operations() -> None:
    net = SeResNet(2).build((3, 32, 32), 10).eval()
    assert parameters(net) == 2_771_290
    assert giga_macs(net) == pytest.approx(0.393, abs=1e-3)


@pytest.mark.parametrize("depthwise", [Grid(3), LearnedPlaces(5, 4)], ids=["grid", "learned places"])
def test_blocks_share_both_kernels_and_learn(depthwise: Grid | LearnedPlaces) -> None:
    apart, net = (ConvMixer(8, 3, 2, depthwise, shared).build((1, 8, 8), 10) for shared in (False, True))
    each = parameters(ConvMixer(8, 2, 2, depthwise).build((1, 8, 8), 10))
    per_block = parameters(apart) - each
    assert parameters(net) == parameters(apart) - 2 * (per_block - 32)
    y = net(torch.rand(4, 1, 8, 8))
    assert y.shape == (1, 4, 10)
    y.logsumexp(2).sum().backward()
    assert all(parameter.grad is not None for parameter in net.parameters())


def test_one_block_is_the_same_shared_or_not() -> None:
    torch.manual_seed(0)
    one = ConvMixer(4, 1, 2, Grid(3), shared=True).build((1, 8, 8), 10)
    torch.manual_seed(0)
    other = ConvMixer(4, 1, 2, Grid(3)).build((1, 8, 8), 10)
    assert torch.equal(one(torch.ones(2, 1, 8, 8)), other(torch.ones(2, 1, 8, 8)))
    with pytest.raises(InputError, match="a block, a channel"):
        ConvMixer(depth=0)
    with pytest.raises(InputError, match="a stage and a block"):
        SeResNet(0)


@pytest.mark.parametrize("architecture", [ConvMixer(shared=True), SeResNet(2, shared=True)], ids=["mixer", "se-resnet"])
def test_the_published_nets_make_a_step(architecture: ConvMixer | SeResNet) -> None:
    net = architecture.build((3, 8, 8), 10)
    y = net(torch.rand(2, 3, 8, 8))
    assert y.shape == (1, 2, 10)
    nn.functional.cross_entropy(y[0], torch.arange(2)).backward()
    assert all(one.grad is not None for one in net.parameters())
