"""The recipe: its quick version beats conversion at as many steps; the published network takes a step."""

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest

from spikesight.deep.training.early import LayerWarning
from spikesight.recipes.contract import Order
from spikesight.recipes.proxy_fashion.recipe import RECIPE, as_published
from spikesight.zoo.proxy_fashion import ByProxy, ProxyFashion


def test_the_quick_version_beats_conversion_to_as_many_steps(tmp_path):
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    assert result.published is None
    assert result.value > 0.9
    assert result.value > result.control
    assert result.images_per_second > 0


def test_settings_reach_the_network():
    recipe = replace(RECIPE, width=4, steps=3, threshold=0.5)
    net = recipe.architecture().like
    assert (net.channels, net.steps) == ((4, 8, 16), 3)
    assert net.neuron().params[0].threshold == 0.5
    assert recipe.loss().sharpness == 1 / 3


def test_the_published_training_takes_a_step():
    model = as_published(seed=0, samples=4)
    model.set_params(architecture=ByProxy(ProxyFashion(steps=2)), batch=2, per_round=2)
    images = np.random.default_rng(0).integers(0, 256, (4, 784)).astype(np.uint8)
    model.begin(images, [0, 1, 2, 3])
    assert model.rounds_ == 200
    with pytest.warns(LayerWarning, match="fire in no step"):  # two steps wake no deep layer
        told = model.round(images, [0, 1, 2, 3], 0)
    assert np.isfinite(told["loss"])
