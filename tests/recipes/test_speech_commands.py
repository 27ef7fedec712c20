"""The recipe: what a network is shown, what spikes cost, and that its quick version learns."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from spikesight.base.errors import InputError
from spikesight.deep.losses import SquaredByDepth
from spikesight.deep.readouts import MaxOverTime
from spikesight.recipes.contract import Order
from spikesight.recipes.speech_commands.pictures import WithDifferences
from spikesight.recipes.speech_commands.recipe import RECIPE, activity
from spikesight.runs.folder import Run


def test_scales_are_those_of_the_training_set_whatever_comes_with_an_utterance() -> None:
    task = RECIPE.task(Order(quick=True))
    prepare, images = task.model.prepare, task.images
    x = prepare(images.train, 1.0)
    assert x.shape == (images.shape[0], len(images.train), 3, images.shape[1])
    np.testing.assert_allclose([float(x[:, :, feature].std()) for feature in range(3)], 1.0, rtol=0.01)
    np.testing.assert_array_equal(prepare(images.train[3:4], 1.0)[:, 0], x[:, 3])
    with pytest.raises(InputError, match="frames"):
        WithDifferences(20, 5, (1.0, 1.0, 1.0))(np.zeros((1, 99)), 1.0)


def test_settings_reach_the_model() -> None:
    model = replace(RECIPE, lateral=1, leaky=1, causal=1, cost=0.5).task(Order(quick=True)).model
    assert model.architecture.lateral
    assert model.architecture.causal
    assert model.loss.readout == MaxOverTime()
    assert model.activity == SquaredByDepth(0.5)
    assert replace(RECIPE, cost=0.0).task(Order(quick=True)).model.activity is None


def test_the_quick_version_learns_and_tells_its_activity(tmp_path: Any) -> None:
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    told = Run.open(Path(result.run)).facts["metrics"]
    assert result.value > 0.9
    assert told["untrained"] < 0.3
    assert 0.0 < told["activity"] < 0.3
    assert told["activity"] == pytest.approx(np.mean([told[f"activity_conv{n}"] for n in (1, 2, 3)]))


def test_spikes_cost() -> None:
    rates = []
    for cost in (0.0, 2.0):
        task = replace(RECIPE, cost=cost).task(Order(quick=True))
        model = task.model.set_params(epochs=2).fit(task.images.train, task.images.train_labels)
        rates.append(activity(model, task.images))
    assert 0.0 < rates[1] < 0.6 * rates[0]
