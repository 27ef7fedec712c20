"""The recipe: what it teaches, and that its quick version beats its control."""

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.images import digits
from spikesight.recipes.contract import Order
from spikesight.recipes.fashion_csnn.recipe import RECIPE, held_back


def test_the_quick_version_beats_random_features(tmp_path):
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    assert result.published is None
    assert result.value > 0.9
    assert result.value > result.control
    assert result.images_per_second > 0


def test_settings_reach_the_model():
    changed = replace(RECIPE, steps=2, rate=0.01, shift=0, smoothing=0.0, hold_back=100).task(Order(quick=True))
    assert changed.model.architecture.steps == 2
    assert changed.model.optimiser.rate == 0.01
    assert changed.model.loss.smoothing == 0.0
    assert len(changed.images.test) == 100


def test_what_is_held_back_is_not_trained_on():
    images = digits()
    chosen = held_back(images, 100)
    np.testing.assert_array_equal(chosen.test, images.train[-100:])
    np.testing.assert_array_equal(chosen.train, images.train[:-100])
    assert len(chosen.train_labels) == len(images.train) - 100
    assert held_back(images, 0) is images
    with pytest.raises(InputError, match="cannot be held back"):
        held_back(images, len(images.train))
