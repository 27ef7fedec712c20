"""The recipe: what it teaches, what it compares with, and that sharing beats a small network."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

from spikesight.recipes.contract import Order
from spikesight.recipes.kernel_sharing.recipe import RECIPE, as_large, parameters
from spikesight.zoo.conv_mixer import ConvMixer
from spikesight.zoo.depthwise import Grid


def test_the_quick_version_beats_a_narrow_network(tmp_path: Path) -> None:
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    assert result.control is not None
    assert result.value > result.control > 0.9


def test_networks_that_are_compared_are_as_large() -> None:
    sharing = ConvMixer(64, 8, 2, Grid(5), shared=True)
    sizes = [parameters(one, (3, 32, 32), 10) for one in (sharing, as_large(sharing, (3, 32, 32), 10))]
    assert sizes == [9_482, 9_271]
    assert parameters(replace(sharing, shared=False), (3, 32, 32), 10) == 50_250


def test_settings_reach_the_model() -> None:
    model = replace(RECIPE, rate=3e-3).task(Order(quick=True)).model
    assert model.architecture.shared
    assert model.optimiser.rate == 3e-3
