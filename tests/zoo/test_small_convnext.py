"""A small ConvNeXt: shapes, the published number of parameters, kernels of equal size in numbers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.zoo.depthwise import Grid, LearnedPlaces
from spikesight.zoo.small_convnext import SmallConvNext


def parameters(net: nn.Module) -> int:
    return sum(parameter.numel() for parameter in net.parameters() if parameter.requires_grad)


def test_the_published_tiny_one() -> None:
    tiny = SmallConvNext((3, 3, 9, 3), (96, 192, 384, 768), 4)
    assert parameters(tiny.build((3, 224, 224), 1000)) == 28_589_128


@pytest.mark.parametrize("depthwise", [Grid(5), LearnedPlaces(9, 8), LearnedPlaces(9, 8, fixed=True)],
                         ids=["grid", "learned places", "fixed places"])  # fmt: skip
def test_it_makes_a_step(depthwise: Grid | LearnedPlaces) -> None:
    net = SmallConvNext((1, 2), (8, 12), 2, depthwise).build((3, 16, 16), 10)
    y = net(torch.rand(2, 3, 16, 16))
    assert y.shape == (1, 2, 10)
    y.logsumexp(2).sum().backward()
    assert all(one.grad is not None for one in net.parameters() if one.requires_grad)


def test_places_cost_numbers_as_weights_do() -> None:
    grid, learned, fixed = (
        parameters(depthwise.build(4)) for depthwise in (Grid(5), LearnedPlaces(9, 8), LearnedPlaces(9, 8, fixed=True))
    )
    assert (grid, learned, fixed) == (4 * 26, 4 * 25, 4 * 9)


def test_blocks_begin_as_the_identity() -> None:
    torch.manual_seed(0)
    net = SmallConvNext((1, 1), (8, 8), 2, scale=0.0).build((3, 16, 16), 10)
    block, x = net.still[0].stage1[0], torch.rand(2, 8, 8, 8)
    assert torch.equal(block(x), x)


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(InputError, match="a depth and a width"):
        SmallConvNext((1, 2), (8,))
