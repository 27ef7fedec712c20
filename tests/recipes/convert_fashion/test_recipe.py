"""The recipe: its quick version stays near its artificial network, where plain conversion does not."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.conversion import QCFS
from spikesight.recipes.contract import Order
from spikesight.recipes.convert_fashion.recipe import RECIPE


def test_the_quick_version_keeps_what_its_artificial_network_knows(tmp_path):
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    metrics = json.loads((Path(result.run) / "run.json").read_text())["metrics"]
    assert result.value > 0.9
    assert result.value > metrics["artificial"] - 0.02
    assert result.value == metrics["learned_t16"]
    assert result.control == metrics["largest_from_rest_t16"]
    for steps in (1, 2, 4):  # later, on easy digits, all methods arrive
        assert metrics[f"learned_t{steps}"] > metrics[f"largest_from_rest_t{steps}"]
    assert metrics["untrained"] < 0.4


def test_settings_reach_the_network():
    plain = replace(RECIPE, levels=0).task(Order(quick=True)).model
    assert plain.architecture.neuron is nn.ReLU
    made = replace(RECIPE, levels=4).task(Order(quick=True)).model.architecture.neuron()
    assert isinstance(made, QCFS)
    assert made.levels == 4
    with pytest.raises(InputError, match="0 of them"):
        replace(RECIPE, levels=-1).task(Order(quick=True))


def test_no_step_is_refused_before_anything_is_trained():
    with pytest.raises(InputError, match="a step at least"):
        replace(RECIPE, steps=0).task(Order(quick=True))
