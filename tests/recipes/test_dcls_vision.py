"""The recipe: what it teaches, what it compares with, and the published network."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import torch
from torch import nn

from spikesight.deep.spacings.interpolation import Gaussian
from spikesight.deep.spacings.layers import Dcls2d
from spikesight.recipes.contract import Order
from spikesight.recipes.dcls_vision.recipe import RECIPE, TINY
from spikesight.recipes.learned_places import grid_of
from spikesight.zoo.depthwise import Grid, LearnedPlaces


def test_the_quick_version_learns_with_all_kinds_of_kernels(tmp_path: Path) -> None:
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    metrics = json.loads((Path(result.run) / "run.json").read_text())["metrics"]
    assert result.control is not None
    assert min(result.value, result.control, metrics["fixed_places"]) > 0.85


def test_a_full_grid_has_at_least_as_many_numbers() -> None:
    assert grid_of(LearnedPlaces(9, 8)) == Grid(5)
    assert grid_of(LearnedPlaces(17, 9)) == Grid(7)
    assert grid_of(LearnedPlaces(11, 8, Gaussian())) == Grid(7)  # 8 weights, 16 places, 16 widths


def test_the_published_network_makes_a_step() -> None:
    net = TINY.build((3, 64, 64), 1000)
    kernels = [layer for layer in net.modules() if isinstance(layer, Dcls2d)]
    assert len(kernels) == 18
    assert len({id(layer.position) for layer in kernels}) == 4
    plain = replace(TINY, depthwise=Grid(7), places_of_stages=False).build((3, 64, 64), 1000)
    grid, places = (sum(one.numel() for one in made.parameters()) for made in (plain, net))
    assert grid == 28_589_128
    assert round(places / 1e6) in (28, 29)
    y = net(torch.rand(2, 3, 64, 64))
    assert y.shape == (1, 2, 1000)
    nn.functional.cross_entropy(y[0], torch.arange(2)).backward()
    assert all(one.grad is not None for one in net.parameters())


def test_settings_reach_the_model() -> None:
    model = replace(RECIPE, rate=1e-3, scale=0.5).task(Order(quick=True)).model
    assert model.architecture.scale == 0.5
    assert model.optimiser.rate == pytest.approx(1e-3)
