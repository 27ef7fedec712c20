"""The quick version: learning beats one half and a shared threshold, and comes near to searching."""

import io

import pytest

from spikesight.recipes.contract import Order
from spikesight.recipes.sgl_thresh.recipe import RECIPE
from spikesight.runs.folder import Run


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    return RECIPE.reproduce(Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=io.StringIO()))


def test_learned_thresholds_beat_one_half_by_several_points(tried):
    assert tried.value > tried.control + 0.05
    assert tried.as_json()["images_per_second"] is None


def test_the_run_keeps_thresholds_and_every_figure(tried):
    run = Run.open(tried.run)
    metrics = run.facts["metrics"]
    assert metrics["f1"] == tried.value
    assert metrics["f1"] > metrics["f1_shared"]
    assert metrics["f1"] > metrics["f1_one_after_the_other"] - 0.02
    weights, _ = run.load_weights()
    assert weights["thresholds"].shape == (52,)
