"""The quick version beats its control, networks learn as many numbers, and settings that are none are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

from spikesight.base.errors import UnknownName
from spikesight.recipes.contract import Order
from spikesight.recipes.psn_sequential.recipe import NEURONS, RECIPE, network


def test_quick_is_above_its_control(tmp_path: Path) -> None:
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path))
    assert result.value > result.control + 0.03
    assert result.value > 0.8


@pytest.mark.parametrize("name", NEURONS)
def test_networks_learn_as_many_numbers(name: str) -> None:
    whole = network("psn", 128).parameters((28,), 10)
    assert whole <= network(name, 128).parameters((28,), 10) < 1.02 * whole


def test_settings_that_are_none() -> None:
    with pytest.raises(UnknownName, match="psn"):
        replace(RECIPE, neuron="pnn").task(Order(quick=True))
    with pytest.raises(UnknownName, match="fashion"):
        replace(RECIPE, data="fashoin").task(Order(quick=True))
