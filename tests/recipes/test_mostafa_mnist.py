"""The recipe: what it teaches, and that its quick version beats its control."""

from dataclasses import replace
from io import StringIO

from spikesight.estimators.augmentation import Shifted
from spikesight.recipes.contract import Order
from spikesight.recipes.mostafa_mnist.recipe import RECIPE


def test_the_quick_version_beats_random_hidden_weights(tmp_path):
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    assert result.published is None
    assert result.value > 0.93
    assert result.value > result.control
    assert result.images_per_second > 0


def test_settings_reach_the_model():
    deep = replace(RECIPE, n=400, layers=2, epochs=7, shift=0, sharpness=1.0).task(Order(quick=True)).model
    assert deep.hidden == (100, 100)
    assert len(deep.mean) == len(deep.spread) == 3
    assert deep.loss.sharpness == 1.0
    assert deep.augmentation == Shifted(0)
