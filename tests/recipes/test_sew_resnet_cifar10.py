"""The recipe: what it teaches, that SEW blocks beat plain ones, and the published networks."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import torch

from spikesight.base.errors import InputError
from spikesight.recipes.contract import Order
from spikesight.recipes.sew_resnet_cifar10.recipe import RECIPE
from spikesight.zoo.residual_layout import PUBLISHED, SmallStem
from spikesight.zoo.sew_resnet import SewResNet


def test_the_quick_version_beats_blocks_without_sew(tmp_path: Path) -> None:
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    assert result.control is not None
    assert result.value > 0.7 > result.control + 0.2


def test_the_whole_network_makes_a_step() -> None:
    net = SewResNet(PUBLISHED[18], 2, stem=SmallStem()).build((3, 32, 32), 10)
    assert sum(one.numel() for one in net.parameters()) == 11_173_962
    y = net(torch.rand(2, 3, 32, 32))
    assert y.shape == (2, 2, 10)
    y.logsumexp(2).sum().backward()
    assert all(one.grad is not None for one in net.parameters())


def test_layers_choose_the_network() -> None:
    assert RECIPE.layout().blocks == (2, 2, 2)
    assert replace(RECIPE, layers=34).layout() == PUBLISHED[34]
    with pytest.raises(InputError, match="18, 34, 50, 101, 152"):
        replace(RECIPE, layers=20).layout()
