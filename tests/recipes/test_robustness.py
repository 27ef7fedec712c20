"""A run is opened again as the model that it left, and asked about varied images."""

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest

from spikesight.analysis.variation.designs import one
from spikesight.analysis.variation.kinds import Contrast, Position
from spikesight.base.errors import InputError, RunError
from spikesight.datasets.images import ImageSet
from spikesight.recipes.contract import Order
from spikesight.recipes.diehl_cook_digits.recipe import RECIPE as DIEHL_COOK
from spikesight.recipes.mostafa_mnist.recipe import RECIPE as MOSTAFA
from spikesight.recipes.opened import opened
from spikesight.recipes.robustness import scene, some, try_run
from spikesight.runs.folder import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    order = Order(quick=True, runs=tmp_path_factory.mktemp("runs"), stream=StringIO(), seed=3)
    return replace(MOSTAFA, sharpness=5.0).train(order)


def test_the_model_of_a_run_is_the_one_that_was_trained(run):
    found = opened(run)
    assert (found.model.seed, found.model.loss.sharpness) == (3, 5.0)
    weights, _ = Run.open(run).load_weights()
    np.testing.assert_array_equal(found.model.w_[0], weights["w0"])
    assert found.model.strict_score(found.images.test, found.images.test_labels) > 0.9


def test_accuracy_falls_with_the_level_and_begins_at_the_models_own(run):
    found = opened(run)
    tried = try_run(run, one([Position(8.0), Contrast()]), images=150, stream=StringIO())
    assert (tried.classes, tried.images) == (10, 150)
    given = some(found.images, 150)
    at_rest = tried.table.where(variation="position", level=0)
    assert at_rest.right.mean() == pytest.approx(found.model.strict_score(given.images, given.labels))
    accuracy = [tried.table.where(variation="position", level=level).right.mean() for level in range(4)]
    assert accuracy[0] > accuracy[1] > accuracy[3]
    assert np.isfinite(at_rest.latency).all()
    dim = tried.table.where(variation="contrast", level=3)
    assert (dim.prediction == dim.prediction[0]).all()  # all pixels are dark, so all images are one


def test_votes_of_rates_are_tried_too(tmp_path):
    run = DIEHL_COOK.train(Order(quick=True, runs=tmp_path, stream=StringIO()))
    table = try_run(run, one([Position(2.0)]), images=40, levels=1, stream=StringIO()).table
    assert table.where(level=0).right.mean() > 0.5
    assert (table.spikes > 0).any()


def test_a_run_that_was_interrupted_says_how_far_it_came(run):
    Run.open(run).update(status="interrupted")
    with pytest.warns(UserWarning, match="interrupted: its model is as it was after"):
        opened(run)
    Run.open(run).update(status="finished")


def test_a_recipe_that_has_changed_since_says_so(run):
    config = Run.open(run).facts["config"]
    Run.open(run).update(config={"parameters": {**config["parameters"], "batch": "7", "gone": "1"}})
    with pytest.warns(UserWarning, match=r"has changed since .* \(batch, gone\)"):
        assert opened(run).model.batch == 20
    Run.open(run).update(config=config)


def test_what_has_no_images_is_refused(tmp_path, run):
    with pytest.raises(RunError, match="not a run"):
        opened(tmp_path)
    other = Run.create(tmp_path, "coincidence", seed=0, config={"quick": True})
    with pytest.raises(InputError, match="trains no model on images"):
        opened(other.folder)
    with pytest.raises(InputError, match="one image"):
        try_run(run, one([Position()]), images=0)


def test_the_background_is_what_most_of_the_edge_is():
    images = np.full((20, 5, 5), 90, np.uint8)
    images[:, 1:4, 1:4] = 200
    labels = np.arange(20)
    flat = images.reshape(20, -1)
    known = ImageSet("made up", (5, 5), flat, labels, flat, labels)
    assert scene(known) == (90.0, 200.0)
    assert some(known, 7).labels.tolist() == some(known, 20).labels.tolist()[:7]
